"""Questions about one thing alone, which many rules ask and which are answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

A = TypeVar("A", bound="Asked")
T = TypeVar("T")


class Asked:
    """What remembers what it was asked. It never changes, and neither do its answers."""

    @cached_property
    def answers(self) -> dict[object, Any]:
        """By the question."""
        return {}


def asked_once(question: Callable[[A], T]) -> Callable[[A], T]:
    """A question that whatever it is about remembers the answer to.

    Every rule that looks at pods asks the same of each of them, for each mesh. An answer that
    lies in what was not seen is not remembered.
    """

    @wraps(question)
    def answer(thing: A) -> T:
        answers = thing.answers
        if question not in answers:
            answers[question] = question(thing)
        return cast("T", answers[question])

    return answer
