"""What a person at a terminal sees while a cluster is read."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from auditor.cli.console import Console

if TYPE_CHECKING:
    from auditor.kinds import Kind
    from auditor.sources.live import Progress

ERASED = "\r\x1b[K"
"""Back to the beginning of the line, and nothing on it."""


class Status:
    """One line on standard error that says how far reading is, and goes when it is over.

    Nothing is written where standard error is no terminal, or one that cannot erase.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._read: set[tuple[Kind, str]] = set()

    def __enter__(self) -> Self:
        self._write("reading the cluster")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._write("")

    def show(self, progress: Progress) -> None:
        """Show how far the reading of a kind is, and how many kinds have been read."""
        where = f" in {progress.namespace}" if progress.namespace else ""
        said = f"reading {progress.kind}{where}: {progress.objects}"
        if progress.done:
            self._read.add((progress.kind, progress.namespace))
        elif progress.remaining is not None:
            said += f", {progress.remaining} to come"
        self._write(f"{said} (lists read: {len(self._read)})")

    def _write(self, text: str) -> None:
        columns = self._console.status_width
        if columns is None:
            return
        self._console.stderr.write(ERASED + text[: columns - 1])
        self._console.stderr.flush()
