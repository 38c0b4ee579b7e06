"""Trees as archives: tar in all its compressions, zip, and one in the other.

Written without a clock and without a random number, so that the same tree gives the same bytes.
Zstandard is written as frames of raw blocks, which every decoder reads: no library is needed.
(RFC 8878, section 3.1.1; APPNOTE.TXT of PKWARE, 6.3.10)
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from tests.formats.cluster_state import TAKEN_AT
from tests.formats.trees import File, Link, Tree

_BLOCK = 128 * 1024


def tar(tree: Mapping[str, File | Link], modified: datetime = TAKEN_AT) -> bytes:
    """An uncompressed tar of a tree, its members in the tree's order."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, entry in tree.items():
            add(archive, member(path, entry, modified), entry)
    return file.getvalue()


def member(path: str, entry: File | Link, modified: datetime = TAKEN_AT) -> tarfile.TarInfo:
    """The head of a member."""
    info = tarfile.TarInfo(path)
    info.mtime = int(modified.timestamp())
    if isinstance(entry, Link):
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, entry.target, 0o777
    else:
        info.size, info.mode = len(entry.content), entry.mode
    return info


def add(archive: tarfile.TarFile, info: tarfile.TarInfo, entry: File | Link) -> None:
    archive.addfile(info, io.BytesIO(entry.content) if isinstance(entry, File) else None)


def with_folders(tree: Mapping[str, File | Link]) -> bytes:
    """A tar as GNU tar makes it of a folder: folders are members, and names begin with `./`."""
    file = io.BytesIO()
    folders: set[str] = set()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, entry in tree.items():
            for at, letter in enumerate(path):
                if letter == "/" and path[:at] not in folders:
                    folders.add(path[:at])
                    folder = member(f"./{path[:at]}", File(b"", 0o755))
                    folder.type = tarfile.DIRTYPE
                    archive.addfile(folder)
            add(archive, member(f"./{path}", entry), entry)
    return file.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def zstandard(content: bytes) -> bytes:
    """A Zstandard frame of raw blocks, with the length of the whole in its head."""
    head = struct.pack("<IBI", 0xFD2FB528, 0b1010_0000, len(content))
    starts = range(0, max(len(content), 1), _BLOCK)
    blocks = (content[at : at + _BLOCK] for at in starts)
    return head + b"".join(
        _block_head(len(it), is_last=at == starts[-1], kind=0) + it
        for at, it in zip(starts, blocks, strict=True)
    )


def zstandard_of_zeros(blocks: int) -> bytes:
    """A Zstandard frame that holds 128 KiB of zeros for every four bytes of it."""
    head = struct.pack("<IBQ", 0xFD2FB528, 0b1110_0000, blocks * _BLOCK)
    return head + b"".join(
        _block_head(_BLOCK, is_last=at == blocks - 1, kind=1) + b"\0" for at in range(blocks)
    )


def zipped(tree: Mapping[str, File | Link]) -> bytes:
    """A zip of a tree. Links are kept as Unix tools keep them: a file that holds the target."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, entry in tree.items():
            is_link = isinstance(entry, Link)
            info = zipfile.ZipInfo(path, TAKEN_AT.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o120777 if is_link else 0o100000 | _mode(entry)) << 16
            archive.writestr(info, entry.target if isinstance(entry, Link) else entry.content)
    return file.getvalue()


Packing = Callable[[Mapping[str, File | Link]], bytes]
CONTAINERS: Mapping[str, Packing] = {
    ".tar": tar,
    ".tar.gz": lambda tree: gzipped(tar(tree)),
    ".tgz": lambda tree: gzipped(with_folders(tree)),
    ".tar.xz": lambda tree: lzma.compress(tar(tree)),
    ".tar.bz2": lambda tree: bz2.compress(tar(tree)),
    ".tar.zst": lambda tree: zstandard(tar(tree)),
    ".zip": zipped,
}
"""How a tree is packed, by the end of the archive's name."""


def nested(tree: Mapping[str, File | Link], inner: str, outer: str) -> bytes:
    """An archive in an archive, beside a note, as support cases arrive."""
    packed = CONTAINERS[inner](tree)
    case: Tree = {
        "case-00123/read me first.txt": File(b"the customer says that it worked yesterday\n"),
        f"case-00123/upload{inner}": File(packed),
    }
    return CONTAINERS[outer](case)


def shuffled(tree: Tree, seed: int = 7) -> Tree:
    """The members in another order, always the same: as tools write that walk a map of Go."""
    paths = sorted(tree)
    random.Random(seed).shuffle(paths)
    return {path: tree[path] for path in paths}


def several_gzip_members(parts: Iterable[bytes]) -> bytes:
    """One gzip file after the other, which together are one content."""
    return b"".join(map(gzipped, parts))


def _block_head(size: int, *, is_last: bool, kind: int) -> bytes:
    return struct.pack("<I", is_last | kind << 1 | size << 3)[:3]


def _mode(entry: File | Link) -> int:
    return entry.mode if isinstance(entry, File) else 0o777
