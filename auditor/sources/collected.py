"""All files together: one cluster, and what may be missing from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from auditor.kinds import Kind
from auditor.objects import Obj
from auditor.seen import Gap, Seen
from auditor.snapshot import Remark, Snapshot, gap, settled
from auditor.sources.declared import MADE_BY_THE_CLUSTER
from auditor.sources.findings import Findings, Version
from auditor.sources.merging import Conflict, merged, told

MOST_NAMES = 3
DECLARED = "manifests show what is declared, not what runs"


@dataclass
class Collected:
    """The findings of all files, and which of the sources on the command line each is from."""

    description: str
    files: list[tuple[int, Findings]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    time: datetime | None = None
    """When the last of the sources was taken that tell."""

    def add_saved(self, source: int, found: Findings, time: datetime | None) -> None:
        """Take in what a snapshot adds, which tells when it was taken."""
        self.files.append((source, found))
        if time and (self.time is None or time > self.time):
            self.time = time

    @property
    def findings(self) -> list[Findings]:
        return [found for _, found in self.files]

    def snapshot(self) -> Snapshot:
        """One cluster of all that was found."""
        objects, conflicts = _merged(self.findings)
        declared_only = all(it.is_declared for it in self.findings if it.is_usable)
        kinds: dict[Kind, Seen[Obj]] = {}
        assumed: set[Kind] = set()
        for kind in sorted(self._kinds(objects)):
            listed = any(kind in found.lists for found in self.findings)
            if not listed and self._is_assumed(kind, declared_only):
                listed = True
                assumed.add(kind)
            gaps = self._gaps(kind)
            if not listed and all(hole.namespace for hole in gaps):
                gaps = (self._unlisted(kind), *gaps)
            kinds[kind] = Seen(tuple(objects.get(kind, ())), gaps)
        unread = (why for found in self.findings for why in found.unread)
        snapshot = Snapshot(
            kinds,
            self.description,
            self._layouts(),
            self.time,
            assumed=frozenset(assumed),
            remarks=(*self._remarks(), *_of_conflicts(conflicts)),
            elsewhere=tuple(dict.fromkeys(_anything(why) for why in unread)),
        )
        return settled(snapshot)

    def _kinds(self, objects: Mapping[Kind, Sequence[Obj]]) -> set[Kind]:
        kinds = set(objects)
        for found in self.findings:
            kinds |= found.lists | {kind for kind, _ in (*found.gaps, *found.losses)}
        return kinds

    def _is_assumed(self, kind: Kind, declared_only: bool) -> bool:
        """Whether loose objects are taken for all there are.

        Beside a cluster's own objects a manifest lists nothing: the cluster has more.
        """
        loose = [found for found in self.findings if kind in found.loose]
        if any(not found.is_declared for found in loose):
            return True
        return bool(loose) and declared_only and kind not in MADE_BY_THE_CLUSTER

    def _unlisted(self, kind: Kind) -> Gap:
        declared = any(found.is_declared and kind in found.loose for found in self.findings)
        return gap(kind, DECLARED if declared else "not collected")

    def _gaps(self, kind: Kind) -> tuple[Gap, ...]:
        """What may be missing of a kind, though it may have been listed."""
        gaps: dict[Gap, None] = {}
        for source, found in self.files:
            listed_anew = any(
                kind in other.everywhere for place, other in self.files if place != source
            )
            own = found.losses if listed_anew else (*found.gaps, *found.losses)
            gaps.update((hole, None) for of, hole in own if of == kind)
            gaps.update((gap(kind, why), None) for why in found.unread)
        return tuple(gaps)

    def _layouts(self) -> tuple[str, ...]:
        manifests = any(found.is_declared for found in self.findings)
        objects = any(
            found.is_usable and not found.is_declared and not found.layout
            for found in self.findings
        )
        named = dict.fromkeys(found.layout for found in self.findings if found.layout)
        return (*named, *("Kubernetes objects",) * objects, *("manifests",) * manifests)

    def _remarks(self) -> Iterable[Remark]:
        yield from self.remarks
        for found in self.findings:
            yield from found.remarks
        declared = [found.file for found in self.findings if found.is_declared]
        if declared:
            yield Remark(_few(declared), DECLARED)
        passed_over: dict[str, list[str]] = {}
        for found in self.findings:
            if found.passed_over:
                passed_over.setdefault(found.passed_over, []).append(found.file)
        for why, files in passed_over.items():
            yield Remark(_few(files), why)


def _anything(why: str) -> Gap:
    """What hides objects of kinds that nothing was seen of."""
    return Gap("objects of any kind", why)


def _merged(files: Iterable[Findings]) -> tuple[dict[Kind, list[Obj]], list[Conflict]]:
    places: dict[Kind, dict[tuple[str, str], list[Version]]] = {}
    for found in files:
        for version in found.objects:
            thing = version.thing
            named = places.setdefault(thing.kind, {})
            named.setdefault((thing.namespace, thing.name), []).append(version)
    objects: dict[Kind, list[Obj]] = {}
    conflicts: list[Conflict] = []
    for kind, named in places.items():
        for _, versions in sorted(named.items()):
            thing, decided = merged(versions)
            objects.setdefault(kind, []).append(thing)
            conflicts += decided
    return objects, conflicts


def _of_conflicts(conflicts: Iterable[Conflict]) -> Iterable[Remark]:
    for (taken, left, why), names in told(conflicts).items():
        yield Remark(left, f"{_few(names)} differs from {taken}: {why}")


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
