"""Archives that somebody made to do harm, or that did not arrive as they were sent."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from auditor.sources import gathering
from auditor.sources.archives import Budget, bounds
from tests.sources.dumps import ALL, NAMESPACES, PODS, TEXTS, complaint, names, whole
from tests.sources.packing import COMPRESS, PACKS, tarred, zipped

OUTSIDE = [
    "../pods.json",
    "a/../../pods.json",
    "/pods.json",
    "C:\\pods.json",
    "\\\\server\\pods.json",
    "a/" * 3000 + "pods.json",
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("pack", [tarred, zipped])
def test_names_that_lead_out_are_not_read(piped: Any, pack: Any, name: str) -> None:
    snapshot = piped(pack({"a.json": NAMESPACES, name: PODS}))
    assert names(snapshot) == {}
    [gap] = snapshot.elsewhere
    assert "not read" in gap.why
    assert len(snapshot.remarks) == 1


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_links_and_devices_are_not_opened(piped: Any) -> None:
    more = [
        special("b/inside", tarfile.SYMTYPE, "../a.json"),
        special("hard", tarfile.LNKTYPE, "a.json"),
        special("leaves", tarfile.SYMTYPE, "../../etc/passwd"),
        special("root", tarfile.SYMTYPE, "/etc/passwd"),
        special("loop", tarfile.SYMTYPE, "loop"),
        special("device", tarfile.CHRTYPE),
        special("pipe", tarfile.FIFOTYPE),
    ]
    snapshot = piped(tarred({"a.json": NAMESPACES}, more=more))
    assert names(snapshot) == {"Namespace": ["shop"]}
    told = {remark.where for remark in snapshot.remarks}
    assert told == {"leaves", "root", "loop", "device", "pipe"}


def test_links_of_a_zip_are_files_that_hold_their_target(piped: Any) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.json", NAMESPACES)
        for name, target in (("b/inside", "../a.json"), ("leaves", "../../etc/passwd")):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o120777 << 16
            archive.writestr(info, target)
    snapshot = piped(held.getvalue())
    assert names(snapshot) == {"Namespace": ["shop"]}
    assert [remark.where for remark in snapshot.remarks] == ["leaves"]


@pytest.mark.parametrize("pack", [tarred, zipped])
def test_of_two_members_of_one_name_the_last_is_taken(piped: Any, pack: Any) -> None:
    snapshot = piped(pack(Twice()))
    assert [shop.name for shop in snapshot.seen(NAMESPACE)] == ["bank"]
    [remark] = snapshot.remarks
    assert str(remark) == "a.json: is there twice; the last was taken"


class Twice(dict[str, str]):
    """Files of which two have one name."""

    def items(self) -> Any:
        return [("a.json", NAMESPACES), ("a.json", NAMESPACES.replace("shop", "bank"))]


def test_a_member_that_obeys_no_terminal(piped: Any) -> None:
    snapshot = piped(tarred({"a.json": NAMESPACES, "\x1b[2J\n": "NAME  AGE\n"}))
    assert [remark.where for remark in snapshot.remarks] == ["\\u001b[2J\\n"]


def test_a_bomb_is_left_when_it_goes_off(piped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "UNSUSPICIOUS", 1024 * 1024)
    bomb = tarred({"a.json": NAMESPACES, "b.json": b" " * 8 * 1024 * 1024})
    snapshot = piped(gzip.compress(bomb))
    assert names(snapshot) == {}
    [gap] = snapshot.elsewhere
    assert gap.why == (
        "standard input: unpacks to more than 300 times its size; the rest was not read"
    )
    assert [shop.name for shop in snapshot.seen(NAMESPACE).so_far] == ["shop"]


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(members=1), "more than 1,000,000 files"),
        (Budget(bytes=2048), "more than 32 GiB"),
        (Budget(held=100), "more than 4 GiB"),
    ],
    ids=["members", "bytes", "held"],
)
def test_an_archive_is_read_as_far_as_it_is_bearable(
    monkeypatch: pytest.MonkeyPatch, budget: Budget, said: str
) -> None:
    found = list(
        gathering.gathered("-", io.BytesIO(tarred({"a": NAMESPACES, "b": PODS})), True, budget)
    )
    assert any(said in getattr(it, "why", "") for it in found)


@pytest.mark.parametrize("name", [*COMPRESS, "tar", "zip"])
@given(data=st.data())
def test_an_archive_cut_at_any_byte_lists_nothing_that_it_lost(name: str, data: Any) -> None:
    packed = PACKED[name]
    cut = data.draw(st.integers(1, len(packed) - 1))
    read_damaged(packed[:cut])


@pytest.mark.parametrize("name", [*COMPRESS, "tar", "zip"])
@given(data=st.data())
def test_bytes_that_were_changed_make_no_defect(name: str, data: Any) -> None:
    packed = bytearray(PACKED[name])
    for _ in range(data.draw(st.integers(1, 5))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        sources.read(["-"], stdin=io.BytesIO(bytes(packed)))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)


FILES = {"dump/list.json": TEXTS["a List in JSON"], "dump/lists": TEXTS["typed lists in YAML"]}
PACKED = {
    **{name: compress(tarred(FILES)) for name, compress in COMPRESS.items()},
    "tar": tarred(FILES),
    "zip": PACKS["zip"](FILES),
}


def read_damaged(content: bytes) -> None:
    try:
        snapshot = sources.read(["-"], stdin=io.BytesIO(content))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)
        return
    for kind, found in whole(snapshot).items():
        assert found == ALL[kind]


def test_a_cut_archive_gives_what_precedes_the_cut(piped: Any) -> None:
    packed = tarred({"a.json": NAMESPACES, "b.json": PODS})
    snapshot = piped(packed[: packed.index(b"PodList")])
    assert [shop.name for shop in snapshot.seen(NAMESPACE).so_far] == ["shop"]
    assert "standard input: is cut short, and nobody knows what followed; fetch it again" in {
        gap.why for gap in snapshot.seen(POD).gaps
    }


def test_a_zip_that_was_cut_gives_what_precedes_the_cut(piped: Any) -> None:
    packed = zipped({"a.json": NAMESPACES, "b.json": PODS * 50})
    for streamed in (packed, zipped_to_a_pipe({"a.json": NAMESPACES, "b.json": PODS * 50})):
        snapshot = piped(streamed[: streamed.index(b"b.json") + 20])
        assert [shop.name for shop in snapshot.seen(NAMESPACE).so_far] == ["shop"]
        assert any("is cut short" in gap.why for gap in snapshot.seen(POD).gaps)


def zipped_to_a_pipe(files: dict[str, str]) -> bytes:
    """A zip whose writer could not go back to note sizes."""
    held = Pipe()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


class Pipe(io.BytesIO):
    """Bytes that can only be appended."""

    def seek(self, *where: int) -> int:
        raise OSError("a pipe")

    def tell(self) -> int:
        raise OSError("a pipe")


def test_a_zip_that_was_cut_in_its_first_member(piped: Any) -> None:
    said = complaint(lambda: piped(zipped({"a.json": NAMESPACES})[:60]))
    assert "standard input: is cut short" in said
