"""Who is told how far reading is, where somebody waits for it.

Reading goes through every format and every archive. Whether anybody watches is no concern of
theirs, so it is not handed through them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Watcher(Protocol):
    """Is told of parts of the work, one after the other, each of so many bytes."""

    def begin(self, doing: str, size: int) -> None:
        """A part begins."""

    def advance(self, size: int) -> None:
        """So many more bytes of it are done."""


class _Nobody:
    def begin(self, doing: str, size: int) -> None:
        """Nobody waits."""

    def advance(self, size: int) -> None:
        """Nobody waits."""


_NOBODY = _Nobody()
_WATCHER: ContextVar[Watcher] = ContextVar("watcher")


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell this watcher of all that is read meanwhile."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def begin(doing: str, size: int) -> Callable[[int], None]:
    """Tell that a part of the work begins; the answer is to be told how far it is."""
    _WATCHER.get(_NOBODY).begin(doing, size)
    return so_far()


def so_far() -> Callable[[int], None]:
    """A function to be told places, each from where the function was made, that grow."""
    watcher = _WATCHER.get(_NOBODY)
    last = 0

    def at(place: int) -> None:
        nonlocal last
        if place > last:
            watcher.advance(place - last)
            last = place

    return at
