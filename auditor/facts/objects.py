"""Whether an object fits a schema: what of it is not known there, or is not allowed.

What only a hash is known of, patterns and rules in CEL, is not judged, nor what a text says:
its length and its format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.facts.fields import Field

Path = tuple[str | int, ...]

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Misfit:
    """A place in an object where it does not fit, and why."""

    path: Path
    what: str
    """`unknown` for a field that the schema does not know; else `type`, `enum`, `required`,
    `one_of` or `limit`."""
    said: str
    """What is wrong, in words."""


def misfits(value: Any, field: Field, path: Path = ()) -> Iterator[Misfit]:
    """Every place of a value that does not fit a field, those below an unknown field left out.

    A text that was left out of the object counts as a text.
    """
    if value is None and field.constraints.get("nullable"):
        return
    if not _is_of(value, field.type):
        yield Misfit(path, "type", f"is no {field.type}")
        return
    yield from _values(value, field, path)
    if isinstance(value, Mapping):
        yield from _members(value, field, path)
    elif isinstance(value, list) and field.items is not None:
        for index, item in enumerate(value):
            yield from misfits(item, field.items, (*path, index))


def _is_of(value: Any, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = number and value % 1 == 0
    return {
        "object": isinstance(value, Mapping),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": whole,
        "number": number,
        "int-or-string": whole or isinstance(value, str),
    }.get(kind, True)


def _values(value: Any, field: Field, path: Path) -> Iterator[Misfit]:
    """What is wrong with a value itself, its type aside."""
    allowed = field.listed("enum")
    if allowed and isinstance(value, str) and value not in allowed:
        yield Misfit(path, "enum", f"is none of {', '.join(sorted(allowed))}")
    for key, measured in _measures(value):
        limit = field.constraints.get(key)
        if isinstance(limit, int | float) and _beyond(measured, key, limit):
            yield Misfit(path, "limit", f"is {measured}, and its {key} is {limit}")


def _measures(value: Any) -> Iterator[tuple[str, float]]:
    """What limits are compared with, each with the name of the limit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from (("minimum", value), ("maximum", value))
    elif isinstance(value, list):
        yield from (("minItems", len(value)), ("maxItems", len(value)))
    elif isinstance(value, Mapping):
        yield from (("minProperties", len(value)), ("maxProperties", len(value)))
    elif value == "":
        yield "minLength", 0


def _beyond(measured: float, key: str, limit: float) -> bool:
    return measured < limit if key.startswith("min") else measured > limit


def _members(value: Mapping[str, Any], field: Field, path: Path) -> Iterator[Misfit]:
    for name in sorted(field.listed("required") - value.keys()):
        yield Misfit((*path, name), "required", "is required, and not there")
    for group in sorted(field.listed("one_of")):
        members = group.removeprefix("?").split("|")
        found = [it for it in members if it in value]
        if len(found) > 1:
            yield Misfit(path, "one_of", f"has {' and '.join(found)}, which exclude each other")
        elif not found and not group.startswith("?"):
            yield Misfit(path, "one_of", f"has none of {', '.join(members)}")
    for name, item in value.items():
        child = field.fields.get(name, field.values)
        if child is not None:
            yield from misfits(item, child, (*path, name))
        elif not field.keeps_unknown_fields:
            yield Misfit((*path, name), UNKNOWN, "is not in the schema")
