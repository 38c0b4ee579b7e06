"""Where an object was read, down to the line of each of its fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from auditor.documents import Located, line_of, lines
from auditor.sources.contents import is_wide
from auditor.sources.files import Content


@dataclass(frozen=True)
class Slice:
    """The part of a content that an object is in; it is read again only to quote its lines."""

    content: Content
    first: int
    """The line, from 1, that the object begins on."""
    last: int
    column: int
    start: int = field(repr=False)
    """The byte at which the part begins, and how many lines are above it."""
    size: int = field(repr=False)
    above: int = field(repr=False)

    @property
    def file(self) -> str:
        return self.content.name

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """The line of a field; None where the content is gone by now, or is another."""
        if self.first == self.last:
            return self.first
        try:
            part = _lines(self)
        except OSError:
            return None
        above = self.above
        line = line_of(part, self.first - above, self.column, path, self.last - above)
        return None if line is None else line + above


@lru_cache(1)
def _lines(part: Slice) -> list[str]:
    return lines(part.content.part(part.start, part.size))


@dataclass(frozen=True)
class AtLine:
    """Where an object was read whose fields have no lines of their own: what is printed, packed or
    generated has all of it on one line of a file, or on none that anybody sees.
    """

    file: str
    first: int | None = None

    def line(self, path: tuple[str | int, ...]) -> int | None:  # noqa: ARG002, the protocol's
        return self.first


class Slices:
    """Finds the bytes of lines, going through a content once from its beginning to its end."""

    def __init__(self, content: Content, data: bytes) -> None:
        self._content = content
        self._data = data
        self._wide = is_wide(data)
        self._line = 1
        self._start = 0
        self._after = (1, 0)

    def of(self, place: Located) -> Slice:
        """Where a mapping stands."""
        if self._wide:
            start, size, above = 0, len(self._data), 0
        else:
            if place.line < self._line:
                self._line, self._start = 1, 0
            start = self._start = self._line_start(place.line)
            self._line = place.line
            if self._after[0] != place.last + 1:
                self._after = (place.last + 1, self._line_start(place.last + 1))
            size = self._after[1] - start
            above = place.line - 1
        return Slice(self._content, place.line, place.last, place.column, start, size, above)

    def _line_start(self, line: int) -> int:
        start = self._start
        for _ in range(line - self._line):
            start = self._data.find(b"\n", start) + 1
            if not start:
                return len(self._data)
        return start
