"""The members of a zip, by the directory at its end."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from auditor.sources.archives.bounds import (
    LARGEST,
    MEBIBYTE,
    MOST_MEMBERS,
    TOO_MANY_MEMBERS,
    Budget,
    Ratio,
    Stopped,
)
from auditor.sources.archives.streams import CUT

ENCRYPTED = 0x1
UNIX = 3
LINK, KIND_OF_FILE = 0o120000, 0o170000
ENTRY = b"PK\x01\x02"
"""What an entry of the directory begins with."""
METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd", 99: "AES"}
"""What members are packed with that are not read, by APPNOTE's section 4.4.5. Of those `zipfile`
unpacks two, but all that a piece holds at once: a hundred bytes of bzip2 hold 100 MiB."""
READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises of an archive that is broken, or packed in a way that it does not know."""


class Unreadable(Exception):
    """A member that cannot be read, though its archive can: why, in words that follow a name."""


class _Counted(io.BufferedIOBase):
    """The file of an archive, whose directory is counted before `zipfile` keeps all of it."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def read(self, size: int | None = -1) -> bytes:
        data = self._raw.read(-1 if size is None else size)
        if data.startswith(ENTRY) and data.count(ENTRY) > MOST_MEMBERS:
            raise Stopped(TOO_MANY_MEMBERS)
        return data


class Zip:
    """Gives members, and the bytes of each."""

    def __init__(self, raw: BinaryIO, budget: Budget) -> None:
        self._budget = budget
        self._ratio = Ratio(raw.seek(0, os.SEEK_END))
        try:
            self._zip = zipfile.ZipFile(_Counted(raw))
        except FAULTS:
            raise Stopped(CUT) from None

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        for info in self._zip.infolist():
            self._budget.enter()
            yield info

    def data(self, info: zipfile.ZipInfo) -> bytes | None:
        """What a member holds; None where it is too large to be held.

        Raises `Unreadable` where it is broken or packed in another way than is read here, and
        `Stopped` where it is too much in all.
        """
        if info.compress_type not in READ:
            method = METHODS.get(info.compress_type, f"method {info.compress_type}")
            raise Unreadable(f"is packed with {method} and was not read; pack it anew")
        if info.file_size > LARGEST:
            return None
        pieces = []
        try:
            with self._zip.open(info) as file:
                while piece := file.read(MEBIBYTE):
                    pieces.append(piece)
                    self._budget.unpack(len(piece))
                    self._ratio.give(len(piece))
        except FAULTS:
            raise Unreadable("is damaged, or packed in a way that is not read here") from None
        return b"".join(pieces)


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & ENCRYPTED)


def is_link(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return info.create_system == UNIX and mode & KIND_OF_FILE == LINK


def modified(info: zipfile.ZipInfo) -> datetime | None:
    """When the member was changed, by a clock whose zone nobody noted."""
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None
