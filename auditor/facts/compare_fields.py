"""Comparing two schemas, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.facts.compare_values import Difference, constraint_differences
from auditor.facts.fields import Field

WIDER = {
    "integer": {"number", "int-or-string", "any"},
    "string": {"int-or-string", "any"},
}


def differences(
    old: Field, new: Field, *, old_prunes: bool, new_prunes: bool
) -> Iterator[Difference]:
    """Every difference that an object of the old schema meets on the new one.

    Whether the CRDs prune decides what becomes of the fields that a schema lacks.
    """
    yield from Comparison(old_prunes, new_prunes).of(old, new, "")


@dataclass(frozen=True)
class Comparison:
    """Compares fields of two schemas, knowing whether their CRDs drop unknown fields."""

    old_prunes: bool
    new_prunes: bool

    def of(self, old: Field, new: Field, path: str) -> Iterator[Difference]:
        """The differences of a field and of all below it."""
        if old.fingerprint == new.fingerprint:
            return
        if old.type != new.type:
            change = type_change(old.type, new.type)
            yield Difference(change, path, old.type, new.type)
            if change == "type_changed":
                return  # no value of the old type is left that could lose anything below
        yield from constraint_differences(old, new, path)
        yield from self.unknown_fields(old, new, path)
        yield from self.below(old, new, path)

    def unknown_fields(self, old: Field, new: Field, path: str) -> Iterator[Difference]:
        """What becomes of fields that neither schema knows.

        Where only one of the CRDs prunes, that is said once, of the whole CRD.
        """
        if self.old_prunes and self.new_prunes:
            if old.keeps_unknown_fields and not new.keeps_unknown_fields:
                yield Difference("unknown_fields_pruned", path)
            if new.keeps_unknown_fields and not old.keeps_unknown_fields:
                yield Difference("unknown_fields_kept", path)

    def below(self, old: Field, new: Field, path: str) -> Iterator[Difference]:
        """The differences of the fields below two fields."""
        ours, theirs = dict(old.below()), dict(new.below())
        for step in sorted(ours.keys() | theirs.keys()):
            place = (path + step).removeprefix(".")
            if step not in theirs:
                kept = new.keeps_unknown_fields or not self.new_prunes
                yield gone(ours[step], step, place, kept)
            elif step not in ours:
                kept = old.keeps_unknown_fields or not self.old_prunes
                yield come(theirs[step], step, place, kept)
            else:
                yield from self.of(ours[step], theirs[step], place)


def gone(old: Field, step: str, place: str, kept: bool) -> Difference:
    """A field that only the old schema has, given whether the new one keeps what it lacks."""
    if kept:
        return Difference("field_untyped", place, old.type)
    if step == "{}":
        return Difference("map_closed", place, old.size)
    return Difference("field_removed", place, old.size)


def come(new: Field, step: str, place: str, kept: bool) -> Difference:
    """A field that only the new schema has, given whether the old one kept what it lacks."""
    if kept:
        return Difference("field_typed", place, None, new.type)
    if step == "{}":
        return Difference("map_opened", place, None, new.type)
    return Difference("field_added", place, None, new.type)


def type_change(old: str, new: str) -> str:
    """What a change of type is to the values of the old one."""
    if new == "any" or new in WIDER.get(old, ()):
        return "type_widened"
    if old == "any" or old in WIDER.get(new, ()):
        return "type_narrowed"
    return "type_changed"
