"""What is left of a zip that was cut, and with it lost its directory, which stands at the end.

Each member has a header of its own in front of it. (APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.4)
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator

from auditor.sources.archives.bounds import LARGEST, MEBIBYTE, Budget, Ratio
from auditor.sources.archives.streams import CHUNK, Stream

HEADER = struct.Struct("<4sHHHHHIIIHH")
MAGIC = b"PK\x03\x04"
ENCRYPTED, SIZES_FOLLOW, UTF_8 = 0x1, 0x8, 0x800
UNKNOWN_SIZE = 0xFFFFFFFF
MARK, MARKED = b"PK\x07\x08", 16
"""What follows a member whose sizes were not known before: its mark, which may be missing, and
its size with it."""


def remains(stream: Stream, budget: Budget, ratio: Ratio) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the members that precede the cut, the last one as far as it goes.

    It ends at the first that cannot be read so: encrypted, packed in a rare way, of no told size.
    """
    while len(head := stream.read(HEADER.size)) == HEADER.size and head.startswith(MAGIC):
        _, _, flags, method, _, _, _, packed, size, name_size, extra_size = HEADER.unpack(head)
        name = stream.read(name_size).decode("utf-8" if flags & UTF_8 else "cp437", "replace")
        stream.skip(extra_size)
        budget.enter()
        told = not flags & SIZES_FOLLOW and packed != UNKNOWN_SIZE and size <= LARGEST
        if flags & ENCRYPTED or (method == zipfile.ZIP_STORED and not told):
            return
        if method == zipfile.ZIP_STORED:
            yield name, stream.read(packed)
        elif method == zipfile.ZIP_DEFLATED:
            yield name, _inflated(stream, budget, ratio)
        else:
            return
        if flags & SIZES_FOLLOW and not name.endswith("/"):
            _skip_descriptor(stream)


def _inflated(stream: Stream, budget: Budget, ratio: Ratio) -> bytes:
    """The member that begins here, which says itself where it ends."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    size = 0
    while not inflating.eof and size <= LARGEST:
        data = inflating.unconsumed_tail or stream.read(CHUNK)
        try:
            piece = inflating.decompress(data, MEBIBYTE)
        except zlib.error:
            break
        if not data and not piece:
            break
        budget.unpack(len(piece))
        ratio.give(len(piece))
        size += len(piece)
        pieces.append(piece)
    stream.put_back(inflating.unused_data)
    return b"".join(pieces)


def _skip_descriptor(stream: Stream) -> None:
    head = stream.read(MARKED)
    stream.put_back(head[MARKED if head.startswith(MARK) else MARKED - len(MARK) :])
