"""What kind of content bytes are, told by the bytes and never by a name."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

PACKED: Mapping[bytes, str] = {
    b"\x1f\x8b": "gzip",
    b"\x1f\x9d": "compress",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
    b"LZIP": "lzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08": "zip",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"Salted__": "encrypted",
    b"age-encryption.org/": "encrypted",
    b"-----BEGIN AGE ENCRYPTED FILE": "encrypted",
    b"-----BEGIN PGP MESSAGE": "encrypted",
}
"""The first bytes of what may hold a dump, and what a person calls it."""

TAR_MAGIC = slice(257, 262)
TAR_HEADER = 512
TAR_CHECKSUM = slice(148, 156)

WIDE = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32"}
MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKS = (*MARKS_16, codecs.BOM_UTF8)
LOOKED_AT = 8192


def packed(data: bytes) -> str | None:
    """What an archive, or a compressed or encrypted file is called; None for anything else."""
    for magic, name in PACKED.items():
        if data.startswith(magic):
            return None if name == "bzip2" and not data[3:4].isdigit() else name
    return "tar" if _is_tar(data) else None


def _is_tar(data: bytes) -> bool:
    if data[TAR_MAGIC] == b"ustar":
        return True
    header = data[:TAR_HEADER]
    written = header[TAR_CHECKSUM].strip(b" \0")
    if len(header) < TAR_HEADER or not written.isdigit() or not header[0]:
        return False
    blanked = header[: TAR_CHECKSUM.start] + b" " * 8 + header[TAR_CHECKSUM.stop :]
    return f"{sum(blanked):o}".encode() == written.lstrip(b"0")


def unread_encoding(data: bytes) -> str | None:
    """An encoding of text that is not read here: UTF-32, or UTF-16 without its mark."""
    for mark, name in WIDE.items():
        if data.startswith(mark):
            return name
    if data.startswith(MARKS) or len(data) < 4:
        return None
    first = data[:4]
    if (first[0] == 0) == (first[2] == 0) and (first[1] == 0) == (first[3] == 0):
        alternates = (first[0] == 0) != (first[1] == 0)
        return "UTF-16 without a byte order mark" if alternates else None
    return None


def is_wide(data: bytes) -> bool:
    """Whether a text is UTF-16, in which bytes are not characters."""
    return data.startswith(MARKS_16)


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text at all, nor a text of objects that a disk has damaged."""
    text = data.startswith(MARKS) or b"\0" not in data[:LOOKED_AT]
    return not text and b"apiVersion" not in data
