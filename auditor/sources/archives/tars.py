"""The members of a tar, one after the other as they come."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.sources.archives.bounds import LARGEST, Budget, Stopped
from auditor.sources.archives.streams import DAMAGED, Stream

BLOCK = tarfile.BLOCKSIZE
LONGEST_HEADER = 1024 * 1024
"""What may stand of a member before it: its long name, its times, its attributes."""
MOST_BEFORE_A_MEMBER = 100
"""Headers of this kind; a long name, a long link and records of POSIX are three."""
AFTER_THE_END = 64 * 1024
GNU_SPARSE = "GNU.sparse."
SPARSE_GOES_ON, SPARSE_GOES_ON_STILL = 482, 504
"""The bytes that say whether another block follows with the map of a file with holes."""


@dataclass(frozen=True)
class Entry:
    """What a tar says of a member. `link`: what it is a link to, where it is one."""

    name: str
    size: int
    modified: float
    link: str | None = None
    hard: bool = False
    regular: bool = False
    directory: bool = False
    sparse: bool = False


class Tar:
    """Gives entries, and the bytes of each until the next is asked for."""

    def __init__(self, stream: Stream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._left = self._padding = 0

    def __iter__(self) -> Iterator[Entry]:
        """All members. Raises `Stopped` where the archive ends before its end mark."""
        while (entry := self._next()) is not None:
            self._budget.enter()
            yield entry
        self._end()

    def data(self) -> bytes | None:
        """What the present member holds; None where it is too large to be held.

        Where the archive is cut in it, that is what precedes the cut.
        """
        if self._left > LARGEST:
            return None
        pieces = []
        while self._left and (piece := self._stream.read(min(self._left, LARGEST))):
            pieces.append(piece)
            self._left -= len(piece)
        return b"".join(pieces)

    def _next(self) -> Entry | None:
        long: dict[str, str] = {}
        for _ in range(MOST_BEFORE_A_MEMBER):
            if not self._stream.skip(self._left + self._padding):
                self._stream.cut()
            header = self._header()
            if header is None:
                return None
            self._left, self._padding = header.size, -header.size % BLOCK
            if header.type not in _BEFORE_A_MEMBER:
                return self._entry(header, long)
            if header.size > LONGEST_HEADER:
                raise Stopped(DAMAGED)
            said = self.data() or b""
            if header.type == tarfile.GNUTYPE_LONGNAME:
                long["path"] = _text(said.rstrip(b"\0"))
            elif header.type == tarfile.GNUTYPE_LONGLINK:
                long["linkpath"] = _text(said.rstrip(b"\0"))
            elif header.type != tarfile.XGLTYPE:
                long.update(_pax(said))
        raise Stopped(DAMAGED)

    def _header(self) -> tarfile.TarInfo | None:
        block = self._stream.read(BLOCK)
        if len(block) < BLOCK:
            self._stream.cut()
        if not any(block):
            return None
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.TarError, ValueError):
            raise Stopped(DAMAGED) from None
        if header.size < 0:
            raise Stopped(DAMAGED)
        if header.type == tarfile.GNUTYPE_SPARSE:
            goes_on = block[SPARSE_GOES_ON]
            while goes_on:
                block = self._stream.read(BLOCK)
                goes_on = len(block) == BLOCK and block[SPARSE_GOES_ON_STILL]
        return header

    def _entry(self, header: tarfile.TarInfo, long: dict[str, str]) -> Entry:
        size = header.size
        if (said := long.get("size")) is not None:
            if not said.isascii() or not said.isdigit() or len(said) > len(str(2**63)):
                raise Stopped(DAMAGED)
            size = int(said)
        regular = header.isreg() or header.type not in tarfile.SUPPORTED_TYPES
        size = size if regular else 0
        self._left, self._padding = size, -size % BLOCK
        is_link = header.issym() or header.islnk()
        return Entry(
            long.get("path", header.name),
            size,
            header.mtime,
            long.get("linkpath", header.linkname) if is_link else None,
            hard=header.islnk(),
            regular=regular,
            directory=header.isdir(),
            sparse=header.issparse() or any(key.startswith(GNU_SPARSE) for key in long),
        )

    def _end(self) -> None:
        """Read on to the end, so that a damage shows that lies behind the last member."""
        rest = self._stream.read(AFTER_THE_END)
        if any(rest):
            raise Stopped("goes on behind its end mark, and what follows was not read")


_BEFORE_A_MEMBER = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _pax(records: bytes) -> dict[str, str]:
    """The records `length key=value` that stand before a member."""
    found = {}
    start = 0
    while start < len(records) and records[start : start + 1] != b"\0":
        length, space, _ = records[start : start + 20].partition(b" ")
        if not space or not length.isdigit() or int(length) <= len(length) + 1:
            raise Stopped(DAMAGED)
        record = records[start + len(length) + 1 : start + int(length)]
        key, _, value = record.rstrip(b"\n").partition(b"=")
        found[_text(key)] = _text(value)
        start += int(length)
    return found
