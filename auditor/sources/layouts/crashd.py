"""crash-diagnostics (crashd): a List for each kind and namespace in which there is something.

(crash-diagnostics: k8s/{object_writer,result_writer}.go)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from auditor.kinds import ALL
from auditor.sources.files import Content
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BY_PLURAL, list_of, some_of
from auditor.sources.layouts.tree import Tree

ELSEWHERE = "crash-diagnostics writes nothing where it found nothing, or was not asked"

_FILE = re.compile(
    r"(?P<top>(?:.*/)?)(?P<group>[a-z0-9.-]+)_v\d\w*/(?P<place>(?:[^/]+/){0,2})"
    r"(?P<last>[^/]+)-(?P<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)Z[.\d]*\.(?:json|yaml)"
)


class CrashDiagnostics:
    """The tree of `kube_capture`."""

    name = "crash-diagnostics"
    title = "crash-diagnostics"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        return {found["top"] for path in paths if (found := _FILE.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return "/" in path

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top)
        for path, content in tree.files.items():
            if (found := _FILE.fullmatch(path)) is None:
                continue
            dump.time = times.in_name(found["time"]) or dump.time
            dump.findings += _page(content, found)
        dump.left_out((kind, ELSEWHERE) for kind in ALL)
        return dump


def _page(content: Content, found: re.Match[str]) -> Iterator[Findings]:
    """A list, or one object in the folder of its kind; in a namespace, or of the whole cluster."""
    group = "" if found["group"] == "core" else found["group"]
    above = found["place"].split("/")[:-1]
    if kind := BY_PLURAL.get((group, found["last"])):
        yield list_of(content, kind, above[0] if above else "")
    elif above and (kind := BY_PLURAL.get((group, above[-1]))):
        page = some_of(content, kind)
        if kind.namespaced:
            page.listed_in[kind] = {above[0]}
        else:
            page.lists.add(kind)
        yield page
