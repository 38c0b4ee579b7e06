"""The members of a zip, by the directory at its end."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from auditor.sources.archives.bounds import (
    LARGEST,
    MEBIBYTE,
    Budget,
    Stopped,
    check_ratio,
)
from auditor.sources.archives.streams import CUT

ENCRYPTED = 0x1
UNIX = 3
LINK, KIND_OF_FILE = 0o120000, 0o170000
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


class Zip:
    """Gives members, and the bytes of each."""

    def __init__(self, raw: BinaryIO, budget: Budget) -> None:
        self._budget = budget
        try:
            self._zip = zipfile.ZipFile(raw)
        except FAULTS:
            raise Stopped(CUT) from None

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        for info in self._zip.infolist():
            self._budget.enter()
            yield info

    def data(self, info: zipfile.ZipInfo) -> bytes | None:
        """What a member holds; None where it is too large to be held.

        Raises `Stopped` where it cannot be read.
        """
        if info.file_size > LARGEST:
            return None
        pieces = []
        size = 0
        try:
            with self._zip.open(info) as file:
                while piece := file.read(MEBIBYTE):
                    pieces.append(piece)
                    size += len(piece)
                    self._budget.unpack(len(piece))
                    check_ratio(size, info.compress_size)
        except FAULTS:
            raise Stopped("is damaged, or packed in a way that is not read here") from None
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
