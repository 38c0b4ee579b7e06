"""Questions about one thing alone, which many rules ask and which are answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

A = TypeVar("A", bound="Asked")
P = ParamSpec("P")
T = TypeVar("T")


class Asked:
    """What remembers what it was asked. It never changes, and neither do its answers."""

    @cached_property
    def answers(self) -> dict[object, Any]:
        """By the question."""
        return {}


def asked_once(question: Callable[Concatenate[A, P], T]) -> Callable[Concatenate[A, P], T]:
    """A question that whatever it is about remembers the answer to, and to each of its words.

    Every rule that looks at pods asks the same of each of them, for each mesh. An answer that
    lies in what was not seen is not remembered.
    """

    @wraps(question)
    def answer(thing: A, /, *words: P.args, **named: P.kwargs) -> T:
        answers = thing.answers
        asked = (question, *words, *named.items()) if words or named else question
        if asked not in answers:
            answers[asked] = question(thing, *words, **named)
        return cast("T", answers[asked])

    return answer
