"""How much an archive may ask for, and what it says where it asks for more."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.kinds import NAMESPACE
from auditor.snapshot import Remark
from auditor.sources.archives import Budget, Member, bounds, opened, zips
from auditor.sources.archives.names import is_a_folder, walking_order
from auditor.sources.archives.packings import Gzip, Packing
from auditor.sources.archives.streams import Decompressed
from auditor.sources.files import InMemory, Left
from tests.sources.dumps import NAMESPACES, PODS
from tests.sources.packing import tarred, zipped
from tests.sources.test_hostile_archives import special, zipped_to_a_pipe


def test_a_zip_that_was_cut_gives_every_member_before_the_cut(piped: Any) -> None:
    files = {"a.json": NAMESPACES, "b.json": PODS, "c.json": NAMESPACES.replace("shop", "bank")}
    for whole_zip in (zipped(files), zipped_to_a_pipe(files)):
        snapshot = piped(whole_zip[: whole_zip.index(b"PK\x01\x02")])
        assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["bank", "shop"]


@pytest.mark.parametrize(("method", "called"), [(9, "Deflate64"), (12, "bzip2"), (77, "method 77")])
def test_members_packed_in_a_rare_way_are_told(piped: Any, method: int, called: str) -> None:
    packed = bytearray(zipped({"a.json": NAMESPACES, "b.json": PODS}))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = packed.rindex(signature) + offset
        packed[at : at + 2] = method.to_bytes(2, "little")
    snapshot = piped(bytes(packed))
    assert [shop.name for shop in snapshot.seen(NAMESPACE).so_far] == ["shop"]
    [gap] = snapshot.elsewhere
    assert gap.why == (f"b.json: is packed with {called} and was not read; pack it anew")


def test_members_that_overlap_are_weighed_together(
    piped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each member alone is too small to be taken for a bomb."""
    monkeypatch.setattr(bounds, "UNSUSPICIOUS", 2 * 1024 * 1024)
    snapshot = piped(zipped({"0.json": NAMESPACES, **overlapping(50)}))
    assert snapshot.seen(NAMESPACE).gaps != ()
    assert any("unpacks to more than 300 times its size" in gap.why for gap in snapshot.elsewhere)


def overlapping(count: int) -> dict[str, bytes]:
    return {f"{number}.yaml": b"a" * 1024 * 1024 for number in range(1, count)}


def test_small_bombs_in_an_archive_are_weighed_together(
    piped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "UNSUSPICIOUS", 2 * 1024 * 1024)
    bombs = {f"{number}.gz": gzip.compress(b"a" * 1024 * 1024) for number in range(8)}
    snapshot = piped(gzip.compress(tarred({"a.json": NAMESPACES, **bombs})))
    assert any("unpacks to more than 300 times its size" in gap.why for gap in snapshot.elsewhere)


def test_a_directory_of_a_zip_is_counted_before_it_is_kept(
    piped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "MOST_MEMBERS", 3)
    kept: list[Any] = []
    monkeypatch.setattr(zipfile, "ZipInfo", lambda *given: kept.append(given))
    snapshot = piped(PACKED_BEFORE)
    assert kept == []
    assert any("more than 1,000,000 files" in gap.why for gap in snapshot.elsewhere)


PACKED_BEFORE = zipped({f"{number}.json": NAMESPACES for number in range(5)})


def test_headers_before_a_member_do_not_go_on_for_ever(piped: Any) -> None:
    record = b"30 comment=abcdefghijklmnopqr\n"
    header = special("pax", tarfile.XHDTYPE)
    header.size = len(record)
    headers = (header.tobuf() + record + bytes(512 - len(record))) * 100
    packed = tarred({"a.json": NAMESPACES})
    end = packed.index(bytes(1024))
    end += -end % 512
    snapshot = piped(packed[:end] + headers + packed)
    assert [shop.name for shop in snapshot.seen(NAMESPACE).so_far] == ["shop"]
    assert "is damaged, and nobody knows what followed" in snapshot.elsewhere[0].why
    few = piped(packed[:end] + headers[: 1024 * 99] + packed)
    assert few.elsewhere == ()


