"""The command line. One file a command; what a command needs is imported when it runs."""

from __future__ import annotations

import gc
import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # whatever is imported here, Ctrl-C meanwhile would print a traceback
    from collections.abc import Sequence

INTERRUPTED = 130
"""What a shell gives a command that was stopped by Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line, that of this process when none is given; the exit code.

    It goes without Python's cyclic garbage collector, which would walk again and again through
    all that a dump holds, where there are no cycles to be found.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        from auditor.cli.console import Console
        from auditor.cli.parts import Parts
        from auditor.cli.program import run

        _write_what_others_can_read()
        console = Console(sys.stdout, sys.stderr, os.environ)
        return run(sys.argv[1:] if argv is None else argv, console, Parts())
    except KeyboardInterrupt:
        sys.stderr.write("mesh-auditor: interrupted\n")
        return INTERRUPTED
    finally:
        if collecting:
            gc.enable()


def _write_what_others_can_read() -> None:
    """UTF-8 into files and pipes; on a terminal what it knows, the rest written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
