"""What a person at a terminal sees while a dump is read."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from auditor.cli.console import Console

if TYPE_CHECKING:
    from tqdm import tqdm

SOON = 1.0
"""Seconds that a part of the work may take before a bar appears."""

LINES = 24
"""Some terminals say that they have none, and one line is all that is needed."""

CUT = "..."


class ReadingBar:
    """A bar on standard error for each part of the work, which goes when the part is over.

    Nothing is written where standard error is no terminal, or one that cannot erase.
    """

    def __init__(self, console: Console) -> None:
        self._stream = console.stderr
        self._columns = console.status_width
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def begin(self, doing: str, size: int) -> None:
        """Show a part of the work of so many bytes, if it takes long."""
        self._end()
        if self._columns is None:
            return
        from tqdm import tqdm  # not where nobody looks

        self._bar = tqdm(
            desc=_shortened(doing, self._columns // 2),
            total=size or None,
            file=self._stream,
            ncols=self._columns - 1,
            nrows=LINES,
            unit="B",
            unit_scale=True,
            delay=SOON,
            leave=False,
        )

    def advance(self, size: int) -> None:
        """Show that so many more bytes of it are done."""
        if self._bar is not None:
            self._bar.update(size)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _shortened(text: str, room: int) -> str:
    """A text without its middle, where it would leave no room for the figures."""
    if len(text) <= room:
        return text
    kept = room - len(CUT)
    return f"{text[: kept // 2]}{CUT}{text[kept // 2 - kept :]}"
