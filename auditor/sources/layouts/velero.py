"""Backups of Velero: a file for each object, in clear, and each of them twice or more.

Nothing is written for a kind without objects. A backup of some namespaces has of cluster-scoped
kinds only what those need. (velero: pkg/backup/item_backupper.go, pkg/archive)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from auditor.kinds import ALL, CRD, NAMESPACE, Kind
from auditor.snapshot import Remark
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BY_NAME, CUSTOM, defined, some_of
from auditor.sources.layouts.tree import Tree

BACKUP = "velero-backup.json"
ALWAYS_THERE = ("default", "kube-node-lease", "kube-public", "kube-system")
"""The namespaces that every cluster has. A backup of all has these; nobody picks all of them."""
ALL_NAMESPACES: tuple[list[str], ...] = ([], ["*"])
TAKEN_FOR_ALL = f"was taken for a backup of all namespaces, by what is in it; {BACKUP} is not there"
NONE = "the backup has none of it: there are none, or it was not asked for"
SOME = "the backup is of some namespaces only"
FILTERS = (
    *("excludedNamespaces", "includedResources", "excludedResources", "labelSelector"),
    *("orLabelSelectors", "includedNamespaceScopedResources", "excludedNamespaceScopedResources"),
    *("includedClusterScopedResources", "excludedClusterScopedResources", "resourcePolicy"),
)

_TOP = re.compile(r"((?:.*/)?)resources/[^/]+/(?:cluster|namespaces/[^/]+)/[^/]+\.json")
_ONE = re.compile(
    r"resources/(?P<name>[^/]+)/(?:cluster|namespaces/(?P<namespace>[^/]+))/[^/]+\.json"
)


class Velero:
    """The tree of the archive of a backup."""

    name = "velero"
    title = "Velero backup"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        return {found[1] for path in paths if (found := _TOP.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return path.startswith(("metadata/", "resources/")) or path == BACKUP

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top, time=_time(tree))
        dump.findings += [
            some_of(content, kind, found["namespace"] or "")
            for path, content in tree.files.items()
            if (found := _ONE.fullmatch(path)) and (kind := BY_NAME.get(found["name"]))
        ]
        occurring = {it.thing.kind for each in dump.findings for it in each.objects}
        places = {
            it.thing.name
            for each in dump.findings
            for it in each.objects
            if it.thing.kind == NAMESPACE
        }
        spec = _backup(tree).get("spec")
        if isinstance(spec, Mapping):
            whole = not _is_filtered(spec)
        elif whole := places.issuperset(ALWAYS_THERE):
            dump.remarks.append(Remark(tree.top or "the backup", TAKEN_FOR_ALL))
        if whole:  # with all definitions: what is not defined has no objects
            undefined = set(CUSTOM) - {BY_NAME.get(name) for name in defined(dump.findings)}
            occurring |= undefined if CRD in occurring else set()
        dump.findings.append(_listed(tree.top, occurring, None if whole else places))
        dump.left_out((kind, NONE if whole or kind not in occurring else SOME) for kind in ALL)
        return dump


def _listed(top: str, occurring: Iterable[Kind], places: set[str] | None) -> Findings:
    """The folders of kinds, which hold all there is: of all namespaces, or of some."""
    found = Findings(top)
    for kind in occurring:
        if places is None:
            found.lists.add(kind)
        elif kind.namespaced:
            found.listed_in[kind] = places
    return found


def _backup(tree: Tree) -> Mapping[str, object]:
    backup = tree.value(BACKUP)
    return backup if isinstance(backup, Mapping) else {}


def _is_filtered(spec: Mapping[str, object]) -> bool:
    """Whether a backup was told to leave something out."""
    some = (spec.get("includedNamespaces") or []) not in ALL_NAMESPACES
    return some or spec.get("includeClusterResources") is False or any(map(spec.get, FILTERS))


def _time(tree: Tree) -> datetime | None:
    status = _backup(tree).get("status")
    said = str(status.get("completionTimestamp")) if isinstance(status, Mapping) else ""
    return next(iter(times.said(said)), tree.modified)
