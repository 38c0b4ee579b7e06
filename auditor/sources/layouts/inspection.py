"""`oc adm inspect`, and must-gathers, which are made of it.

A namespace that was inspected whole has a list for each kind, even an empty one. What was asked for
by name, or `-A`, has a file for each object, and nothing tells whether these are all. Values of
Secrets give way to their lengths. (oc: pkg/cli/admin/inspect)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from auditor.kinds import ALL, NAMESPACE, Kind
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BY_PLURAL, list_of, some_of
from auditor.sources.layouts.served import unserved
from auditor.sources.layouts.tree import Tree

ONE_BY_ONE = "oc adm inspect saved objects one by one, and nothing tells whether these are all"
NOT_INSPECTED = "oc adm inspect was not asked for the whole of other namespaces"
NOTHING = "oc adm inspect was not asked for it"

_PARTS = r"(?P<group>[^/]+)/(?P<plural>[^/]+)"
_TOP = re.compile(
    r"((?:.*?/)??)(?:namespaces/([^/]+)/(?:\2\.yaml|core/[^/]+\.yaml|pods/[^/]+/[^/]+\.yaml)"
    r"|(?:namespaces/[^/]+|cluster-scoped-resources)/[^/]+/[^/]+/[^/]+\.yaml)"
)
_LIST = re.compile(rf"(?:.*/)?namespaces/(?P<namespace>[^/]+)/{_PARTS}\.yaml")
_ONE = re.compile(
    rf"(?:.*/)?(?:namespaces/(?P<namespace>[^/]+)|cluster-scoped-resources)/{_PARTS}/[^/]+\.yaml"
)
_NAMESPACE = re.compile(r"(?:.*/)?namespaces/([^/]+)/\1\.yaml")
_POD = re.compile(r"((?:.*/)?namespaces/[^/]+/)pods/([^/]+)/\2\.yaml")
_TIMES = "timestamp"
_LOGS = "must-gather.logs"
SERVED = "aggregated-discovery-apis.yaml"
OWN = frozenset((_TIMES, _LOGS, "event-filter.html", "gather.logs", "version"))
_CLUSTER = re.compile(r"ClusterID: ([0-9a-f][0-9a-f-]{7,})")
_GATHERED = re.compile(r"((?:.*/)?)(?:must-gather|inspect)\.local\.[^/]+/")


class Inspection:
    """The tree of one run, or of a must-gather with the runs of all its images."""

    name = "must-gather"
    title = "oc adm inspect"
    title_of_many = "must-gather"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        tops = {found[1] for path in paths if (found := _TOP.fullmatch(path))}
        return {self._whole(top, paths) for top in tops}

    def owns(self, path: str) -> bool:
        return "/" in path or path in OWN or path.startswith("aggregated-discovery-api")

    def _whole(self, top: str, paths: Collection[str]) -> str:
        """The folder of the must-gather that a run is in."""
        if found := _GATHERED.match(top):
            return found[0]
        above = f"{top.rstrip('/').rpartition('/')[0]}/".removeprefix("/")
        if top and any(f"{above}{name}" in paths for name in (_TIMES, _LOGS, "event-filter.html")):
            return above
        return top

    def read(self, tree: Tree) -> Dump:
        many = _LOGS in tree.files or "must-gather.local." in tree.top
        dump = Dump(self.title_of_many if many else self.title, tree.top, time=_time(tree))
        reasons: dict[Kind, str] = dict.fromkeys(ALL, NOTHING)
        for path in tree.files:
            if "/insights-data/" not in f"/{path}":
                dump.findings += _page(tree, path, reasons)
        served = [it for path, it in tree.files.items() if path.rpartition("/")[2] == SERVED]
        dump.findings.append(unserved(served))
        if found := _CLUSTER.search(tree.text(_LOGS)):
            dump.cluster = found[1]
        dump.left_out(reasons.items())
        return dump


def _page(tree: Tree, path: str, reasons: dict[Kind, str]) -> Iterator[Findings]:
    """What a file of a run stands for; nothing for logs and the like."""
    content = tree.files[path]
    if _NAMESPACE.fullmatch(path):
        reasons[NAMESPACE] = NOT_INSPECTED
        yield some_of(content, NAMESPACE)
    elif found := _POD.fullmatch(path):
        if f"{found[1]}core/pods.yaml" not in tree.files:
            yield some_of(content)
    elif (found := _LIST.fullmatch(path)) and (kind := _kind(found)):
        reasons[kind] = NOT_INSPECTED
        yield list_of(content, kind, found["namespace"])
    elif (found := _ONE.fullmatch(path)) and (kind := _kind(found)):
        if reasons[kind] != NOT_INSPECTED:
            reasons[kind] = ONE_BY_ONE
        yield some_of(content, kind)


def _kind(found: re.Match[str]) -> Kind | None:
    group = "" if found["group"] == "core" else found["group"]
    return BY_PLURAL.get((group, found["plural"]))


def _time(tree: Tree) -> datetime | None:
    said = times.said(tree.text(_TIMES))
    for path in tree.files:
        if not said and path.endswith(f"/{_TIMES}"):
            said = times.said(tree.text(path))
    return said[-1] if said else tree.modified
