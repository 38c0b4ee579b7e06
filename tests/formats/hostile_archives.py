"""Archives that are damaged, or made to harm who unpacks them.

`OUTSIDE` stands in all that must not be read or written. Each function says what a reader should
still find; where it takes a tree, that tree is intact in the archive.
(CVE-2007-4559 for traversal and links; the `tar` section of POSIX.1-2001 for PAX; APPNOTE 6.3.10)
"""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping

from tests.formats.cluster_state import TAKEN_AT
from tests.formats.containers import add, gzipped, member, several_gzip_members, tar, zipped
from tests.formats.trees import File, Link, Tree

OUTSIDE = "outside-of-the-archive"
NAMESPACE = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {OUTSIDE}\n".encode()


def _after(tree: Tree, infos: Iterable[tarfile.TarInfo], content: bytes = NAMESPACE) -> bytes:
    """The tree, and members behind it."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, entry in tree.items():
            add(archive, member(path, entry), entry)
        for info in infos:
            if info.isreg():
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                archive.addfile(info)
    return file.getvalue()


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = member(name, File(b""))
    info.type, info.linkname = kind, target
    return info


def traversal(tree: Tree) -> bytes:
    """Names that lead out of the folder: read them as members at most, and never follow them."""
    names = ("../../etc/escaped.yaml", "a/../../escaped.yaml", "/etc/escaped.yaml", "..")
    return _after(tree, (member(name, File(b"")) for name in names))


def links_out(tree: Tree) -> bytes:
    """Links to files and folders outside, and a member whose path leads through such a link."""
    return _after(
        tree,
        [
            _special("secrets.yaml", tarfile.SYMTYPE, "/etc/passwd"),
            _special("hard.yaml", tarfile.LNKTYPE, "../../etc/passwd"),
            _special("folder", tarfile.SYMTYPE, "/tmp"),
            member("folder/through-a-link.yaml", File(b"")),
            _special("loop", tarfile.SYMTYPE, "loop"),
        ],
    )


def devices(tree: Tree) -> bytes:
    """A device, a pipe and members of types that nobody knows."""
    kinds = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.CONTTYPE, b"Z")
    return _after(tree, (_special(f"dev/{it.decode()}.yaml", it) for it in kinds))


def repeated(path: str, versions: Iterable[bytes]) -> bytes:
    """A member of one name several times, as `tar -r` leaves it: the last one counts."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for content in versions:
            add(archive, member(path, File(content)), File(content))
    return file.getvalue()


ODD_NAMES = (
    "bug-report/proxies/shop/cart/config_dump?include_eds",
    "support-bundle-2023-05-09T06:30:15/version.yaml",
    "a name with spaces.yaml",
    "line\nbreak.yaml",
    "escape\x1b[31m.yaml",
    "ümlaut/データ.yaml",
    "-rf.yaml",
    "back\\slash.yaml",
)


def odd_names(content: bytes) -> bytes:
    """Names that file systems or terminals may not like, each with the same content."""
    return tar({name: File(content) for name in ODD_NAMES})


def long_names(content: bytes) -> dict[str, bytes]:
    """Names of more than 100 letters, in GNU's way and in that of POSIX, and one of 3,000."""
    names = ("n" * 99 + "/" + "x" * 150 + ".yaml", "/".join(["deep" * 25] * 30) + "/x.yaml")
    made: dict[str, bytes] = {}
    for way, format in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w", format=format) as archive:
            for name in names:
                info = member(name, File(content))
                info.pax_headers = {"comment": OUTSIDE}
                add(archive, info, File(content))
        made[way] = file.getvalue()
    return made


def cut_gzip(tree: Tree, share: float = 0.6) -> bytes:
    """A download that stopped: some members are whole, one is cut, the rest is not there."""
    whole = gzipped(tar(tree))
    return whole[: int(len(whole) * share)]


def cut_tar(tree: Tree, share: float = 0.6) -> bytes:
    whole = tar(tree)
    return whole[: int(len(whole) * share)]


