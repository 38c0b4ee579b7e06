"""How a snapshot is written down: the names of its members, and objects and gaps as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from auditor.kinds import METADATA, Kind
from auditor.seen import Gap, LookedFor
from auditor.withheld import Withheld

SCHEMA = "mesh-auditor/snapshot/v1"
LAYOUT = "mesh-auditor snapshot"
MARKER = "mesh-auditor-snapshot.json"
"""The first member. The name of what is first in a file is seen by unpacking a few bytes."""

Path: TypeAlias = tuple[str | int, ...]


def member_of(kind: Kind) -> str:
    """The member that holds the objects of a kind."""
    return f"objects/{kind}.jsonl"


def kept_of(kind: Kind) -> list[str]:
    """The fields that are kept of a kind. What a snapshot did not keep is not absent there."""
    return sorted({*METADATA, "metadata.annotations", *kind.keeps, *kind.turns})


def not_kept(kind: Kind, kept: Sequence[str]) -> list[str]:
    """The fields that are kept of a kind today and were not when `kept` was written."""
    there = set(kept)
    return [path for path in kept_of(kind) if not there & set(_and_above(path))]


def _and_above(path: str) -> Iterator[str]:
    """A path, and each that holds it, with and without its brackets."""
    while path:
        yield path
        path = path[:-2] if path.endswith("[]") else path.rpartition(".")[0]


def line_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An object as JSON can hold it: what is withheld of it stands apart."""
    return {
        "object": _without_withheld(raw),
        "withheld": [
            {"path": list(path), "why": hidden.why, "there": hidden.there}
            for path, hidden in _withheld(raw, ())
        ],
    }


def _without_withheld(value: Any) -> Any:
    if isinstance(value, Withheld):
        return None
    if isinstance(value, Mapping):
        return {key: _without_withheld(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_withheld(item) for item in value]
    return value


def _withheld(value: Any, path: Path) -> Iterator[tuple[Path, Withheld]]:
    if isinstance(value, Withheld):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _withheld(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _withheld(item, (*path, index))


def gap_as_json(gap: Gap) -> dict[str, Any]:
    """A gap with all that it says."""
    return {
        "what": gap.what,
        "why": gap.why,
        "get": gap.get,
        "namespace": gap.namespace,
        "but": list(gap.but),
        "names": list(gap.names),
        "looked_for": [
            {"names": list(it.names), "namespaces": list(it.namespaces)} for it in gap.looked_for
        ],
        "unasked": gap.unasked,
    }


def gap_of(fields: Mapping[str, Any]) -> Gap:
    """The gap that was written so."""
    return Gap(
        fields["what"],
        fields["why"],
        fields["get"],
        fields["namespace"],
        tuple(fields["but"]),
        tuple(fields["names"]),
        tuple(
            LookedFor(tuple(it["names"]), tuple(it["namespaces"])) for it in fields["looked_for"]
        ),
        fields["unasked"],
    )
