from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.formats import containers, hostile_archives
from tests.formats.containers import CONTAINERS
from tests.formats.hostile_archives import HARMLESS_PART, ODD_NAMES, OUTSIDE
from tests.formats.trees import File, Link, Tree, text, write

TREE: Tree = {
    "dump/pods.yaml": text("apiVersion: v1\nitems: []\nkind: List\n"),
    "dump/empty.yaml": File(b"", 0o600),
    "dump/twin.yaml": Link("pods.yaml"),
    "dump/large.json": File(bytes(range(256)) * 1200),
}


def decompressed(suffix: str, content: bytes) -> bytes:
    if suffix == ".tar.zst":
        library = pytest.importorskip("zstandard", reason="zstandard is not installed")
        decompressor: Any = library.ZstdDecompressor()
        return bytes(decompressor.decompress(content))
    return content


@pytest.mark.parametrize("suffix", [it for it in CONTAINERS if it != ".zip"])
def test_a_tar_gives_its_tree_back(suffix: str) -> None:
    packed = decompressed(suffix, CONTAINERS[suffix](TREE))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = {it.name.removeprefix("./"): it for it in archive if not it.isdir()}
        assert members.keys() == TREE.keys()
        for path, entry in TREE.items():
            if isinstance(entry, Link):
                assert members[path].linkname == entry.target
            else:
                read = archive.extractfile(members[path])
                assert read is not None
                assert read.read() == entry.content
                assert members[path].mode == entry.mode


def test_a_zip_gives_its_tree_back() -> None:
    with zipfile.ZipFile(io.BytesIO(CONTAINERS[".zip"](TREE))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(TREE)
        assert archive.read("dump/pods.yaml").startswith(b"apiVersion")


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_the_same_tree_gives_the_same_bytes(suffix: str) -> None:
    assert CONTAINERS[suffix](TREE) == CONTAINERS[suffix](dict(TREE))


def test_zeros_of_zstandard() -> None:
    library = pytest.importorskip("zstandard", reason="zstandard is not installed")
    content = containers.zstandard_of_zeros(9)
    decompressor: Any = library.ZstdDecompressor()
    assert decompressor.decompress(content) == bytes(9 * 128 * 1024)
    assert len(content) < 60


def test_an_archive_in_an_archive() -> None:
    outer = containers.nested(TREE, ".tar.gz", ".zip")
    with zipfile.ZipFile(io.BytesIO(outer)) as archive:
        inner = archive.read("case-00123/upload.tar.gz")
    assert inner == CONTAINERS[".tar.gz"](TREE)


def test_shuffled_members_are_the_same_members() -> None:
    mixed = containers.shuffled(TREE)
    assert mixed == TREE
    assert list(mixed) != list(TREE)
    assert list(mixed) == list(containers.shuffled(dict(TREE)))


def test_a_folder_on_the_disk(tmp_path: Path) -> None:
    folder = write(TREE, tmp_path / "dump")
    assert (folder / "dump/twin.yaml").read_text() == (folder / "dump/pods.yaml").read_text()
    assert (folder / "dump/empty.yaml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [it for it in HARMLESS_PART if ".tar" in it and "many" not in it])
def test_the_tree_is_whole_in_a_hostile_tar(name: str) -> None:
    members = tar_members(HARMLESS_PART[name](TREE))
    assert members[: len(TREE)] == list(TREE)


@pytest.mark.parametrize("name", [it for it in HARMLESS_PART if it.endswith(".zip")])
def test_the_tree_is_whole_in_a_hostile_zip(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(HARMLESS_PART[name](TREE))) as archive:
        assert archive.namelist()[: len(TREE)] == list(TREE)
        assert archive.read("dump/pods.yaml") == TREE["dump/pods.yaml"].content  # type: ignore[union-attr]  # a File


def tar_members(content: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return archive.getnames()


def test_what_leads_out_is_in_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(hostile_archives.links_out(TREE))) as archive:
        kinds = {it.name: it.type for it in archive}
    assert kinds["secrets.yaml"] == tarfile.SYMTYPE
    assert kinds["hard.yaml"] == tarfile.LNKTYPE
    assert kinds["folder/through-a-link.yaml"] == tarfile.REGTYPE
    assert "../../etc/escaped.yaml" in tar_members(hostile_archives.traversal(TREE))


def test_odd_names_come_back() -> None:
    assert tar_members(hostile_archives.odd_names(b"x")) == list(ODD_NAMES)


@pytest.mark.parametrize("way", ["gnu", "pax"])
def test_long_names_come_back(way: str) -> None:
    names = tar_members(hostile_archives.long_names(b"x")[way])
    assert [len(it) > 100 for it in names] == [True, True]


def test_the_last_of_repeated_members() -> None:
    content = hostile_archives.repeated("a.yaml", [b"old", b"new"])
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        read = archive.extractfile("a.yaml")
        assert read is not None
        assert read.read() == b"new"
    assert tar_members(content) == ["a.yaml", "a.yaml"]


Damage = Callable[[Tree], bytes]


@pytest.mark.parametrize(
    "damage", [hostile_archives.cut_gzip, hostile_archives.cut_tar, hostile_archives.wrong_checksum]
)
def test_gzip_or_tar_complain(damage: Damage, tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(damage({**TREE, "dump/more.json": File(bytes(range(255, -1, -1)) * 900)}))
    done = subprocess.run(["tar", "-tvf", str(path)], capture_output=True, check=False)
    assert done.returncode != 0
    assert b"dump/pods.yaml" in done.stdout


def test_an_encrypted_zip_asks_for_a_password() -> None:
    archive = zipfile.ZipFile(io.BytesIO(hostile_archives.encrypted_zip(TREE)))
    with archive, pytest.raises(RuntimeError, match="password"):
        archive.read("dump/pods.yaml")


def test_many_names_for_the_same_bytes() -> None:
    content = hostile_archives.overlapping_zip(size=1 << 16, names=20)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {it.header_offset for it in archive.infolist()} == {0}
        assert sum(it.file_size for it in archive.infolist()) == 20 << 16
    assert len(content) < 4096


def test_bombs_are_small() -> None:
    assert len(hostile_archives.gzip_bomb(TREE)) < 200_000
    assert len(hostile_archives.zip_bomb(TREE)) < 400_000
    members = tar_members(hostile_archives.many_members(TREE, 3000))
    assert members[: len(TREE)] == list(TREE)
    assert len(members) == 3000 + len(TREE)


def test_archives_in_archives() -> None:
    content = hostile_archives.matryoshka(3)
    for level in (2, 1):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            assert archive.getnames() == [f"level-{level}.tar.gz"]
            read = archive.extractfile(archive.getmembers()[0])
            assert read is not None
            content = read.read()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        read = archive.extractfile("x.yaml")
        assert read is not None
        assert OUTSIDE.encode() in read.read()
