"""Comparing what two schemas demand of a single value."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from auditor.facts.fields import Field, Value

MOST = frozenset({"maxItems", "maxLength", "maxProperties", "maximum"})
LEAST = frozenset({"minItems", "minLength", "minProperties", "minimum"})
LIMITS = sorted(MOST | LEAST | {"exclusiveMaximum", "exclusiveMinimum", "multipleOf"})

# fmt: off
CHECKED_FORMATS = {
    "bsonobjectid", "byte", "cidr", "creditcard", "date", "date-time", "datetime", "duration",
    "email", "hexcolor", "hostname", "ipv4", "ipv6", "isbn", "isbn10", "isbn13", "mac",
    "password", "rgbcolor", "ssn", "uri", "uuid", "uuid3", "uuid4", "uuid5",
}
# fmt: on
"""The formats that the API server checks; it ignores any other.

Source: the API reference of apiextensions.k8s.io/v1, JSONSchemaProps.format.
"""


@dataclass(frozen=True)
class Difference:
    """One difference of two schemas: a key of `changes.IMPACT_OF`, where, and the values."""

    what: str
    path: str
    old: str | int | None = None
    new: str | None = None


def constraint_differences(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """The differences of what two fields demand of a value, their types aside."""
    yield from required(old, new, path)
    yield from enum(old, new, path)
    yield from nullable(old, new, path)
    yield from limits(old, new, path)
    yield from formats(old, new, path)
    yield from patterns(old, new, path)
    yield from rules(old, new, path)
    yield from groups(old, new, path)
    yield from list_types(old, new, path)
    if old.constraints.get("logic") != new.constraints.get("logic"):
        yield Difference("logic_changed", path, joined(old, "logic"), joined(new, "logic"))


def joined(field: Field, constraint: str, but: Collection[str] = ()) -> str | None:
    """The members of a constraint that is a list, as text, without some of them."""
    return "|".join(sorted(field.listed(constraint).difference(but))) or None


def required(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Fields that must be set from now on, or no longer must."""
    before, after = old.listed("required"), new.listed("required")
    for name in sorted(after - before):
        yield Difference("required_added", f"{path}.{name}".removeprefix("."))
    for name in sorted(before - after):
        yield Difference("required_removed", f"{path}.{name}".removeprefix("."))


def enum(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Values that an enumeration loses or gains, or that there is one at all."""
    before, after = old.listed("enum"), new.listed("enum")
    if after and not before:
        yield Difference("enum_introduced", path, None, joined(new, "enum"))
    elif before and not after:
        yield Difference("enum_ended", path, joined(old, "enum"))
    else:
        if before - after:
            yield Difference("enum_value_removed", path, joined(old, "enum", but=after))
        if after - before:
            yield Difference("enum_value_added", path, None, joined(new, "enum", but=before))


def nullable(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Whether null is a value."""
    before, after = old.constraints.get("nullable"), new.constraints.get("nullable")
    if before and not after:
        yield Difference("nullable_removed", path)
    if after and not before:
        yield Difference("nullable_added", path)


def limits(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Limits that become narrower, told together, and those that become wider."""
    before, after = old.constraints, new.constraints
    differing = [name for name in LIMITS if before.get(name) != after.get(name)]
    tighter = [name for name in differing if is_tighter(name, before.get(name), after.get(name))]
    wider = [name for name in differing if name not in tighter]
    for what, names in (("limit_tightened", tighter), ("limit_relaxed", wider)):
        if names:
            yield Difference(what, path, quoted(old, names), quoted(new, names))


def is_tighter(name: str, before: Value | None, after: Value | None) -> bool:
    """Whether the new of two different limits may refuse what the old one took."""
    if after is None or before is None:
        return before is None
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return True
    if name in MOST:
        return after < before
    return name not in LEAST or after > before


def quoted(field: Field, names: Collection[str]) -> str | None:
    """Some limits of a field, as text."""
    limits = [f"{name}={field.constraints[name]}" for name in names if name in field.constraints]
    return " ".join(limits) or None


def formats(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Another format of a text or number, which matters where the API server checks it."""
    before, after = said(old, "format"), said(new, "format")
    if before != after:
        what = "format_tightened" if after in CHECKED_FORMATS else "format_changed"
        yield Difference(what, path, before, after)


def patterns(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Another pattern. Only hashes are known, so which one takes more is not."""
    before, after = said(old, "pattern"), said(new, "pattern")
    if before != after:
        turn = "changed" if before and after else "added" if after else "removed"
        yield Difference(f"pattern_{turn}", path, before, after)


def rules(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Other CEL rules. Only hashes are known: a rule that was rewritten may take the same."""
    before, after = old.listed("cel"), new.listed("cel")
    gone, come = joined(old, "cel", but=after), joined(new, "cel", but=before)
    if gone or come:
        turn = "changed" if gone and come else "added" if come else "removed"
        yield Difference(f"cel_{turn}", path, gone, come)


def groups(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Fields that exclude each other from now on, or no longer do."""
    before, after = old.listed("one_of"), new.listed("one_of")
    for group in sorted(after - before):
        if binds(group, old) and not is_implied(group, before, old):
            yield Difference("one_of_tightened", path, None, group)
    for group in sorted(before - after):
        if not is_implied(group, after, new):
            yield Difference("one_of_relaxed", path, group)


def binds(group: str, field: Field) -> bool:
    """Whether a group can refuse an object that has only the fields of this one.

    One that need not be set can only if two of its fields are there.
    """
    return not group.startswith("?") or len(members(group).intersection(field.fields)) > 1


def is_implied(group: str, others: Collection[str], field: Field) -> bool:
    """Whether an object that fits one of the other groups always fits this one.

    Given that it has only the fields of this field.
    """
    known = members(group).intersection(field.fields)
    if group.startswith("?"):
        return any(known <= members(other) for other in others)
    return any(known == members(other) for other in others if not other.startswith("?"))


def members(group: str) -> frozenset[str]:
    """The fields of a group such as `?a|b`."""
    return frozenset(group.removeprefix("?").split("|"))


def list_types(old: Field, new: Field, path: str) -> Iterator[Difference]:
    """Whether the items of a list must differ, or differ in another key."""
    before, after = said(old, "list_type"), said(new, "list_type")
    if before != after:
        yield Difference(f"list_type_{'tightened' if after else 'relaxed'}", path, before, after)


def said(field: Field, constraint: str) -> str | None:
    """A constraint as text, or None where it is not set."""
    value = field.constraints.get(constraint)
    return None if value is None else str(value)
