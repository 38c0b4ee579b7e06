"""Compressed bytes as a stream that is read once, from its beginning to where it is broken."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Mapping
from typing import BinaryIO, NoReturn

from auditor.sources.archives.bounds import (
    MEBIBYTE,
    MOST_MEMORY,
    Budget,
    Stopped,
    check_ratio,
)
from auditor.sources.archives.packings import Gzip, Packing, zstd

CHUNK = 64 * 1024
PIECE = 32 * 1024
"""So much is unpacked at a time, however little is asked for; damage costs no more than that."""
CUT = "is cut short, and nobody knows what followed; fetch it again"
DAMAGED = "is damaged, and nobody knows what followed; fetch it again"


ALWAYS: Mapping[str, Packing] = {
    "gzip": Packing(b"\x1f\x8b", Gzip, zlib.error),
    "bzip2": Packing(b"BZh", bz2.BZ2Decompressor, OSError),
    "xz": Packing(
        b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(memlimit=MOST_MEMORY), lzma.LZMAError
    ),
}
COMPRESSED = frozenset((*ALWAYS, "zstd"))


class Stream:
    """Bytes to be read once, in order."""

    def __init__(self, raw: BinaryIO, budget: Budget) -> None:
        self._raw = raw
        self._budget = budget
        self._stopped: Stopped | None = None
        self._ready = b""
        self._at = 0

    def read(self, size: int) -> bytes:
        """So many bytes, or as many as there are before the end.

        Raises `Stopped` where there should be more, once all has been given that there is.
        """
        pieces = []
        while size > 0:
            if self._at == len(self._ready) and not self._more():
                break
            piece = self._ready[self._at : self._at + size]
            self._at += len(piece)
            pieces.append(piece)
            size -= len(piece)
        if self._stopped and not pieces and size > 0:
            raise self._stopped
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def put_back(self, data: bytes) -> None:
        """Let bytes that were only looked at be read once more."""
        if self._ready.endswith(data, 0, self._at):
            self._at -= len(data)
        else:
            self._ready, self._at = data + self._ready[self._at :], 0

    def _more(self) -> bool:
        """Have some more bytes ready, if there are any."""
        if self._stopped is not None:
            return False
        self._ready, self._at = b"", 0
        try:
            piece = self._some(PIECE)
            self._budget.unpack(len(piece))
        except Stopped as stopped:
            self._stopped = stopped
            return False
        self._ready = piece
        return bool(piece)

    def cut(self) -> NoReturn:
        """Say that there should be more, and why there is not."""
        raise self._stopped or Stopped(CUT)

    def skip(self, size: int) -> bool:
        """Read past so many bytes; whether they were there."""
        while size > 0:
            piece = self.read(min(size, MEBIBYTE))
            if not piece:
                return False
            size -= len(piece)
        return True

    def _some(self, size: int) -> bytes:
        return self._raw.read(size)


class Decompressed(Stream):
    """What comes out of a compressed stream, or of several that follow each other."""

    def __init__(self, raw: BinaryIO, budget: Budget, packing: Packing) -> None:
        super().__init__(raw, budget)
        self._packing = packing
        self._decompressor = packing.start()
        self._waiting = b""
        self._taken = self._given = 0
        self._ended = False

    def _some(self, size: int) -> bytes:
        while not self._ended:
            if self._decompressor.eof and not self._begins_again():
                break
            try:
                found = self._decompress(size)
            except (self._packing.error, EOFError):
                self._ended = True
                raise Stopped(DAMAGED) from None
            if found:
                self._given += len(found)
                check_ratio(self._given, self._taken)
                return found
        return b""

    def _decompress(self, size: int) -> bytes:
        if not self._decompressor.needs_input:
            return self._decompressor.decompress(b"", size)
        data = self._waiting or self._fill()
        self._waiting = b""
        found = self._decompressor.decompress(data, size)
        if not data and not found and not self._decompressor.eof:
            self._ended = True
            raise Stopped(CUT)
        return found

    def _begins_again(self) -> bool:
        """Whether another stream follows; what else may follow is padding, and no matter."""
        rest = self._decompressor.unused_data + self._waiting
        self._waiting = b""
        while len(rest) < len(self._packing.magic) and (more := self._fill()):
            rest += more
        if rest.startswith(self._packing.magic):
            self._waiting = rest
            self._decompressor = self._packing.start()
            return True
        self._ended = True
        return False

    def _fill(self) -> bytes:
        data = self._raw.read(CHUNK)
        self._taken += len(data)
        return data


def unpacked(raw: BinaryIO, name: str, budget: Budget) -> Stream:
    """What a compressed file holds. Raises `Stopped` where nobody can tell."""
    return Decompressed(raw, budget, zstd() if name == "zstd" else ALWAYS[name])