def test_a_name_that_no_file_system_takes_is_told(piped: Any) -> None:
    for pack in (tarred, zipped):
        snapshot = piped(pack({"a.json": NAMESPACES, "n" * 256: PODS}))
        assert "longer than any path" in snapshot.elsewhere[0].why
        assert piped(pack({"a.json": NAMESPACES, "n" * 255: PODS})).elsewhere == ()


def test_headers_are_read_in_pieces_that_are_not_unpacked_anew() -> None:
    """A small read asks the decompressor for a piece, and the next ones are served from it."""
    asked: list[int] = []

    class Asked(Gzip):
        def decompress(self, data: bytes, max_length: int = -1) -> bytes:
            asked.append(max_length)
            return super().decompress(data, max_length)

    packed = gzip.compress(b"a" * 512 * 1000)
    stream = Decompressed(io.BytesIO(packed), Budget(), Packing(b"\x1f\x8b", Asked, zlib.error))
    assert [len(stream.read(512)) for _ in range(1001)] == [*[512] * 1000, 0]
    assert len(asked) < 30


def test_a_member_without_a_name_is_told(piped: Any) -> None:
    """Such a one of a zip is an IndexError where `zipfile` is asked whether it is a folder."""
    packed = zipped({"a.json": NAMESPACES, "b": PODS})
    at = packed.rindex(b"PK\x01\x02")
    nameless = packed[: at + 28] + b"\0\0" + packed[at + 30 : at + 46] + packed[at + 47 :]
    end = nameless.rindex(b"PK\x05\x06") + 12
    size = int.from_bytes(nameless[end : end + 4], "little") - 1
    nameless = nameless[:end] + size.to_bytes(4, "little") + nameless[end + 4 :]
    for sent in (nameless, tarred({"a.json": NAMESPACES, ".": PODS})):
        snapshot = piped(sent)
        assert [shop.name for shop in snapshot.seen(NAMESPACE).so_far] == ["shop"]
        assert "a file without a name; it was not read" in snapshot.elsewhere[0].why


def test_names_that_are_too_long_in_all() -> None:
    packed = InMemory("dump.tar", tarred({"a.json": NAMESPACES, "n" * 100: PODS, "b.json": PODS}))
    found = list(opened(packed, "", Budget(names=50)))
    assert [it.name for it in found if isinstance(it, Member)] == ["a.json"]
    [left] = [it for it in found if isinstance(it, Left)]
    assert left.why == "has names that are too long in all, and the rest was not read"
    assert len(list(opened(packed, "", Budget(names=112)))) == 3


def test_a_name_of_many_folders_is_kept_as_one_text() -> None:
    assert len(walking_order("folder/" * 500 + "a.json")) < 2 * len("folder/" * 500)


@given(st.lists(st.text("ab.-/", min_size=1).map(lambda it: "/".join(filter(None, it.split("/"))))))
def test_files_come_as_a_directory_is_walked(places: list[str]) -> None:
    def walked(place: str) -> tuple[tuple[bool, str], ...]:
        *folders, file = place.split("/")
        return (*((True, folder) for folder in folders), (False, file))

    assert sorted(places, key=walking_order) == sorted(places, key=walked)
    for target in {place.rpartition("/")[0] or "." for place in places}:
        expected = target == "." or any(place.startswith(f"{target}/") for place in places)
        assert is_a_folder(target, sorted(places)) == expected


def test_of_many_files_of_one_name_it_is_said_once() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for _ in range(100):
            archive.addfile(tarfile.TarInfo("a.json"))
    found = list(opened(InMemory("dump.tar", packed.getvalue()), "", Budget()))
    assert [it.what for it in found if isinstance(it, Remark)] == [
        "is there twice; the last was taken"
    ]
