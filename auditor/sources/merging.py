"""The same object from several places is one object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.objects import Obj
from auditor.sources.findings import Version

BOOKKEEPING = ("resourceVersion", "generation", "managedFields")
"""What differs between two readings of an object that nobody changed."""

TWICE = (
    "nobody tells which manifest is deployed; the later was taken, so give one overlay at a time"
)
NUMBER = re.compile(r"[0-9]{1,20}")
"""A resourceVersion, which etcd counts in 64 bits."""


@dataclass(frozen=True)
class Conflict:
    """Two versions of an object that differ, the one that was taken, and why."""

    taken: Obj
    left: Obj
    why: str


def merged(versions: Sequence[Version]) -> tuple[Obj, list[Conflict]]:
    """One object out of its versions, in the order of their sources, and what was decided.

    Where a declaration is among them, what was not taken stays reachable as its rivals: what a
    chart would make of an object that is already there is a question of its own.
    """
    taken, *others = versions
    conflicts: list[Conflict] = []
    rivals: dict[str, Obj] = {}
    for other in others:
        winner, why = _winner(taken, other)
        loser = other if winner is taken else taken
        if _content(winner.thing) != _content(loser.thing):
            conflicts.append(Conflict(winner.thing, loser.thing, why))
            if winner.declared or loser.declared:
                written = json.dumps(loser.thing.raw, sort_keys=True, default=repr)
                rivals.setdefault(written, loser.thing)
        taken = winner
    kept = replace(taken.thing, rivals=tuple(rivals.values())) if rivals else taken.thing
    return kept, conflicts


def _content(thing: Obj) -> dict[str, Any]:
    metadata = {key: it for key, it in thing.raw["metadata"].items() if key not in BOOKKEEPING}
    return {**thing.raw, "metadata": metadata}


def _winner(earlier: Version, later: Version) -> tuple[Version, str]:
    if earlier.declared != later.declared:
        live = later if earlier.declared else earlier
        return live, "what the cluster has was taken, not what a manifest declares"
    before, after = earlier.thing.raw["metadata"], later.thing.raw["metadata"]
    if before.get("uid") and after.get("uid") and before["uid"] != after["uid"]:
        return later, "made anew, or of two clusters; the later source was taken"
    first, second = _number(before), _number(after)
    if first is None or second is None or first == second:
        if earlier.declared and later.declared:
            return later, TWICE
        return later, "the later source was taken"
    return (later if second > first else earlier), "the newer was taken"


def _number(metadata: Mapping[str, Any]) -> int | None:
    """A resourceVersion as a number, which etcd makes greater with each change."""
    version = metadata.get("resourceVersion")
    return int(version) if isinstance(version, str) and NUMBER.fullmatch(version) else None


def told(conflicts: Iterable[Conflict]) -> dict[tuple[str, str, str], list[str]]:
    """The names of objects in conflict, by the files that they are in and what was decided."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for conflict in conflicts:
        group = _file(conflict.taken), _file(conflict.left), conflict.why
        groups.setdefault(group, []).append(str(conflict.taken.ref))
    return groups


def _file(thing: Obj) -> str:
    return thing.origin.file if thing.origin else ""
