"""What comes out of a text: documents, the objects in them with their places, remarks, damage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


class Malformed(Exception):
    """A text that cannot be read at one place.

    `line` counts from 1 and `column` from 0. What is said never quotes the text, which may be a
    secret. `others` are the places where the same text is damaged again.
    """

    def __init__(
        self, what: str, line: int, column: int, others: tuple[Malformed, ...] = ()
    ) -> None:
        super().__init__(what, line, column, others)
        self.what = what
        self.line = line
        self.column = column
        self.others = others

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column + 1}: {self.what}"


class Located(dict[str, Any]):
    """A mapping that could be a Kubernetes object, and where it stands in its text.

    `line` and `last` are its first and last lines, counted from 1; `column` is where its first
    key or its brace is, counted from 0.
    """

    __slots__ = ("column", "last", "line")

    def __init__(
        self,
        fields: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
        *,
        line: int,
        column: int,
        last: int,
    ) -> None:
        super().__init__(fields)
        self.line = line
        self.column = column
        self.last = last

    def __reduce__(self) -> tuple[Any, ...]:
        return _located, (dict(self), self.line, self.column, self.last)


Ease: TypeAlias = Callable[[object], None]
"""Takes out of an item of a list, once it was read, what need not be held until the list ends."""


def as_it_is(_item: object) -> None:
    """Leave an item as it was read."""


def _located(fields: dict[str, Any], line: int, column: int, last: int) -> Located:
    return Located(fields, line=line, column=column, last=last)


@dataclass(frozen=True)
class Document:
    """One document of a text.

    Mappings of `root` that could be Kubernetes objects are `Located`: the root itself, the
    elements of a root that is a list, and the elements of a list named `items` in one of these.
    The rest is dict, list, str, int, float, bool and None, and `Withheld` where asked for.

    Where `cut` is set, damage ended the document: `root` holds the items that were whole before
    it, and what followed, its kind perhaps, was never read. `repeated` names keys of the root
    that were given twice, of which the last one was taken.
    """

    root: Any
    line: int
    cut: Malformed | None = None
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """A line that a tool wrote for people, mixed into the text: a warning, or an error.

    It is one line, with control characters made visible.
    """

    text: str
    line: int
