"""Ranges of snapshots, as the facts file writes them: `"3-10,12"`.

A snapshot is a run of releases whose CRDs say the same. Naming runs instead of
releases, and ranges instead of lists, keeps the schemas of all releases in one small
file. Where the versions of a CRD differ, a range says so for each:
`"v1@20-22;v1beta1@3-22"`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any


@cache
def snapshots_in(text: str) -> frozenset[int]:
    """The snapshots that a range without versions names. The empty text names none."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


@cache
def holds(text: str, snapshot: int, version: str = "") -> bool:
    """Whether a range has this snapshot, for this version of the CRD."""
    if "@" not in text:
        return snapshot in snapshots_in(text)
    ranges = dict(part.split("@") for part in text.split(";"))
    return version in ranges and snapshot in snapshots_in(ranges[version])


def value_at(value: Any, snapshot: int, version: str = "") -> Any:
    """The value that holds in a snapshot, or None where there is none.

    A mapping from ranges to values varies; anything else holds in all snapshots.
    """
    if not isinstance(value, Mapping):
        return value
    return next((held for text, held in value.items() if holds(text, snapshot, version)), None)


def range_of(snapshots: Collection[int]) -> str:
    """The shortest text that names just these snapshots."""
    parts: list[str] = []
    ordered = sorted(snapshots)
    for position, snapshot in enumerate(ordered):
        if position and ordered[position - 1] == snapshot - 1:
            parts[-1] = f"{parts[-1].partition('-')[0]}-{snapshot}"
        else:
            parts.append(str(snapshot))
    return ",".join(parts)
