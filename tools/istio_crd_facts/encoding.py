"""Writing the CRDs of many releases as one facts file; `auditor.facts.crds` reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from auditor.facts.definition import Crd
from auditor.facts.fields import Field
from auditor.facts.ranges import range_of

Place = tuple[int, str]
"""A snapshot and a version of the CRD."""


@dataclass(frozen=True)
class Snapshot:
    """A run of releases whose CRDs say the same."""

    releases: tuple[str, ...]
    crds: Mapping[str, Crd]


def joined(releases: Iterable[tuple[str, Mapping[str, Crd]]]) -> list[Snapshot]:
    """The snapshots of some releases, given oldest first."""
    snapshots: list[Snapshot] = []
    for number, crds in releases:
        if snapshots and snapshots[-1].crds == crds:
            snapshots[-1] = Snapshot((*snapshots[-1].releases, number), crds)
        else:
            snapshots.append(Snapshot((number,), crds))
    return snapshots


def encoded(snapshots: list[Snapshot], source: str, date: str) -> str:
    """The text of the facts file: a line for each snapshot and for each CRD."""
    head = {"format": 1, "project": "istio", "source": source, "date": date}
    names = sorted({name for snapshot in snapshots for name in snapshot.crds})
    runs = [f"  {compact(list(snapshot.releases))}" for snapshot in snapshots]
    entries = [f"  {json.dumps(name)}: {compact(crd_entry(name, snapshots))}" for name in names]
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    lines += ['"snapshots": [', ",\n".join(runs), "],", '"crds": {', ",\n".join(entries), "}"]
    return "\n".join(["{", *lines, "}", ""])


def compact(value: object) -> str:
    """A value as JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


def crd_entry(name: str, snapshots: list[Snapshot]) -> dict[str, Any]:
    """All that the facts say of one CRD."""
    crds = {i: it.crds[name] for i, it in enumerate(snapshots) if name in it.crds}

    def told(of: Callable[[Crd], Any], everywhere: Iterable[int] = crds) -> Any:
        values = {(i, ""): of(crd) for i, crd in crds.items()}
        return varying(values, {(i, "") for i in everywhere})

    def mark(of: Callable[[Crd], Mapping[str, str]], key: str) -> Any:
        return told(lambda crd: of(crd).get(key))

    def marks(of: Callable[[Crd], Mapping[str, str]]) -> dict[str, Any]:
        keys = sorted({key for crd in crds.values() for key in of(crd)})
        return {key: mark(of, key) for key in keys}

    fields = {(i, v): it.schema for i, crd in crds.items() for v, it in crd.versions.items()}
    prints = {place: schema.fingerprint for place, schema in fields.items()}
    entry: dict[str, Any] = {
        "in": range_of(crds),
        "kind": told(lambda crd: crd.kind),
        "scope": told(lambda crd: crd.scope),
        "api": told(lambda crd: crd.api),
        "prunes": told(lambda crd: crd.prunes),
        "chart": told(lambda crd: crd.chart),
        "short_names": told(lambda crd: crd.short_names),
        "labels": marks(lambda crd: crd.labels),
        "annotations": marks(lambda crd: crd.annotations),
        "versions": version_entries(crds),
        "read_as": told(lambda crd: crd.read_as, range(len(snapshots))),
        "fingerprints": by_range(prints, set(fields)),
        "schema": field_entry(fields, set(fields)),
    }
    return {key: value for key, value in entry.items() if value is not None}


def version_entries(crds: Mapping[int, Crd]) -> dict[str, Any]:
    """In which snapshots each version of a CRD is listed, served, and so on."""
    entries: dict[str, Any] = {}
    for name in sorted({version for crd in crds.values() for version in crd.versions}):
        listed = {i: crd.versions[name] for i, crd in crds.items() if name in crd.versions}
        entries[name] = {
            "in": range_of(listed),
            "served": range_of([i for i, it in listed.items() if it.served]),
            "storage": range_of([i for i, it in listed.items() if it.storage]),
            "status": range_of([i for i, it in listed.items() if it.status]),
        }
    return entries


def field_entry(fields: Mapping[Place, Field], enclosing: AbstractSet[Place]) -> Any:
    """All that the facts say of one field; `enclosing` is where its parent is."""
    here = set(fields)
    keys = {key for field in fields.values() for key in field.constraints}
    entry: dict[str, Any] = {} if here == enclosing else {"in": text_of(here, enclosing)}
    for key in ["type", *sorted(keys - {"type"})]:
        entry[key] = varying({at: it.constraints.get(key) for at, it in fields.items()}, here)
    names = sorted({name for field in fields.values() for name in field.fields})
    children = {
        name: {at: it.fields[name] for at, it in fields.items() if name in it.fields}
        for name in names
    }
    if children:
        entry["p"] = {name: field_entry(child, here) for name, child in children.items()}
    if items := {at: it.items for at, it in fields.items() if it.items is not None}:
        entry["i"] = field_entry(items, here)
    if values := {at: it.values for at, it in fields.items() if it.values is not None}:
        entry["m"] = field_entry(values, here)
    return entry["type"] if entry.keys() == {"type"} and isinstance(entry["type"], str) else entry


def varying(values: Mapping[Place, Any], everywhere: AbstractSet[Place]) -> Any:
    """A value as such if it holds everywhere, else by range; None if it holds nowhere."""
    held = {at: value for at, value in values.items() if value is not None}
    if not held:
        return None
    ranges = by_range(held, everywhere, swapped=True)
    if len(ranges) == 1 and held.keys() == everywhere:
        return next(iter(ranges.values()))
    return ranges


def by_range(
    values: Mapping[Place, Any], everywhere: AbstractSet[Place], *, swapped: bool = False
) -> dict[str, Any]:
    """Each value with the range in which it holds, or, swapped, each range with its value."""
    places: dict[Any, set[Place]] = {}
    for at, value in sorted(values.items(), key=lambda it: it[0]):
        places.setdefault(value, set()).add(at)
    texts = {value: text_of(held, everywhere) for value, held in places.items()}
    if swapped:
        return {text: value for value, text in texts.items()}
    return texts


def text_of(places: AbstractSet[Place], everywhere: AbstractSet[Place]) -> str:
    """The range of some places; by version where it is not the same for all that are there."""
    snapshots = {snapshot for snapshot, _ in places}
    if places == {at for at in everywhere if at[0] in snapshots}:
        return range_of(snapshots)
    versions = sorted({version for _, version in places})
    ranges = {v: range_of([i for i, version in places if version == v]) for v in versions}
    return ";".join(f"{version}@{text}" for version, text in ranges.items())
