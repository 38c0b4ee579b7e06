"""A file that may be a packed dump may hold anything."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from tests.sources.dumps import NAMESPACES, complaint


def packed(pack: str) -> bytes:
    held = io.BytesIO()
    if pack == "zip":
        with zipfile.ZipFile(held, "w") as zipped:
            zipped.writestr("a.json", NAMESPACES)
    elif pack == "tar":
        with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            tar.addfile(tarfile.TarInfo("a.json"))
    elif pack == "old tar":
        with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            info = tarfile.TarInfo("a.json")
            header = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
            header[257:265] = bytes(8)
            header[148:156] = b" " * 8
            header[148:156] = f"{sum(header):06o}\0 ".encode()
            return bytes(header) + bytes(1024)
    else:
        compressed = {
            "gzip": gzip.compress(NAMESPACES.encode()),
            "bzip2": bz2.compress(NAMESPACES.encode()),
            "xz": lzma.compress(NAMESPACES.encode()),
        }
        return compressed[pack]
    return held.getvalue()


@pytest.mark.parametrize("pack", ["gzip", "bzip2", "xz", "zip", "tar", "old tar"])
def test_what_may_be_a_packed_dump_may_hide_anything(directory: Any, pack: str) -> None:
    name = pack.removeprefix("old ")
    snapshot = directory({"a.json": NAMESPACES, "b.png": packed(pack)})
    [gap] = snapshot.seen(NAMESPACE).gaps
    assert gap.why == f"b.png: is packed ({name}) and was not read; give what is in it"
    assert len(snapshot.seen(POD).gaps) == 2
    assert len(snapshot.remarks) == 1


def test_a_packed_dump_alone(tmp_path: Path) -> None:
    path = tmp_path / "dump.tgz"
    path.write_bytes(packed("gzip"))
    said = complaint(lambda: sources.read([str(path)]))
    assert said == f"{path}: is packed (gzip) and was not read; give what is in it"
