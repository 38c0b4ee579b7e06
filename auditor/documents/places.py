"""Where in a file a field stands, found only when it is to be shown.

Reading keeps the place of each object. The place of a field in it is looked up by reading this one
object again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
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
from auditor.documents.remarks import cut_from_yaml
from auditor.documents.text import without_surrogates
from auditor.documents.values import Refused, key

Path = tuple[str | int, ...]

_NEXT = re.compile(r"[\s,:]*")


class _Found(NamedTuple):
    """The deepest field on a path that exists: its character, and what of the path is left."""

    at: int
    rest: Path
    scalar: Any = None


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
    found = _in_json(text, index, path) if text[index : index + 1] in ("{", "[") else None
    if found is None:
        text, _ = cut_from_yaml(text)
        try:
            found = _in_yaml(text, path)
        except YAMLError:
            return 0, path
    below = text.count("\n", 0, found.at)
    if found.rest and found.scalar is not None and found.scalar.style == "|":
        header = text.count("\n", 0, found.scalar.start_mark.index)
        inner, rest = _lines_below(found.scalar.value, 0, found.rest)
        if len(rest) < len(found.rest):
            return header + 1 + inner, rest
    return below, found.rest


def _in_json(text: str, index: int, path: Path) -> _Found | None:
    """Look in JSON; None where it is not. Of equal keys the last one counts."""
    at = index
    try:
        for position, step in enumerate(path):
            fields = {name: places for name, *places in _members(text, index)}
            if step not in fields:
                return _Found(at, path[position:])
            at, index = fields[step]
    except (ValueError, RecursionError):
        return None
    return _Found(at, ())


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
            value_at = _after(text, end)
        yield name, at, value_at
        _, end = decode(text, value_at)
        at = _after(text, end)
        position += 1


def _after(text: str, index: int) -> int:
    match = _NEXT.match(text, index)
    return match.end() if match else index


def _in_yaml(text: str, path: Path) -> _Found:
    next_event = parser(text)
    while (event := next_event()).__class__ is not DocumentStartEvent:
        if event.__class__ is StreamEndEvent:
            return _Found(0, path)
    event = next_event()
    return _search(next_event, event, path, event.start_mark.index)


def _search(next_event: Callable[[], Any], start: Any, path: Path, index: int) -> _Found:
    """Look in one node, to its end, since the last of equal keys is the one that counts."""
    found = _Found(index, path, start if start.__class__ is ScalarEvent else None)
    ends = {MappingStartEvent: MappingEndEvent, SequenceStartEvent: SequenceEndEvent}
    end = ends.get(start.__class__)
    position = 0
    while end is not None and (event := next_event()).__class__ is not end:
        index = event.start_mark.index
        name: str | int | None = position
        if end is MappingEndEvent:
            name = _name(event)
            _skip(next_event, event)
            event = next_event()
        if path and name == path[0]:
            found = _search(next_event, event, path[1:], index)
        else:
            _skip(next_event, event)
        position += 1
    return found


def _name(event: Any) -> str | None:
    if event.__class__ is not ScalarEvent:
        return None
    text: str = event.value
    try:
        return text if event.style else key(text, event.tag or "")
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
