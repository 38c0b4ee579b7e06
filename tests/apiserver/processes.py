"""Servers that end with the test run, however it ends, and the ports that they listen on."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .certificates import ADDRESS

# Reads process ids until the test run has gone away without ending them, then ends them.
_WATCH = 'while read -r id; do ids="$ids $id"; done; kill -KILL $ids; rm -rf "$1"'


class Processes:
    """Servers whose logs and data are in one folder.

    A test run that is killed cannot end what it started. So a shell, which the signals of
    a terminal do not reach, waits for the end of a pipe that only the test run holds.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._watch = subprocess.Popen(
            ["sh", "-c", _WATCH, "sh", str(folder)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def start(self, program: Path, *options: str) -> None:
        """Start a server; what it says goes to a file with its name."""
        with self._log(program.name).open("wb") as log:
            process = subprocess.Popen(
                [str(program), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )
        self._running[program.name] = process
        assert self._watch.stdin
        self._watch.stdin.write(f"{process.pid}\n")
        self._watch.stdin.flush()

    def end(self) -> None:
        """End all servers at once: nothing that they hold is kept."""
        for process in self._running.values():
            process.kill()
            process.wait()
        self._watch.kill()
        self._watch.communicate()

    def ended(self) -> list[str]:
        """The servers that have ended by themselves."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def last_words(self) -> str:
        """The end of each server's log."""
        return "\n".join(
            f"{name}: {line}"
            for name in self._running
            for line in self._log(name).read_text(errors="replace").splitlines()[-15:]
        )

    def ids(self) -> list[int]:
        """The servers' process ids."""
        return [process.pid for process in self._running.values()]

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


@contextmanager
def processes_in(folder: Path) -> Iterator[Processes]:
    """Servers that end when the block is left."""
    processes = Processes(folder)
    try:
        yield processes
    finally:
        processes.end()


@contextmanager
def held_port() -> Iterator[int]:
    """A port of this machine that nobody else is given while the block lasts.

    The socket that holds it never listens, so it takes no connection away from the server,
    which must be told to share the port.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((ADDRESS, 0))
        yield held.getsockname()[1]
