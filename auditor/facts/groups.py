"""The combinations of a schema: `oneOf`, `allOf`, `anyOf` and `not`.

Istio uses them for one thing, groups of fields of which at most one, or just one, may
be set:

    oneOf: [{required: [a]}, {required: [b]}]
    oneOf: [{not: {anyOf: [{required: [a]}, {required: [b]}]}}, {required: [a]}, {required: [b]}]

Anything else is kept whole, to be told apart by its hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

EITHER_TYPE = {"integer", "string"}


@dataclass(frozen=True)
class Group:
    """Fields of which one may be set, and what each alternative demands of its fields."""

    text: str
    """`a|b`, or `?a|b` if none need be set; empty for a group that demands nothing."""
    demands: tuple[tuple[str, Schema], ...]


@dataclass(frozen=True)
class Combinations:
    """What the combinations of a schema demand."""

    groups: tuple[str, ...]
    of_fields: Mapping[str, tuple[Schema, ...]]
    """What alternatives demand of a field, in addition to the field's own schema."""
    others: tuple[Schema, ...]
    """What is no group, whole."""


def combinations(schema: Schema, also: tuple[Schema, ...] = ()) -> Combinations:
    """The combinations of a schema, and of what else its field must fit."""
    groups: list[str] = []
    of_fields: dict[str, tuple[Schema, ...]] = {}
    others: list[Schema] = []
    for part in parts(schema, also):
        group = read_group(part["oneOf"]) if part.keys() == {"oneOf"} else None
        if group is None:
            others.append(part)
            continue
        if group.text:
            groups.append(group.text)
        for name, demand in group.demands:
            of_fields[name] = (*of_fields.get(name, ()), demand)
    return Combinations(tuple(groups), of_fields, tuple(others))


def parts(schema: Schema, also: tuple[Schema, ...]) -> list[Schema]:
    """The combinations of a schema, one by one: all of them must hold."""
    found: list[Schema] = []
    for source in (schema, *also):
        all_of = source.get("allOf", [])
        found.extend(all_of if isinstance(all_of, list) else [{"allOf": all_of}])
        found.extend({key: source[key]} for key in ("oneOf", "anyOf", "not") if key in source)
        if rest := {key: source[key] for key in source.keys() - {"allOf", "oneOf", "anyOf", "not"}}:
            found.extend([rest] if source is not schema else [])
    if schema.get("x-kubernetes-int-or-string"):
        found = [part for part in found if not says_either_type(part)]
    return found


def says_either_type(part: Schema) -> bool:
    """Whether a combination only repeats that an integer or a text will do."""
    if part.keys() != {"anyOf"} or not isinstance(part["anyOf"], list):
        return False
    return all(
        isinstance(it, Mapping) and it.keys() == {"type"} and it["type"] in EITHER_TYPE
        for it in part["anyOf"]
    )


def read_group(alternatives: object) -> Group | None:
    """The group that a `oneOf` states, or None where it is none."""
    if not isinstance(alternatives, list):
        return None
    if not all(isinstance(it, Mapping) for it in alternatives):
        return None
    choices = [it for it in alternatives if "not" not in it]
    nothing = [it for it in alternatives if "not" in it]
    names = [name_of(choice) for choice in choices]
    if None in names or len(set(names)) != len(names) or len(nothing) > 1:
        return None
    if nothing and not (nothing[0].keys() == {"not"} and excludes(nothing[0]["not"], choices)):
        return None
    members = "|".join(sorted(filter(None, names)))
    if nothing:
        # A field that fails what its alternative demands counts as not set.
        return Group(f"?{members}" if len(choices) > 1 else "", ())
    demands = [
        (str(name), demand)
        for choice in choices
        for name, demand in choice.get("properties", {}).items()
        if demand
    ]
    return Group(members, tuple(demands))


def excludes(negated: object, choices: list[Schema]) -> bool:
    """Whether what is negated is just the choices, so that it stands for none of them."""
    if not isinstance(negated, Mapping):
        return False
    named = negated["anyOf"] if negated.keys() == {"anyOf"} else [negated]
    return isinstance(named, list) and sorted(named, key=str) == sorted(choices, key=str)


def name_of(choice: Schema) -> str | None:
    """The field that an alternative asks for, where that is all it does outside of it."""
    required = choice.get("required")
    if not isinstance(required, list) or len(required) != 1:
        return None
    if choice.keys() - {"required", "properties"}:
        return None
    return str(required[0])