def wrong_checksum(tree: Tree) -> bytes:
    """A gzip file whose content is not what its last bytes say."""
    whole = gzipped(tar(tree))
    return whole[:-8] + struct.pack("<I", zlib.crc32(b"another")) + whole[-4:]


def trailing_garbage(tree: Tree) -> bytes:
    """Bytes behind the end of the gzip file, as some uploads leave them."""
    return gzipped(tar(tree)) + b"\0\0\0\r\n--boundary--\r\n"


def in_gzip_members(tree: Tree, parts: int = 5) -> bytes:
    """The tar in several gzip members, as parallel compressors write it."""
    whole = tar(tree)
    size = len(whole) // parts + 1
    return several_gzip_members(whole[at : at + size] for at in range(0, len(whole), size))


def gzip_bomb(tree: Tree, size: int = 64 << 20) -> bytes:
    """A member of zeros, a thousand times as large as what holds it."""
    return gzipped(tar({**tree, "bomb.yaml": File(bytes(size))}))


def zip_bomb(tree: Tree, size: int = 64 << 20) -> bytes:
    return zipped({**tree, "bomb.yaml": File(bytes(size))})


def many_members(tree: Tree, count: int = 200_000) -> bytes:
    """More members than any dump has, all of them empty."""
    empty = member("x", File(b""))
    blocks = []
    for at in range(count):
        empty.name = f"many/{at}.yaml"
        blocks.append(empty.tobuf(tarfile.USTAR_FORMAT))
    return gzipped(tar(tree)[: _end(tree)] + b"".join(blocks) + bytes(1024))


def _end(tree: Tree) -> int:
    """Where the members of a tar end, and its padding begins."""
    with tarfile.open(fileobj=io.BytesIO(tar(tree))) as archive:
        last = archive.getmembers()[-1]
    return last.offset_data + -(-last.size // 512) * 512


def matryoshka(depth: int = 12) -> bytes:
    """An archive in an archive in an archive."""
    inner = NAMESPACE
    for level in range(depth):
        inner = gzipped(tar({f"level-{level}.tar.gz" if level else "x.yaml": File(inner)}))
    return inner


def encrypted_zip(tree: Tree) -> bytes:
    """A zip whose members say that they are encrypted, as those with a password do."""
    whole = bytearray(zipped(tree))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(signature)
        while at >= 0:
            whole[at + offset] |= 1
            at = whole.find(signature, at + 4)
    return bytes(whole)


def zip_slip(tree: Tree) -> bytes:
    """A zip with names that lead out, a backslash among them, and a link to the outside."""
    return zipped(
        {
            **tree,
            "../../escaped.yaml": File(NAMESPACE),
            "..\\..\\escaped.yaml": File(NAMESPACE),
            "/etc/escaped.yaml": File(NAMESPACE),
            "link.yaml": Link("/etc/passwd"),
        }
    )


def overlapping_zip(size: int = 1 << 20, names: int = 200) -> bytes:
    """A zip whose directory names the same compressed bytes many times."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        first = zipfile.ZipInfo("0.yaml", TAKEN_AT.timetuple()[:6])
        first.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(first, bytes(size))
        for at in range(1, names):
            again = zipfile.ZipInfo(f"{at}.yaml", first.date_time)
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(again, name, getattr(first, name))
            archive.filelist.append(again)
    return file.getvalue()


HARMLESS_PART: Mapping[str, Callable[[Tree], bytes]] = {
    "traversal.tar": traversal,
    "links-out.tar": links_out,
    "devices.tar": devices,
    "trailing-garbage.tar.gz": trailing_garbage,
    "gzip-members.tar.gz": in_gzip_members,
    "zip-slip.zip": zip_slip,
    "gzip-bomb.tar.gz": gzip_bomb,
    "zip-bomb.zip": zip_bomb,
    "many-members.tar.gz": many_members,
}
"""Archives in which the tree itself is whole, and can be read before or beside what harms."""
