"""Writing a snapshot: the same snapshot gives the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import Any, BinaryIO

from auditor import __version__
from auditor.private import PRIVATE_KEY, without_private_keys
from auditor.snapshot import Snapshot
from auditor.sources.saved.form import (
    MARKER,
    SCHEMA,
    gap_as_json,
    kept_of,
    line_of,
    member_of,
)

COMPRESSION = 6


def write_snapshot(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write what was seen of a live cluster to a file that is open.

    Nothing of this machine or of the moment of writing is in it. The time that it tells is
    that of the snapshot.
    """
    with (
        gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.USTAR_FORMAT) as tar,
    ):
        _add(tar, MARKER, _json(_header(snapshot), indent=1) + "\n")
        for kind, seen in snapshot.kinds.items():
            if seen.so_far:
                lines = [_json(line_of(thing.raw)) for thing in seen.so_far]
                _add(tar, member_of(kind), "".join(f"{line}\n" for line in lines))


def _header(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "tool": {"name": "mesh-auditor", "version": __version__},
        "description": snapshot.description,
        "time": snapshot.time.isoformat() if snapshot.time else None,
        "remarks": [{"where": it.where, "what": it.what} for it in snapshot.remarks],
        "kinds": [
            {
                "group": kind.group,
                "kind": kind.name,
                "objects": len(seen.so_far),
                "gaps": [gap_as_json(gap) for gap in seen.gaps],
                "keeps": kept_of(kind),
            }
            for kind, seen in snapshot.kinds.items()
        ],
    }


def _json(value: Any, indent: int | None = None) -> str:
    """A value in the order that it has, which reports follow."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=(",", ":"))
    if PRIVATE_KEY.search(text):  # dropped while reading; this is the last door before a file
        text = json.dumps(without_private_keys(value), ensure_ascii=False, separators=(",", ":"))
    return text


def _add(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
