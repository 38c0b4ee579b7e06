"""The plugin openshift of sosreport: a table of each kind in a namespace, and a file an object.

The table has all names, so that an empty one lists that there is nothing, and shows what was lost.
(sos: sos/report/plugins/openshift.py at 16bc7e0)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.snapshot import few, gap
from auditor.sources.findings import Findings
from auditor.sources.layouts.pages import BUILT_IN, some_of
from auditor.sources.layouts.tree import Tree
from auditor.visible import visible

FOLDER = "sos_commands/openshift/namespaces/"
KINDS = {kind.plural: kind for kind in BUILT_IN if kind.namespaced}
NONE = "No resources found"
NO_FILE = "{} names {}, of which there is no file"
NO_TABLE = "the sosreport has no table of it, which would have all names"

_PLACE = re.compile(r"(?P<namespace>[^/]+)/(?P<plural>[^/]+)/(?P<file>[^/]+)")
_ROW = re.compile(r"^([a-z0-9][a-z0-9.:-]*)\s", re.MULTILINE)


def openshift_pages(tree: Tree) -> Iterator[Findings]:
    """What the files of each namespace hold, and which kinds these list there."""
    tables: dict[tuple[str, str], str] = {}
    files: dict[tuple[str, str], set[str]] = {}
    for path, content in tree.below(FOLDER):
        found = _PLACE.fullmatch(path)
        kind = KINDS.get(found["plural"]) if found else None
        if found is None or kind is None:
            continue
        place = found["namespace"], found["plural"]
        names = files.setdefault(place, set())
        if found["file"].endswith(".yaml"):
            names.add(found["file"].removesuffix(".yaml"))
            yield some_of(content, kind, found["namespace"])
        elif found["file"].endswith(f"_{found['plural']}"):
            tables[place] = f"{FOLDER}{path}"
    for (namespace, plural), names in sorted(files.items()):
        yield _listed(tree, tables.get((namespace, plural), ""), namespace, plural, names)


def _listed(tree: Tree, table: str, namespace: str, plural: str, names: set[str]) -> Findings:
    kind = KINDS[plural]
    found = Findings(table or tree.top or "it")
    text = tree.text(table)
    rows = set(_ROW.findall(text))
    missing = sorted(rows - names)
    if not table or not (rows or text.startswith(NONE)):
        found.gaps.append((kind, gap(kind, NO_TABLE, namespace)))
    elif missing:
        why = visible(NO_FILE.format(table, few(missing)))
        found.gaps.append((kind, gap(kind, why, namespace)))
    else:
        found.listed_in[kind] = {namespace}
    return found
