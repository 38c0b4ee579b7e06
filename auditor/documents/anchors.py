"""What the anchors of a document stand for, and how much their aliases may add up to."""

from __future__ import annotations

from typing import Any

from auditor.documents.limits import (
    BY_ALIAS_FOR_A_CHARACTER,
    FEWEST_BY_ALIAS,
    MOST_BY_ALIAS,
    TOO_MANY_ALIASES,
)
from auditor.documents.values import Refused

_UNFINISHED = object()


class Allowance:
    """How many values the aliases of a whole file may stand for, all its documents together."""

    def __init__(self, characters: int) -> None:
        allowed = FEWEST_BY_ALIAS + BY_ALIAS_FOR_A_CHARACTER * characters
        self._left = min(MOST_BY_ALIAS, allowed)

    def spend(self, value: object) -> None:
        """Weigh a value by all that it holds; raises `Refused` where it is too much in all."""
        self._left -= _weight(value, self._left)
        if self._left < 0:
            raise Refused(TOO_MANY_ALIASES)


class Anchors:
    """The anchors seen so far; each alias is weighed by all that it stands for."""

    def __init__(self, allowance: Allowance) -> None:
        self._values: dict[str, Any] = {}
        self._allowance = allowance

    def begin(self, anchor: str) -> None:
        """From here on aliases of this name mean a value that is not whole yet."""
        self._values[anchor] = _UNFINISHED

    def finish(self, anchor: str, value: object) -> None:
        """From here on aliases of this name mean this value."""
        self._values[anchor] = value

    def forget(self) -> None:
        """Anchors do not outlive their document; what aliases used up does."""
        self._values.clear()

    def value(self, anchor: str) -> Any:
        """What an alias stands for; raises `Refused` for none, itself, or too much in all."""
        if anchor not in self._values:
            raise Refused("an alias without its anchor")
        value = self._values[anchor]
        if value is _UNFINISHED:
            raise Refused("an alias inside of what it stands for")
        self._allowance.spend(value)
        return value


def _weight(value: object, most: int) -> int:
    """How many values a walk meets; it is broken off as soon as they are more than `most`."""
    weight = 0
    waiting = [value]
    while waiting and weight <= most:
        found = waiting.pop()
        weight += 1
        if isinstance(found, dict):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
    return weight
