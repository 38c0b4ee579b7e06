"""The files that a person pointed at, in an order that is always the same."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from auditor.snapshot import Remark
from auditor.sources.source import Unusable
from auditor.visible import visible

STANDARD_INPUT = "-"
VERSION_CONTROL = frozenset((".git", ".hg", ".svn"))
"""Folders of old versions of files, packed in ways of their own. They are no part of a dump."""


MOST_AT_ONCE = 4 * 1024**3
"""Bytes of one text, or of standard input, which has to be held."""
PIECE = 1024 * 1024
TOO_MUCH = f"larger than {MOST_AT_ONCE // 1024**3} GiB"


class Content(Protocol):
    """Bytes that can be read again, to quote the line that a piece of evidence is on."""

    @property
    def name(self) -> str:
        """How a person who pointed at it would call it."""

    def data(self) -> bytes:
        """All of it. Raises `OSError` where it cannot be read."""

    def part(self, start: int, size: int) -> bytes:
        """Some of it, from a byte on."""


@dataclass(frozen=True)
class OnDisk:
    """A file that stays where it is."""

    name: str
    path: Path = field(compare=False)

    def data(self) -> bytes:
        if self.path.stat().st_size > MOST_AT_ONCE:
            raise OSError(errno.EFBIG, f"{TOO_MUCH}; give it in parts")
        return self.path.read_bytes()

    def part(self, start: int, size: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(size)


@dataclass(frozen=True)
class InMemory:
    """What can be read only once, such as standard input, and is kept."""

    name: str
    held: bytes = field(repr=False)

    def data(self) -> bytes:
        return self.held

    def part(self, start: int, size: int) -> bytes:
        return self.held[start : start + size]


def read_once(stream: BinaryIO, name: str) -> bytes:
    """All that comes out of a pipe. Raises `Unusable` where it would not end."""
    pieces = []
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > MOST_AT_ONCE:
            raise Unusable(f"{name}: {TOO_MUCH}; save it to a file and name that")
        pieces.append(piece)
    return b"".join(pieces)


def named(pointed: str) -> str:
    """How a path, or `-`, is called in reports."""
    return "standard input" if pointed == STANDARD_INPUT else visible(pointed)


def contents(pointed: str, stdin: BinaryIO, alone: bool) -> Iterator[Content | Remark]:
    """All that a path, or `-`, stands for, and remarks on what was passed over.

    What a directory holds is named by its path in there, if the directory is `alone`. Raises
    `Unusable` where nothing is there.
    """
    if pointed == STANDARD_INPUT:
        yield InMemory(named(pointed), read_once(stdin, named(pointed)))
        return
    path = Path(pointed)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise Unusable(f"{named(pointed)}: {_said(error)}") from None
    if stat.S_ISDIR(mode):
        yield from _within(path, "" if alone else f"{named(pointed).rstrip('/')}/")
    elif stat.S_ISREG(mode):
        yield OnDisk(named(pointed), path)
    elif stat.S_ISFIFO(mode):
        with path.open("rb") as pipe:
            yield InMemory(named(pointed), read_once(pipe, named(pointed)))
    else:
        raise Unusable(f"{named(pointed)}: neither a file nor a directory; give it a dump")


def _said(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or directory; check the path"
    return (error.strerror if isinstance(error, OSError) else None) or "cannot be opened"


def why_unread(error: OSError) -> str:
    """What the operating system says about a file that it does not give."""
    return f"cannot be read: {error.strerror or type(error).__name__}"


@dataclass(frozen=True)
class Left:
    """Something that is there and was not looked into. `hides`: it may hold objects."""

    name: str
    why: str
    hides: bool = True

    def data(self) -> bytes:
        raise OSError(self.why)

    def part(self, start: int, size: int) -> bytes:  # noqa: ARG002 - the protocol's
        raise OSError(self.why)


def _within(folder: Path, name: str) -> Iterator[Content | Remark]:
    """All files below a folder: those of each folder, then what its folders hold."""
    top = folder.resolve()
    waiting = [(folder, name)]
    while waiting:
        folder, name = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Left(name or visible(str(folder)), why_unread(error))
            continue
        inside = []
        for entry in entries:
            called = f"{name}{visible(entry.name)}"
            if not entry.is_symlink() and entry.is_dir():
                if entry.name not in VERSION_CONTROL:
                    inside.append((Path(entry.path), f"{called}/"))
            elif found := _entry(entry, called, top):
                yield found
        waiting += reversed(inside)


def _entry(entry: os.DirEntry[str], called: str, top: Path) -> Content | Remark | None:
    path = Path(entry.path)
    if entry.is_symlink():
        if _inside(path, top):
            return None  # it is read under its own name
        return Remark(called, "a link that leads nowhere in here; it was not followed")
    if entry.is_file():
        return OnDisk(called, path)
    return Remark(called, "neither a file nor a directory; it was not opened")


def _inside(link: Path, top: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False
