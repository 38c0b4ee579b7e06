"""Label selectors of which all is known, read once: cheap to ask again and again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.models.selectors import selects
from auditor.objects import Field


@dataclass(frozen=True)
class Allowed:
    """What a selector lets one label be: one of some values, or any other than those."""

    values: frozenset[str]
    other_than: bool
    absent: bool
    """Whether the label may be missing."""

    def takes(self, value: str | None) -> bool:
        """Whether the label may have a value, None for its absence."""
        if value is None:
            return self.absent
        return (value in self.values) is not self.other_than

    def excludes(self, other: Allowed) -> bool:
        """Whether no value, nor the absence, is allowed by both."""
        if (self.absent and other.absent) or (self.other_than and other.other_than):
            return False
        if self.other_than:
            return other.values <= self.values
        if other.other_than:
            return self.values <= other.values
        return self.values.isdisjoint(other.values)


Known = Mapping[str, tuple[Allowed, ...]]
"""By the key of the label, what each requirement allows it to be."""


@dataclass(frozen=True)
class Selector:
    """A label selector. What is withheld of it, or odd, is left to `selects`."""

    field: Field

    def matches(self, labels: Field) -> bool:
        """Whether it matches some labels, as `selects` says."""
        told = self._told(labels)
        return selects(self.field, labels) if told is None else told

    def misses(self, labels: Field) -> bool:
        """Whether it is certain, at a glance, that it does not match some labels."""
        return self._told(labels) is False

    def _told(self, labels: Field) -> bool | None:
        """Whether it matches; None where that takes a closer look."""
        known, held = self.known, {} if labels.held is None else labels.held
        if known is None or type(held) is not dict:
            return None
        for key, requirements in known.items():
            value = held.get(key)
            if value is not None and type(value) is not str:
                return None
            for it in requirements:
                if not it.takes(value):
                    return False
        return True

    def denies(self, key: str, value: object) -> bool:
        """Whether it is certain that it matches no labels in which one has this value."""
        if self.known is None or type(value) is not str:
            return False
        return not all(it.takes(value) for it in self.known.get(key, ()))

    def excludes(self, other: Selector) -> bool:
        """Whether it is certain that no labels are matched by both."""
        if self.known is None or other.known is None:
            return False
        for key, requirements in self.known.items():
            for theirs in other.known.get(key, ()):
                for it in requirements:
                    if it.excludes(theirs):
                        return True
        return False

    @cached_property
    def known(self) -> Known | None:
        """None where not all of it is known, or is as Kubernetes would take it."""
        known: dict[str, tuple[Allowed, ...]] = {}
        try:
            for key, allowed in _requirements(self.field.held):
                known[key] = (*known.get(key, ()), allowed)
        except _Odd:
            return None
        return known

    @cached_property
    def content(self) -> str | None:
        """The same text for selectors that ask for the same; None where not all is known."""
        return None if self.known is None else json.dumps(self.field.held, sort_keys=True)


class _Odd(Exception):
    """A selector holds what Kubernetes would not take, or what is withheld."""


def _requirements(held: object) -> Iterator[tuple[str, Allowed]]:
    selector = _mapping(held)
    for key, value in _mapping(selector.get("matchLabels")).items():
        yield _text(key), Allowed(frozenset((_text(value),)), other_than=False, absent=False)
    for it in _items(selector.get("matchExpressions")):
        requirement = _mapping(it)
        values = frozenset(map(_text, _items(requirement.get("values"))))
        yield _text(requirement.get("key")), _allowed(requirement.get("operator"), values)


def _allowed(operator: object, values: frozenset[str]) -> Allowed:
    if operator in ("In", "NotIn"):
        return Allowed(values, other_than=operator == "NotIn", absent=operator == "NotIn")
    if operator in ("Exists", "DoesNotExist") and not values:
        return Allowed(values, other_than=operator == "Exists", absent=operator == "DoesNotExist")
    raise _Odd


def _mapping(held: object) -> Mapping[object, object]:
    if held is None or type(held) is dict:
        return held or {}
    raise _Odd


def _items(held: object) -> Iterable[object]:
    if held is None or type(held) is list:
        return held or ()
    raise _Odd


def _text(held: object) -> str:
    if type(held) is str:
        return held
    raise _Odd
