"""Backups of Velero: a file for each object, in clear, and each of them twice or more.

Nothing is written for a kind without objects. A backup of some namespaces has of cluster-scoped
kinds only what those need, unless it was asked for all. Of which namespaces it is says only its
velero-backup.json. (velero: pkg/backup/item_backupper.go, pkg/archive)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from auditor.documents import Document, Malformed, documents
from auditor.kinds import ALL, CRD, INJECTOR, NAMESPACE, VALIDATOR, Kind
from auditor.objects import Obj
from auditor.snapshot import Remark, few, gap
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BY_NAME, CUSTOM, defined, some_of
from auditor.sources.layouts.tree import Tree
from auditor.sources.versions import kind_of
from auditor.visible import visible

BACKUP = "velero-backup.json"
TAKEN = "resource-list.json"
"""What Velero says that it took, by version and kind; in a bucket it has the backup's name."""
UNASKED = tuple(
    f"resources/{name}/"
    for name in (
        *("apiservices.apiregistration.k8s.io", "priorityclasses.scheduling.k8s.io"),
        *(str(INJECTOR), str(VALIDATOR)),
    )
)
"""What no namespace needs: a backup that has one of these was asked for what is cluster-scoped."""
NONE = "the backup has none of it: there are none, or it was not asked for"
SOME = "the backup was asked for a part of the cluster only"
UNTOLD = f"the backup may be of some namespaces only; add its {BACKUP}, which tells"
DONE = ("", "Completed", "WaitingForPluginOperations", "Finalizing")
"""Phases in which all that was asked for is in the archive."""
UNDONE = "the backup is {}, and may lack some of what it was asked for"
SELECTORS = ("labelSelector", "orLabelSelectors", "resourcePolicy")
"""What picks some objects of a kind in a namespace."""
FILTERS = (
    *("excludedNamespaces", "includedResources", "excludedResources"),
    *("includedNamespaceScopedResources", "excludedNamespaceScopedResources"),
    *("includedClusterScopedResources", "excludedClusterScopedResources", *SELECTORS),
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
        return path.startswith(("metadata/", "resources/")) or path in (BACKUP, TAKEN)

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top, time=_time(tree))
        dump.findings += [
            some_of(content, kind, found["namespace"] or "")
            for path, content in tree.files.items()
            if (found := _ONE.fullmatch(path)) and (kind := BY_NAME.get(found["name"]))
        ]
        objects = [it.thing for each in dump.findings for it in each.objects]
        occurring = {it.kind for it in objects}
        spec = _spec(tree)
        taken = _taken(tree)
        dump.findings += _lost(taken, objects)
        phase = _phase(tree)
        if phase not in DONE:
            dump.remarks.append(Remark(f"{tree.top}{BACKUP}", UNDONE.format(visible(phase))))
        if (whole := _is_of_all(spec) and phase in DONE) and taken:
            occurring = set(ALL)
        elif whole:  # what no definition is there of has no objects
            undefined = set(CUSTOM) - {BY_NAME.get(name) for name in defined(dump.findings)}
            occurring |= undefined if CRD in occurring else set()
        scope = spec is None and any(path.startswith(UNASKED) for path in tree.files)
        of_some = {it for it in occurring if it.namespaced or it == NAMESPACE or not scope}
        listed = occurring if whole else occurring - of_some
        told = Findings(tree.top, lists=listed)
        places = {it.name for it in objects if it.kind == NAMESPACE}
        if not (spec and any(spec.get(key) for key in SELECTORS)):
            told.listed_in = {it: places for it in occurring - listed if it.namespaced}
        dump.findings.append(told)
        some = UNTOLD if spec is None else SOME if phase in DONE else UNDONE.format(visible(phase))
        dump.left_out((kind, some if kind in occurring - listed else NONE) for kind in ALL)
        return dump


def _backup(tree: Tree) -> Mapping[str, object]:
    backup = tree.value(BACKUP)
    return backup if isinstance(backup, Mapping) else {}


def _taken(tree: Tree) -> dict[Kind, set[str]]:
    """The objects that the backup has, by what Velero says; nothing where it does not tell."""
    content = tree.files.get(TAKEN)
    try:
        read = list(documents(content.data())) if content else []
    except (Malformed, OSError):
        return {}
    found: dict[Kind, set[str]] = {}
    roots = [it.root for it in read if isinstance(it, Document) and isinstance(it.root, Mapping)]
    for key, names in ((key, names) for root in roots for key, names in root.items()):
        api_version, _, name = str(key).rpartition("/")
        if isinstance(names, list) and (kind := kind_of(api_version, name)):
            found.setdefault(kind, set()).update(map(str, names))
    return found


def _lost(taken: Mapping[Kind, set[str]], objects: Iterable[Obj]) -> Iterator[Findings]:
    """The objects that Velero took, and of which the archive has no file."""
    there: dict[Kind, set[str]] = {}
    for thing in objects:
        there.setdefault(thing.kind, set()).add(f"{thing.namespace}/{thing.name}".lstrip("/"))
    found = Findings(TAKEN)
    for kind, names in taken.items():
        if missing := sorted(names - there.get(kind, set())):
            why = f"{TAKEN} names {few(missing)}, which the archive does not have"
            found.losses.append((kind, gap(kind, visible(why))))
            found.remarks.append(Remark(TAKEN, visible(why)))
    yield found


def _spec(tree: Tree) -> Mapping[str, object] | None:
    """What was asked for, where that is told."""
    spec = _backup(tree).get("spec")
    return spec if isinstance(spec, Mapping) else None


def _phase(tree: Tree) -> str:
    """How far the backup came; empty where it does not say."""
    status = _backup(tree).get("status")
    return str(status.get("phase") or "") if isinstance(status, Mapping) else ""


def _is_of_all(spec: Mapping[str, object] | None) -> bool:
    """Whether all was asked for, of all namespaces."""
    if spec is None or any(spec.get(key) for key in FILTERS):
        return False
    everywhere = spec.get("includedNamespaces") in (None, [], ["*"])
    return everywhere and spec.get("includeClusterResources") is not False


def _time(tree: Tree) -> datetime | None:
    status = _backup(tree).get("status")
    said = str(status.get("completionTimestamp")) if isinstance(status, Mapping) else ""
    return next(iter(times.said(said)), tree.modified)
