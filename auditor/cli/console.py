"""Where a command reads and writes, and what it knows of the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from auditor.cli.parser import Refused
from auditor.visible import visible

if TYPE_CHECKING:
    from auditor.render.page import Page

LEAST_COLUMNS = 40
"""No terminal is taken to be narrower: nothing could be read there."""


@dataclass(frozen=True)
class Console:
    """The streams and the environment of one run."""

    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]

    @property
    def width(self) -> int | None:
        """The columns of the terminal that standard output goes to; None where it is none."""
        return self._columns(self.stdout)

    @property
    def status_width(self) -> int | None:
        """The columns of the terminal that a line can be written to and erased again."""
        return None if self.environment.get("TERM") == "dumb" else self._columns(self.stderr)

    def _columns(self, stream: TextIO) -> int | None:
        if not stream.isatty():
            return None
        said = self.environment.get("COLUMNS", "")
        try:
            columns = int(said) if said.isdecimal() else 0
            columns = columns or os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            columns = 80
        return max(columns or 80, LEAST_COLUMNS)

    @property
    def colour(self) -> bool:
        """Whether colour is seen and wanted: https://no-color.org says how to refuse it."""
        refused = self.environment.get("NO_COLOR") or self.environment.get("TERM") == "dumb"
        return self.stdout.isatty() and not refused

    def say(self, text: str) -> None:
        """Write to standard output. A reader that stops reading changes no verdict."""
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            with suppress(OSError):  # the interpreter flushes once more when it ends
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())
        except OSError as error:
            raise Refused(f"standard output: {error.strerror}") from error

    def complain(self, text: str) -> None:
        """Write one line to standard error, whatever the text holds."""
        self.stderr.write(f"mesh-auditor: {visible(' '.join(text.split()))}\n")

    @property
    def debug(self) -> bool:
        """Whether a defect shall show its traceback, which may hold values of the input."""
        return self.environment.get("MESH_AUDITOR_DEBUG", "") not in ("", "0")


def page_of(
    console: Console,
    *,
    to_file: bool = False,
    verbose: bool = False,
    again: str = "",
    live: bool = False,
) -> Page:
    """What a report is printed on: a terminal, or a file or a pipe, where nothing is wrapped."""
    from auditor.render.page import Page

    width, colour = (None, False) if to_file else (console.width, console.colour)
    return Page(width, colour, verbose, again, live)
