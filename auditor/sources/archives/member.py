"""The files in an archive, held as they are found, since an archive may be read only once."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from auditor.sources.contents import packed

FAST = 1


@dataclass(frozen=True)
class Member:
    """A file of an archive. It is held compressed: lists of objects shrink to a tenth at least.

    Lines of evidence are quoted from here, without going through the archive again.
    """

    name: str
    modified: datetime | None = field(compare=False)
    held: bytes = field(compare=False, repr=False)
    deflated: bool = field(default=True, compare=False)
    size: int = field(default=0, compare=False)
    """Of its data."""

    def data(self) -> bytes:
        return zlib.decompress(self.held) if self.deflated else self.held

    def part(self, start: int, size: int) -> bytes:
        return (_inflated(self.held) if self.deflated else self.held)[start : start + size]


@lru_cache(maxsize=1)
def _inflated(held: bytes) -> bytes:
    """The same again, for the many pieces of evidence that lie in one file."""
    return zlib.decompress(held)


def member(name: str, data: bytes, modified: datetime | None) -> Member:
    """A file of an archive, or what a compressed file holds."""
    if packed(data):
        return Member(name, modified, data, deflated=False, size=len(data))
    return Member(name, modified, zlib.compress(data, FAST), size=len(data))
