"""Sonobuoy's queries: a list for each kind and namespace that has something, and a log of them.

Empty lists are not written; the log tells them from those that failed or were not asked for.
(sonobuoy: pkg/discovery/{query,discovery}.go)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from auditor.kinds import ALL, KINDS, SECRET, Kind
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BY_PLURAL, failed, list_of
from auditor.sources.layouts.served import unserved
from auditor.sources.layouts.tree import Tree

QUERIES = "meta/query-time.json"
GROUPS = "servergroups.json"
SHARED = frozenset(("gateways", "virtualservices"))
"""Words that other groups use as well; the log does not tell which of them was asked for."""
NEVER = "Sonobuoy does not collect it unless it is told to"
UNTOLD = f"Sonobuoy writes no empty list, and {QUERIES} does not say that it looked"
FAILED = f"{QUERIES} says that it failed"

_FILE = re.compile(
    r"(?P<top>(?:.*/)?)resources/(?:cluster|ns/(?P<namespace>[^/]+))/"
    r"(?:(?P<group>[a-z0-9.-]+)_v\d\w*_)?(?P<plural>[A-Za-z]+)\.json"
)


class Sonobuoy:
    """The tree of a tarball."""

    name = "sonobuoy"
    title = "Sonobuoy"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        return {found["top"] for path in paths if (found := _FILE.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return "/" in path or path.startswith("server")

    def read(self, tree: Tree) -> Dump:
        time = tree.modified or times.in_name(tree.top.rstrip("/").rpartition("/")[2])
        dump = Dump(self.title, tree.top, time=time)
        for path, content in tree.files.items():
            if (found := _FILE.fullmatch(path)) and (kind := _kind_of(found)):
                dump.findings.append(list_of(content, kind, found["namespace"] or ""))
        dump.findings += _asked_for(tree)
        dump.findings.append(unserved(tree.files[it] for it in (GROUPS,) if it in tree.files))
        dump.left_out((kind, NEVER if kind == SECRET else UNTOLD) for kind in ALL)
        return dump


def _asked_for(tree: Tree) -> Iterator[Findings]:
    """What the log of queries says of each kind."""
    queries = tree.value(QUERIES)
    found = Findings(QUERIES)
    for query in queries if isinstance(queries, list) else ():
        if not isinstance(query, Mapping):
            continue
        kind, namespace = _kind(query.get("queryobj")), str(query.get("namespace") or "")
        if kind is None or kind.namespaced != bool(namespace):
            continue
        if "error" in query:
            yield failed(QUERIES, kind, FAILED, namespace)
        elif namespace:
            found.listed_in.setdefault(kind, set()).add(namespace)
        else:
            found.lists.add(kind)
    yield found


def _kind_of(found: re.Match[str]) -> Kind | None:
    """The kind of a file. Up to 0.10 they were named `Pods.json`, and held a bare array."""
    if found["group"] is None:
        return _kind(found["plural"])
    return BY_PLURAL.get(("" if found["group"] == "core" else found["group"], found["plural"]))


def _kind(plural: object) -> Kind | None:
    """The kind that is meant by a word alone, where there is no doubt."""
    kinds = [kind for kind in KINDS.values() if kind.plural == str(plural).lower()]
    return kinds[0] if len(kinds) == 1 and kinds[0].plural not in SHARED else None
