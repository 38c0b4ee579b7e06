"""All files together: one cluster, and what may be missing from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from auditor.kinds import NAMESPACE, Kind
from auditor.models.releases import STORED
from auditor.objects import Obj
from auditor.seen import Gap, Seen
from auditor.snapshot import MOST_NAMES, Remark, Snapshot, few, gap, settled
from auditor.sources.declared import MADE_BY_THE_CLUSTER
from auditor.sources.findings import Findings, Version
from auditor.sources.helm.coverage import released
from auditor.sources.layouts import Dump
from auditor.sources.merging import Conflict, merged, told

DECLARED = "manifests show what is declared, not what runs"


@dataclass
class Collected:
    """The findings of all files, and which of the sources on the command line each is from."""

    description: str
    files: list[tuple[int, Findings]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    layouts: dict[str, None] = field(default_factory=dict)
    time: datetime | None = None
    namespaces: frozenset[str] = frozenset()

    cluster: str = ""

    def add(self, dump: Dump) -> None:
        """Take in a dump of the cluster."""
        self.files += [(dump.source, found) for found in dump.findings]
        self.remarks += dump.remarks
        if dump.layout:
            self.layouts[dump.layout] = None
        self.namespaces |= dump.namespaces
        if dump.time and (self.time is None or dump.time > self.time):
            self.time = dump.time

    def add_saved(self, source: int, found: Findings, time: datetime | None) -> None:
        """Take in what a snapshot adds, which tells when it was taken."""
        self.files.append((source, found))
        self.layouts[found.layout] = None
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
        names = self._all_namespaces(objects)
        assumed: set[Kind] = set()
        for kind in sorted(self._kinds(objects)):
            listed = any(kind in found.lists for found in self.findings)
            if not listed and self._is_assumed(kind, declared_only):
                listed = True
                assumed.add(kind)
            gaps = self._gaps(kind)
            if not listed and (places := self._places(kind)):
                gaps = (*self._elsewhere(kind, places, gaps, names), *gaps)
            elif not listed and all(hole.namespace for hole in gaps):
                gaps = (self._unlisted(kind), *gaps)
            kinds[kind] = Seen(tuple(objects.get(kind, ())), gaps)
        unread = (why for found in self.findings for why in found.unread)
        remarks = [*self._remarks(), *_of_conflicts(conflicts)]
        remarks += [it for it in _of_releases(objects) if it not in remarks]
        snapshot = Snapshot(
            kinds,
            self.description,
            tuple(self.layouts),
            self.time,
            assumed=frozenset(assumed),
            cluster=self.cluster,
            remarks=tuple(remarks),
            elsewhere=tuple(dict.fromkeys(_anything(why) for why in unread)),
        )
        return settled(snapshot)

    def _kinds(self, objects: Mapping[Kind, Sequence[Obj]]) -> set[Kind]:
        kinds = set(objects)
        for found in self.findings:
            kinds |= found.lists | found.listed_in.keys() | found.unlisted.keys()
            kinds |= {kind for kind, _ in (*found.gaps, *found.losses)}
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
        return gap(kind, DECLARED if declared else self._why_unlisted(kind))

    def _why_unlisted(self, kind: Kind) -> str:
        """What the formats say; where one says nothing, that it was not collected."""
        whys = {found.unlisted[kind]: None for found in self.findings if kind in found.unlisted}
        return "; ".join(whys) or "not collected"

    def _places(self, kind: Kind) -> set[str]:
        """The namespaces that a kind was listed in."""
        return set[str]().union(*(it.listed_in.get(kind, ()) for it in self.findings))

    def _all_namespaces(self, objects: Mapping[Kind, Sequence[Obj]]) -> frozenset[str]:
        """The names of all namespaces, where something lists them; else none."""
        listed = any(NAMESPACE in found.lists for found in self.findings)
        if not listed or self._gaps(NAMESPACE):
            return self.namespaces
        return frozenset(it.name for it in objects.get(NAMESPACE, ()))

    def _elsewhere(
        self, kind: Kind, places: set[str], gaps: Iterable[Gap], names: frozenset[str]
    ) -> tuple[Gap, ...]:
        """The namespaces that a kind was neither listed in nor told to be missing from."""
        if any(not hole.namespace and not hole.but for hole in gaps):
            return ()  # that hides as much
        told = places | {hole.namespace for hole in gaps if hole.namespace}
        why = self._why_unlisted(kind)
        if not names:
            return (gap(kind, why, but=sorted(told)),)
        missing = sorted(names - told)
        if len(missing) > MOST_NAMES:
            return (gap(kind, why, but=sorted(told)),)
        return tuple(gap(kind, why, name) for name in missing)

    def _gaps(self, kind: Kind) -> tuple[Gap, ...]:
        """What may be missing of a kind, though it may have been listed."""
        gaps: dict[Gap, None] = {}
        whole = {source for source, found in self.files if kind in found.everywhere}
        for source, found in self.files:
            listed_anew = bool(whole - {source})
            own = found.losses if listed_anew else (*found.gaps, *found.losses)
            gaps.update((hole, None) for of, hole in own if of == kind)
            gaps.update((gap(kind, why), None) for why in found.unread)
        return tuple(gaps)

    def _remarks(self) -> Iterable[Remark]:
        yield from self.remarks
        for found in self.findings:
            yield from found.remarks
        declared = [found.file for found in self.findings if found.is_declared]
        if declared:
            yield Remark(few(declared), DECLARED)
        passed_over: dict[str, list[str]] = {}
        for found in self.findings:
            if found.passed_over:
                passed_over.setdefault(found.passed_over, []).append(found.file)
        for why, files in passed_over.items():
            yield Remark(few(files), why)


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
            own = [it for it in versions if not it.stands_in]
            thing, decided = merged(own or versions[:1])
            objects.setdefault(kind, []).append(thing)
            conflicts += decided
    return objects, conflicts


def _of_releases(objects: Mapping[Kind, Sequence[Obj]]) -> Iterable[Remark]:
    return released(thing for kind in STORED for thing in objects.get(kind, ()))


def _of_conflicts(conflicts: Iterable[Conflict]) -> Iterable[Remark]:
    for (taken, left, why), names in told(conflicts).items():
        yield Remark(left, f"{few(names)} differs from {taken}: {why}")
