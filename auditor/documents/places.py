"""Where in a file a field stands, found only when it is to be shown.

Reading keeps the place of each object. The place of a field in it is looked up by reading this one
object again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from auditor.documents.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
    parser,
)
from auditor.documents.limits import DEEPEST
from auditor.documents.remarks import cut_from_yaml
from auditor.documents.text import without_surrogates
from auditor.documents.values import Refused, key

Path = tuple[str | int, ...]

FEW = 8
"""So many objects are remembered: evidence of one object stands together in a report."""

_key = lru_cache(1024)(key)
_NEXT = re.compile(r"[\s,:]*")
_ENDS = {MappingStartEvent: MappingEndEvent, SequenceStartEvent: SequenceEndEvent}


class _Found(NamedTuple):
    """The deepest field on a path that exists: its character, and what of the path is left."""

    at: int
    rest: Path
    scalar: Any = None


class _Node(NamedTuple):
    """A field of YAML: its character, its event where it is a scalar, and what is in it."""

    at: int
    scalar: Any
    inside: dict[str | int | None, _Node]


def line_of(
    lines: Sequence[str], line: int, column: int, path: Path, last: int | None = None
) -> int | None:
    """The line of a field, counted from 1; None where the object cannot be in these lines.

    `lines` are those of the whole file, as `lines()` gives them; `line`, `column` and `last` are
    those of the `Located` object; the path goes by keys and by positions in lists, from the
    object on. A field that is absent has the line of the deepest one on its path that exists. A
    path may go on inside of a literal block that holds YAML or JSON, as a ConfigMap's do.
    """
    if not 1 <= line <= len(lines):
        return None
    text = "\n".join([" " * column + lines[line - 1][column:], *lines[line:last]])
    text = without_surrogates(text)  # which libyaml takes none of
    below, _ = _lines_below(text, column, path)
    return line + below


def _lines_below(text: str, index: int, path: Path) -> tuple[int, Path]:
    """How many lines below the first the field is, and what of its path does not exist."""
    outline = _outline(text, index)
    found = outline.find(path)
    if found is None:
        return 0, path
    below = outline.text.count("\n", 0, found.at)
    if found.rest and found.scalar is not None and found.scalar.style == "|":
        header = outline.text.count("\n", 0, found.scalar.start_mark.index)
        inner, rest = _lines_below(found.scalar.value, 0, found.rest)
        if len(rest) < len(found.rest):
            return header + 1 + inner, rest
    return below, found.rest


class _Outline:
    """The places of the fields in one text, which is gone through once for all of them."""

    def __init__(self, text: str, index: int) -> None:
        self.text = text
        self._start = index
        self._members: dict[int, dict[str | int, list[int]]] = {}
        self._is_json = text[index : index + 1] in ("{", "[")
        self._root: _Node | None = None
        if not self._is_json:
            self._read_yaml()

    def find(self, path: Path) -> _Found | None:
        """The deepest field on a path that exists; None where the text cannot be read."""
        if self._is_json:
            try:
                return self._in_json(path)
            except (ValueError, RecursionError):
                self._is_json = False
                self._read_yaml()
        node = self._root
        for position, step in enumerate(path):
            if node is None or step not in node.inside:
                return node and _Found(node.at, path[position:], node.scalar)
            node = node.inside[step]
        return node and _Found(node.at, (), node.scalar)

    def _in_json(self, path: Path) -> _Found:
        """Look in JSON. Of equal keys the last one counts."""
        at = index = self._start
        for position, step in enumerate(path):
            if index not in self._members:
                self._members[index] = {key: at for key, *at in _members(self.text, index)}
            if step not in self._members[index]:
                return _Found(at, path[position:])
            at, index = self._members[index][step]
        return _Found(at, ())

    def _read_yaml(self) -> None:
        self.text, _ = cut_from_yaml(self.text)
        try:
            self._root = _in_yaml(self.text)
        except YAMLError:
            self._root = None


_outline = lru_cache(FEW)(_Outline)


def _members(text: str, index: int) -> Iterator[tuple[str | int, int, int]]:
    """Keys, or positions, of what is at the index, with where they are and where values are."""
    decode = json.JSONDecoder().raw_decode
    opening = text[index : index + 1]
    if opening not in ("{", "["):
        return
    position = 0
    at = _after(text, index + 1)
    while text[at : at + 1] not in ("}", "]"):
        name, value_at = position, at
        if opening == "{":
            name, end = decode(text, at)
            if not isinstance(name, str):
                raise ValueError("a key that is no text, which is not JSON")
            value_at = _after(text, end)
        yield name, at, value_at
        _, end = decode(text, value_at)
        at = _after(text, end)
        position += 1


def _after(text: str, index: int) -> int:
    match = _NEXT.match(text, index)
    return match.end() if match else index


def _in_yaml(text: str) -> _Node:
    next_event = parser(text)
    while (event := next_event()).__class__ is not DocumentStartEvent:
        if event.__class__ is StreamEndEvent:
            return _Node(0, None, {})
    event = next_event()
    return _node(next_event, event, event.start_mark.index, DEEPEST)


def _node(next_event: Callable[[], Any], start: Any, index: int, levels: int) -> _Node:
    """A field and what is in it, as many levels deep. The last of equal keys counts."""
    inside: dict[str | int | None, _Node] = {}
    found = _Node(index, start if start.__class__ is ScalarEvent else None, inside)
    end = _ENDS.get(start.__class__)
    if end is not None and not levels:
        _skip(next_event, start)
        return found
    while end is not None and (event := next_event()).__class__ is not end:
        index = event.start_mark.index
        name: str | int | None = len(inside)
        if end is MappingEndEvent:
            name = _name(event)
            _skip(next_event, event)
            event = next_event()
        if event.__class__ is ScalarEvent:
            inside[name] = _Node(index, event, {})
        else:
            inside[name] = _node(next_event, event, index, levels - 1)
    return found


def _name(event: Any) -> str | None:
    if event.__class__ is not ScalarEvent:
        return None
    text: str = event.value
    try:
        return text if event.style else _key(text, event.tag or "")
    except Refused:
        return None


def _skip(next_event: Callable[[], Any], start: Any) -> None:
    depth = 0
    event = start
    while True:
        if event.__class__ in (MappingStartEvent, SequenceStartEvent):
            depth += 1
        elif event.__class__ in (MappingEndEvent, SequenceEndEvent):
            depth -= 1
        if depth == 0:
            return
        event = next_event()
