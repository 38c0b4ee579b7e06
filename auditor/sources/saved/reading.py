"""Reading a snapshot back. Nothing of it is extracted, and no more is read than is sensible."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from auditor.kinds import KINDS, Kind
from auditor.objects import Obj
from auditor.seen import Seen
from auditor.snapshot import Remark, Snapshot, gap
from auditor.sources.files import Content, why_unread
from auditor.sources.findings import Findings, Version
from auditor.sources.origin import AtLine
from auditor.sources.saved.form import LAYOUT, MARKER, SCHEMA, gap_of, member_of, not_kept
from auditor.sources.source import Unusable
from auditor.sources.wellformed import Amiss, wellformed
from auditor.visible import visible
from auditor.withheld import Withheld

GZIP = b"\x1f\x8b"
FIRST = 512
"""Bytes that are enough to see the name of the first member, packed or not."""
LARGEST = 1 << 30
"""Bytes of a snapshot when it is unpacked: some hundred thousand pods."""
TAKE_IT_AGAIN = "take it again with `mesh-auditor snapshot`"


def is_snapshot(content: Content) -> bool:
    """Whether a file is a snapshot, told by the name of what is first in it."""
    try:
        start = content.part(0, FIRST)
        if not start.startswith(GZIP):
            return False
        header = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, FIRST)
    except (OSError, zlib.error):
        return False
    return header.startswith(MARKER.encode() + b"\0")


def read_snapshot(content: Content) -> Snapshot:
    """The snapshot as it was seen. Raises `Unusable` where the file is not as it was written."""
    try:
        return _snapshot(content)
    except OSError as error:
        broken = isinstance(error, gzip.BadGzipFile)
        why = f"is damaged; {TAKE_IT_AGAIN}" if broken else why_unread(error)
    except (EOFError, zlib.error, tarfile.TarError):
        why = f"is damaged or cut short; {TAKE_IT_AGAIN}"
    except _Amiss as amiss:
        why = f"{amiss}; {TAKE_IT_AGAIN}"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        why = f"is not as `mesh-auditor snapshot` writes it; {TAKE_IT_AGAIN}"
    raise Unusable(f"{content.name}: {why}")


def findings_of(content: Content) -> tuple[Findings, datetime | None]:
    """What a snapshot adds to other sources, and when it was taken."""
    snapshot = read_snapshot(content)
    found = Findings(content.name, layout=LAYOUT, remarks=list(snapshot.remarks), kubernetes=True)
    for kind, seen in snapshot.kinds.items():
        found.lists.add(kind)
        if not seen.gaps:
            found.everywhere.add(kind)
        found.gaps += [(kind, gap) for gap in seen.gaps]
        found.objects += [
            Version(replace(thing, origin=AtLine(content.name)), False, None)
            for thing in seen.so_far
        ]
    return found, snapshot.time


class _Amiss(Exception):
    """What is wrong with a file that begins as a snapshot does."""


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it is longer than a snapshot can be."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._left = LARGEST

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > self._left or size < 0:
            raise _Amiss(f"is longer than {LARGEST >> 20} MiB")
        data = self._stream.read(size)
        self._left -= len(data)
        return data


def _snapshot(content: Content) -> Snapshot:
    with gzip.GzipFile(fileobj=io.BytesIO(content.data())) as packed:
        stream = _Bounded(packed)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            members = dict(_members(tar))
        while stream.read(FIRST):  # to its end, where the sum of what was packed stands
            pass
    header = json.loads(members[MARKER])
    if header["schema"] != SCHEMA:
        said = visible(str(header["schema"]))
        raise _Amiss(f"is of the form {said}, which this version does not read")
    kinds: dict[Kind, Seen[Obj]] = {}
    for entry in header["kinds"]:
        if kind := KINDS.get((entry["group"], entry["kind"])):
            kinds[kind] = _seen(kind, entry, members.get(member_of(kind), b""), header)
    return Snapshot(
        kinds,
        visible(f"{content.name} of {header['description']}"),
        (LAYOUT,),
        datetime.fromisoformat(header["time"]) if header["time"] else None,
        remarks=tuple(Remark(it["where"], it["what"]) for it in header["remarks"]),
    )


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        file = tar.extractfile(member) if member.isreg() else None
        if file is None:
            raise _Amiss("holds something that is no file")
        yield member.name, file.read(member.size)


def _seen(
    kind: Kind, entry: Mapping[str, Any], text: bytes, header: Mapping[str, Any]
) -> Seen[Obj]:
    """What was seen of a kind, and what may be missing of it."""
    if lacking := not_kept(kind, entry["keeps"]):
        version = visible(str(header["tool"]["version"]))
        why = f"saved by version {version}, which did not keep {lacking[0]}"
        return Seen(gaps=(gap(kind, why, get=TAKE_IT_AGAIN),))
    things = tuple(_object(kind, line) for line in text.splitlines())
    if len(things) != entry["objects"]:
        raise _Amiss(f"holds {len(things)} of {entry['objects']} objects of {kind}")
    return Seen(things, tuple(map(gap_of, entry["gaps"])))


def _object(kind: Kind, line: bytes) -> Obj:
    """An object as it was kept, with what was withheld of it in its places."""
    entry = json.loads(line)
    fields = entry["object"]
    for hidden in entry["withheld"]:
        *above, last = hidden["path"]
        place = fields
        for step in above:
            place = place[step]
        place[last] = Withheld(hidden["why"], hidden["there"])
    try:
        return Obj(kind, wellformed(kind, fields))
    except Amiss as amiss:
        raise _Amiss(f"holds a {kind.name} that is none: {amiss}") from None
