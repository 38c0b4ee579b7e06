"""`kubectl cluster-info dump`, as a directory and as what it prints.

It collects a few kinds in the namespaces that it was asked for, and stops at the first list that
fails: what it did not come to has no file. (kubectl: pkg/cmd/clusterinfo/clusterinfo_dump.go)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from auditor.kinds import ALL as ALL_KINDS
from auditor.kinds import DAEMON_SET, DEPLOYMENT, POD, SERVICE, Kind
from auditor.sources.findings import Findings
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import list_of
from auditor.sources.layouts.tree import Tree
from auditor.sources.reading import CUT_IN_A_LOG

LISTS = {"Service": SERVICE, "DaemonSet": DAEMON_SET, "Deployment": DEPLOYMENT, "Pod": POD}
FILES = {kind.plural: kind for kind in LISTS.values()}
FIRST_OF_A_NAMESPACE = "Event"
ORDER = ("Node", FIRST_OF_A_NAMESPACE, "ReplicationController", "Service")
NEVER = "kubectl cluster-info dump never collects it"
ELSEWHERE = "kubectl cluster-info dump was not asked for other namespaces, or did not come to them"

_NODES = re.compile(r"((?:.*/)?)nodes\.(?:json|yaml)")
_LIST = re.compile(r"(?P<namespace>[^/]+)/(?P<plural>[a-z]+)\.(?:json|yaml)")
_MARK = re.compile(r"((?:.*/)?)[^/]+/(?:events|replicasets)\.(?:json|yaml)")
_SURE_MARK = re.compile(r"((?:.*/)?)[^/]+/replication-controllers\.(?:json|yaml)")
"""A name that nobody else gives to a file: kubectl takes the word without its hyphen."""
_OWN = re.compile(
    r"nodes\.(?:json|yaml)|[^/]+/[^/]+/logs\.txt|[^/]+/(?:events|replication-controllers|services"
    r"|daemonsets|deployments|replicasets|pods)\.(?:json|yaml)"
)


class ClusterInfoDump:
    """The directory of `--output-directory`."""

    name = "cluster-info-dump"
    title = "kubectl cluster-info dump"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        surely = {found[1] for path in paths if (found := _SURE_MARK.fullmatch(path))}
        tops = {found[1] for path in paths if (found := _NODES.fullmatch(path))}
        return surely | tops & {found[1] for path in paths if (found := _MARK.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return _OWN.fullmatch(path) is not None

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top)
        for path, content in tree.files.items():
            found = _LIST.fullmatch(path)
            if found and (kind := FILES.get(found["plural"])):
                dump.findings.append(list_of(content, kind, found["namespace"]))
        dump.left_out(unlisted())
        return dump


def unlisted() -> Iterable[tuple[Kind, str]]:
    """Why no such dump lists a kind, or not in all namespaces."""
    return ((it, ELSEWHERE if it in FILES.values() else NEVER) for it in ALL_KINDS)


def is_printed(found: Findings) -> bool:
    """Whether a file is what such a dump prints: its lists come in an order of their own."""
    order = tuple(name for name, _ in found.typed)
    return len(order) > 1 and order[: len(ORDER)] == ORDER[: len(order)]


def take_for_printed(found: Findings) -> None:
    """Let the lists of a printed dump count only in the namespaces that they are of.

    An empty list does not say which that is; the others of the same namespace do. Where it was cut
    in a log, all lists before are whole, and of others nobody says that they were there.
    """
    found.unread = [why for why in found.unread if not why.endswith(CUT_IN_A_LOG)]
    groups: list[list[tuple[str, frozenset[str]]]] = []
    for name, namespaces in found.typed:
        if name == FIRST_OF_A_NAMESPACE or not groups:
            groups.append([])
        groups[-1].append((name, namespaces))
    for group in groups:
        places = frozenset[str]().union(*(namespaces for _, namespaces in group))
        for name, _ in group:
            if (kind := LISTS.get(name)) and len(places) == 1:
                found.listed_in.setdefault(kind, set()).update(places)
    found.lists -= set(LISTS.values())
    found.everywhere -= set(LISTS.values())
    found.unlisted.update(unlisted())
