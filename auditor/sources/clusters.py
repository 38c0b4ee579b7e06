"""Which cluster each dump is of. Two clusters are never mixed.

A cluster is known by the uid of its Namespace kube-system, which lives as long as it does, or by
what a format calls it. Names of contexts and servers prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.kinds import NAMESPACE
from auditor.snapshot import Remark, few
from auditor.sources.findings import Findings
from auditor.sources.layouts import Dump
from auditor.sources.source import Unusable

SYSTEM = "kube-system"
LEAST = 4
"""The fewest characters of a uid that a person may give for the whole."""
ELSEWHERE = "is of another cluster and was left out"
UNTOLD = "does not tell which of the clusters it is of, and was left out"


@dataclass(frozen=True)
class Unit:
    """A dump of a collector, or a file of none: what is of one cluster as a whole."""

    place: str
    findings: tuple[Findings, ...]
    dump: Dump
    marks: frozenset[str]
    """What its cluster is known by; of none where it does not tell."""


def of_one(dumps: Sequence[Dump], chosen: str) -> tuple[list[Dump], str, list[Remark]]:
    """The dumps of one cluster, what that is known by, and what was left out.

    Raises `Unusable` where there are several and none, or none of them, was chosen.
    """
    units = [unit for dump in dumps for unit in _units(dump)]
    clusters = _clusters(units)
    if len(clusters) < 2:
        if chosen and not (clusters and _is_called(chosen, clusters[0], units)):
            raise Unusable(f"--cluster {chosen}: {_there_are(clusters, units)}")
        return list(dumps), min(clusters[0]) if clusters else "", []
    named = [cluster for cluster in clusters if chosen and _is_called(chosen, cluster, units)]
    if len(named) != 1:
        said = f"--cluster {chosen}: " if chosen else ""
        raise Unusable(f"{said}{_there_are(clusters, units)}; pick one with --cluster")
    return _only(named[0], units, clusters)


def _units(dump: Dump) -> Iterable[Unit]:
    if dump.top or dump.cluster:
        found = frozenset(uid for it in dump.findings for uid in _uids(it))
        _refuse_two(dump.top, found)
        marks = found | ({dump.cluster} if dump.cluster else frozenset())
        yield Unit(dump.top, tuple(dump.findings), dump, marks)
        return
    for found_in in dump.findings:
        uids = _uids(found_in)
        _refuse_two(found_in.file, uids)
        yield Unit(found_in.file, (found_in,), dump, uids)


def _uids(found: Findings) -> frozenset[str]:
    things = (it.thing for it in found.objects)
    uids = (
        it.at("metadata", "uid").held for it in things if it.kind == NAMESPACE and it.name == SYSTEM
    )
    return frozenset(uid for uid in uids if isinstance(uid, str) and uid)


def _refuse_two(place: str, uids: frozenset[str]) -> None:
    if len(uids) > 1:
        raise Unusable(
            f"{place}: holds objects of {len(uids)} clusters, by the uids of Namespace {SYSTEM}; "
            "give one cluster at a time"
        )


def _clusters(units: Iterable[Unit]) -> list[frozenset[str]]:
    """The clusters there are, each by all that it is known by."""
    clusters: list[frozenset[str]] = []
    for unit in units:
        if unit.marks:
            same = [it for it in clusters if it & unit.marks]
            clusters = [it for it in clusters if it not in same]
            clusters.append(unit.marks.union(*same))
    return clusters


def _is_called(name: str, cluster: frozenset[str], units: Iterable[Unit]) -> bool:
    """Whether a person may mean this cluster: by its uid, or by a dump or a folder of it."""
    if any(mark == name or (len(name) >= LEAST and mark.startswith(name)) for mark in cluster):
        return True
    folder = f"{name.rstrip('/')}/"
    there = [unit for unit in units if unit.place == name or unit.place.startswith(folder)]
    return any(unit.marks & cluster for unit in there) and not any(
        unit.marks - cluster for unit in there
    )


def _there_are(clusters: Sequence[frozenset[str]], units: Sequence[Unit]) -> str:
    """The clusters of a source, and where each was found."""
    if not clusters:
        return "nothing here tells of which cluster it is"
    said = []
    for cluster in clusters:
        place = next(unit.place for unit in units if unit.marks & cluster)
        said.append(f"{min(cluster)} ({place or 'the dump'})")
    many = f"{len(clusters)} clusters are in there" if len(clusters) > 1 else "the only cluster is"
    return f"{many}: {', '.join(said)}" if len(clusters) > 1 else f"{many} {said[0]}"


def _only(
    cluster: frozenset[str], units: Sequence[Unit], clusters: Sequence[frozenset[str]]
) -> tuple[list[Dump], str, list[Remark]]:
    kept: dict[int, Dump] = {}
    left: dict[str, list[str]] = {ELSEWHERE: [], UNTOLD: []}
    for unit in units:
        own = unit.marks or _around(unit.place, units)
        if own & cluster and not any(own & other for other in clusters if other != cluster):
            dump = kept.setdefault(id(unit.dump), replace(unit.dump, findings=[]))
            dump.findings += unit.findings
        elif any(it.is_usable or it.unread for it in unit.findings):
            left[ELSEWHERE if own else UNTOLD].append(unit.place or "a dump")
            if not own:
                found = Findings(unit.place)
                found.unread.append(f"{unit.place}: {UNTOLD}")
                kept[id(unit)] = Dump("", findings=[found])
    remarks = [Remark(few(places), why) for why, places in left.items() if places]
    return list(kept.values()), min(cluster), remarks


def _around(place: str, units: Sequence[Unit]) -> frozenset[str]:
    """What is known of the cluster of the nearest folder that tells, where it is of one."""
    folder = place.rstrip("/")
    while folder:
        folder = folder.rpartition("/")[0]
        top = f"{folder}/" if folder else ""
        inside = [it.marks for it in units if it.marks and it.place.startswith(top)]
        if inside:
            joint = frozenset[str]().union(*inside)
            return joint if all(marks & inside[0] for marks in inside) else frozenset()
    return frozenset()
