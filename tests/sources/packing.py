"""Archives that tests write."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Collection, Mapping

from tests.sources.conftest import bytes_of

Files = Mapping[str, str | bytes]
MODIFIED = 1_780_000_000
FORMATS = {
    "gnu": tarfile.GNU_FORMAT,
    "pax": tarfile.PAX_FORMAT,
    "ustar": tarfile.USTAR_FORMAT,
}


def tarred(files: Files, style: str = "pax", more: Collection[tarfile.TarInfo] = ()) -> bytes:
    """A tar of files, and of members of other types that hold nothing."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=FORMATS[style]) as tar:
        for info in more:
            tar.addfile(info)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(bytes_of(content))
            info.mtime = MODIFIED
            tar.addfile(info, io.BytesIO(bytes_of(content)))
    return held.getvalue()


def zipped(files: Files, encrypted: Collection[str] = ()) -> bytes:
    """A zip of files, in which some only say that they are encrypted."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that are there twice are what is tested
        for name, content in files.items():
            archive.writestr(name, bytes_of(content))
        for info in archive.infolist():
            info.flag_bits |= 0x1 if info.filename in encrypted else 0
    return held.getvalue()


def v7(tar: bytes) -> bytes:
    """The same tar without the mark that it got in 1988."""
    header = bytearray(tar[:512])
    header[257:265] = bytes(8)
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header) + tar[512:]


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
PACKS: dict[str, Callable[[Files], bytes]] = {
    "tar": tarred,
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.xz": lambda files: lzma.compress(tarred(files)),
    "tar.bz2": lambda files: bz2.compress(tarred(files)),
    "zip": zipped,
}
