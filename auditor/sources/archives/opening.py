"""Archives and compressed files, turned into the files that they hold. Nothing goes to disk."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO
from zipfile import ZipInfo

from auditor.snapshot import Remark
from auditor.sources.archives import tars, zips
from auditor.sources.archives.bounds import LARGEST, MEBIBYTE, Budget, Ratio, Stopped
from auditor.sources.archives.member import Member, member
from auditor.sources.archives.names import (
    LONGEST_NAME,
    Outside,
    is_a_folder,
    leads_to,
    place_of,
    walking_order,
)
from auditor.sources.archives.remains import remains
from auditor.sources.archives.streams import COMPRESSED, Stream, unpacked
from auditor.sources.contents import TAR_HEADER, packed
from auditor.sources.files import Content, Left, OnDisk
from auditor.sources.junk import LOG, holds_nothing, uselessness
from auditor.sources.watching import begin, so_far
from auditor.visible import visible

OPENED = COMPRESSED | {"tar", "zip"}
LINK = "a link that leads nowhere in the archive; it was not followed"
TOO_LARGE = f"is larger than {LARGEST // MEBIBYTE:,} MiB and was not read"
SMALL = MEBIBYTE
"""What is kept whatever is in it: a layout may want to know."""
HEAD = max(TAR_HEADER, 16)


@dataclass
class _Opened:
    """What was found so far, by its place in the archive."""

    name: str
    prefix: str
    budget: Budget
    contents: dict[str, Content] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    links: dict[str, str | None] = field(default_factory=dict)
    passed: Callable[[int], None] = field(default_factory=so_far)

    def called(self, place: str) -> str:
        return f"{self.prefix}{visible(place)}"

    def place(self, name: str) -> str | None:
        """Where a member belongs; None for one whose name leads out, which is told."""
        self.budget.name(name)
        try:
            return place_of(name)
        except Outside as outside:
            where = f"{self.name}: {visible(name)[:200]}"
            self.contents[f"\0{len(self.contents)}"] = Left(where, str(outside))
            return None

    def hold(self, place: str, content: Content) -> None:
        """Keep a file; of two at one place the last one wins, as when it is unpacked."""
        if place in self.contents:
            self.remarks.append(Remark(self.called(place), "is there twice; the last was taken"))
        self.contents[place] = content
        self.links.pop(place, None)

    def take(self, place: str, data: bytes, modified: datetime | None) -> None:
        """Keep what a file holds, if it may be of use."""
        if len(data) > SMALL and holds_nothing(data):
            self.hold(place, Left(self.called(place), LOG, hides=False))
            return
        kept = member(self.called(place), data, modified)
        self.budget.hold(len(kept.held))
        self.hold(place, kept)

    def leave(self, place: str, why: str, *, hides: bool = True) -> None:
        """Note a file that is not read."""
        self.hold(place, Left(self.called(place), why, hides))

    def stop(self, why: str) -> None:
        """Note that the archive holds more than could be read."""
        self.contents[f"\0{len(self.contents)}"] = Left(self.name, why)

    def found(self) -> Iterator[Content | Remark]:
        """Everything, in the order in which a directory is walked."""
        places = sorted(self.contents) if self.links else []
        for place, target in self.links.items():
            if target not in self.contents and not is_a_folder(target, places):
                self.remarks.append(Remark(self.called(place), LINK))
        for _, content in sorted(self.contents.items(), key=lambda it: walking_order(it[0])):
            yield content
        yield from dict.fromkeys(self.remarks)


def opened(content: Content, prefix: str, budget: Budget) -> Iterator[Content | Remark]:
    """The files that an archive holds, or the content itself where it is none.

    `prefix` is what their names begin with. What could not be read is told as what is `Left`.
    """
    try:
        name = packed(content.part(0, HEAD))
    except OSError:
        name = None  # whoever reads it says why it cannot be read
    if name not in OPENED:
        yield content
        return
    found = _Opened(content.name, prefix, budget)
    with _stream(content) as raw:
        size = _size(raw)
        found.passed = begin(f"unpacking {content.name}", size)
        if not isinstance(content, Member):
            budget.admit(size)
        try:
            if name == "zip":
                _zip(raw, found)
            elif name == "tar":
                _tar(raw, Stream(raw, budget), found)
            else:
                _compressed(raw, name, content.name, found)
        except Stopped as stopped:
            found.stop(str(stopped))
        except OSError as error:
            found.stop(f"cannot be read: {error.strerror or type(error).__name__}")
    yield from found.found()


def _stream(content: Content) -> BinaryIO:
    if isinstance(content, OnDisk):
        return content.path.open("rb")
    return io.BytesIO(content.data())


def _size(raw: BinaryIO) -> int:
    size = raw.seek(0, os.SEEK_END)
    raw.seek(0)
    return size


def _compressed(raw: BinaryIO, name: str, called: str, found: _Opened) -> None:
    """A compressed tar, or one compressed file, which keeps its name."""
    stream = unpacked(raw, name, found.budget)
    head = stream.read(HEAD)
    stream.put_back(head)
    if packed(head) == "tar" or head == bytes(TAR_HEADER):  # the latter holds no file
        _tar(raw, stream, found)
        return
    pieces = []
    size = 0
    try:
        while (piece := stream.read(MEBIBYTE)) and size <= LARGEST:
            pieces.append(piece)
            size += len(piece)
            found.passed(raw.tell())
    except Stopped as stopped:
        found.stop(str(stopped))
    if size > LARGEST:
        found.stop(TOO_LARGE)
        return
    kept = member(called, b"".join(pieces), None)
    found.budget.hold(len(kept.held))
    found.contents[""] = kept


def _tar(raw: BinaryIO, stream: Stream, found: _Opened) -> None:
    members = tars.Tar(stream, found.budget)
    for entry in members:
        found.passed(raw.tell())
        if entry.directory:
            continue
        if (place := found.place(entry.name)) is None:
            continue
        if entry.link is not None:
            found.links[place] = entry.link if entry.hard else leads_to(place, entry.link)
        elif not entry.regular:
            found.remarks.append(Remark(found.called(place), "a device; it was not opened"))
        elif why := uselessness(place, entry.size):
            found.leave(place, why, hides=False)
        elif entry.sparse:
            found.leave(place, "is a file with holes and was not read")
        elif (data := members.data()) is None:
            found.leave(place, TOO_LARGE)
        else:
            found.take(place, data, _moment(entry.modified))


def _moment(seconds: float) -> datetime | None:
    """A time of the tar, where it is one: tools that make archives anew write 0."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None


def _zip(raw: BinaryIO, found: _Opened) -> None:
    try:
        members = zips.Zip(raw, found.budget)
    except Stopped:
        ratio = Ratio(_size(raw))
        for name, content in remains(Stream(raw, found.budget), found.budget, ratio):
            if content and (place := found.place(name)) is not None:
                found.take(place, content, None)
        raise
    for info in members:
        found.passed(info.header_offset)
        if not info.filename.endswith("/") and (place := found.place(info.filename)) is not None:
            _zipped(members, info, place, found)


def _zipped(members: zips.Zip, info: ZipInfo, place: str, found: _Opened) -> None:
    if why := uselessness(place, info.file_size):
        found.leave(place, why, hides=False)
    elif zips.is_encrypted(info):
        found.leave(place, "is encrypted and was not read; unpack it with its password")
    else:
        try:
            data = members.data(info)
        except zips.Unreadable as unreadable:
            found.leave(place, str(unreadable))
            return
        if data is None:
            found.leave(place, TOO_LARGE)
        elif zips.is_link(info):
            found.links[place] = leads_to(place, data[:LONGEST_NAME].decode("utf-8", "replace"))
        else:
            found.take(place, data, zips.modified(info))
