"""Ways of compression, all with the one interface that `bz2` and `lzma` have."""

from __future__ import annotations

import importlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

from auditor.sources.archives.bounds import MOST_MEMORY, Stopped

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
NO_ZSTD = "is packed with zstd, which needs `pip install zstandard`, or unpack it first"
SPOONFUL = 4096
"""So much of zstd, which cannot be asked for less, becomes 128 MiB at most."""


class Decompressor(Protocol):
    """What `bz2` and `lzma` give: a stream that says when it wants more, and when it ended."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Gzip:
    """The same for gzip, of which `zlib` leaves to the caller what it had no room for."""

    def __init__(self) -> None:
        self._inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._left = b""

    @property
    def eof(self) -> bool:
        return self._inflating.eof

    @property
    def needs_input(self) -> bool:
        return not self._left

    @property
    def unused_data(self) -> bytes:
        return self._inflating.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        found = self._inflating.decompress(self._left + data, max(max_length, 0))
        self._left = self._inflating.unconsumed_tail
        return found


class Zstandard:
    """The same for zstd, of which `zstandard` gives all that comes out of a piece at once."""

    def __init__(self, library: ModuleType) -> None:
        reading = library.ZstdDecompressor(max_window_size=MOST_MEMORY)
        self._reading = reading.decompressobj()
        self._in = b""
        self._out = io.BytesIO()
        self._size = 0

    @property
    def _given(self) -> bool:
        return self._out.tell() == self._size

    @property
    def eof(self) -> bool:
        return bool(self._reading.eof) and self._given

    @property
    def needs_input(self) -> bool:
        return self._given and not self._in

    @property
    def unused_data(self) -> bytes:
        unused: bytes = self._reading.unused_data
        return unused + self._in

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        self._in += data
        while self._given and self._in and not self._reading.eof:
            spoonful, self._in = self._in[:SPOONFUL], self._in[SPOONFUL:]
            out: bytes = self._reading.decompress(spoonful)
            self._out, self._size = io.BytesIO(out), len(out)
        return self._out.read(max_length)


@dataclass(frozen=True)
class Packing:
    """How a stream begins, what reads it, and what that raises where it is damaged."""

    magic: bytes
    start: Callable[[], Decompressor]
    error: type[Exception]


def zstd() -> Packing:
    """Zstd by Python's own library, which came with 3.14, else by `zstandard`.

    Raises `Stopped` where there is neither.
    """
    try:
        own = importlib.import_module("compression.zstd")
    except ImportError:
        pass
    else:
        return Packing(ZSTD_MAGIC, own.ZstdDecompressor, own.ZstdError)
    try:
        library = importlib.import_module("zstandard")
    except ImportError:
        raise Stopped(NO_ZSTD) from None
    return Packing(ZSTD_MAGIC, lambda: Zstandard(library), library.ZstdError)
