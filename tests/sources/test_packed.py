"""Archives and compressed files hold a dump as a directory does."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from auditor.snapshot import Snapshot
from tests.sources.dumps import CART, NAMESPACES, PODS, SHOP, complaint, listing, names, printed
from tests.sources.packing import COMPRESS, PACKS, tarred, v7, zipped

FILES = {
    "dump/namespaces.json": printed(listing(SHOP), "json"),
    "dump/pods/all": printed(listing(CART), "yaml"),
    "dump/pods/logs/cart.log": "2026-01-01 12:00:00 kind: Pod\n",
}
WHOLE = {"Namespace": ["shop"], "Pod": ["cart-1"]}


@pytest.mark.parametrize("pack", PACKS)
def test_an_archive_is_read_like_a_directory(tmp_path: Path, pack: str) -> None:
    path = tmp_path / "sent by a customer"
    path.write_bytes(PACKS[pack](FILES))
    snapshot = sources.read([str(path)])
    assert names(snapshot) == WHOLE
    [cart] = snapshot.seen(POD)
    assert cart.origin is not None
    assert cart.origin.file == "dump/pods/all"
    assert cart.origin.line(("metadata", "name")) == 6
    assert snapshot.seen(NAMESPACE).gaps == ()
    assert snapshot.description == str(path)


@pytest.mark.parametrize("pack", PACKS)
def test_an_archive_on_standard_input(pack: str) -> None:
    assert names(sources.read(["-"], stdin=io.BytesIO(PACKS[pack](FILES)))) == WHOLE


@pytest.mark.parametrize("inner", PACKS)
@pytest.mark.parametrize("outer", ["tar.gz", "zip"])
def test_an_archive_in_an_archive(piped: Any, outer: str, inner: str) -> None:
    snapshot = piped(PACKS[outer]({"case-17/sent.bin": PACKS[inner](FILES)}))
    assert names(snapshot) == WHOLE
    assert origin(snapshot) == "case-17/sent.bin/dump/pods/all"


def test_an_archive_in_a_directory(directory: Any) -> None:
    snapshot = directory({"a.json": NAMESPACES, "sent.png": PACKS["tar.gz"](FILES)})
    assert names(snapshot)["Pod"] == ["cart-1"]
    assert origin(snapshot) == "sent.png/dump/pods/all"


def origin(snapshot: Snapshot) -> str:
    [cart] = snapshot.seen(POD)
    assert cart.origin is not None
    return cart.origin.file


@pytest.mark.parametrize("pack", COMPRESS)
def test_a_compressed_file_keeps_its_name(directory: Any, pack: str) -> None:
    snapshot = directory({"pods.json": packed_alone(pack, PODS), "a.json": NAMESPACES})
    assert names(snapshot) == {"Namespace": ["shop"], "Pod": []}


def packed_alone(pack: str, text: str) -> bytes:
    half = len(text) // 2  # two streams, one after the other, are one file
    parts = (COMPRESS[pack](part.encode()) for part in (text[:half], text[half:]))
    return b"".join(parts) + b"\0" * 3


def test_three_archives_in_each_other_are_too_many(piped: Any) -> None:
    inner = PACKS["zip"]({"a.json": PODS})
    for name in ("b.zip", "c.zip"):
        inner = PACKS["zip"]({name: inner, "n.json": NAMESPACES})
    snapshot = piped(inner)
    assert POD not in snapshot.kinds
    [gap] = {gap.why for gap in snapshot.elsewhere}
    assert gap == "c.zip/b.zip: is packed (zip) and was not read; give what is in it"


def test_a_tar_from_before_the_standard(piped: Any) -> None:
    assert names(piped(v7(tarred({"a.json": NAMESPACES})))) == {"Namespace": ["shop"]}


def test_names_as_long_as_tools_write_them(piped: Any) -> None:
    for style in ("gnu", "pax"):
        name = "deep/" * 60 + "p\u00f6ds?=1.json"
        snapshot = piped(tarred({name: NAMESPACES}, style=style))
        [shop] = snapshot.seen(NAMESPACE)
        assert shop.origin is not None
        assert shop.origin.file == name


def test_an_encrypted_member_may_hide_anything(piped: Any) -> None:
    snapshot = piped(zipped({"a.json": NAMESPACES, "b.json": PODS}, encrypted=("b.json",)))
    assert [gap.why for gap in snapshot.elsewhere] == [
        "b.json: is encrypted and was not read; unpack it with its password"
    ]


def test_an_archive_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.tgz"
    path.write_bytes(PACKS["tar.gz"]({}))
    assert (
        complaint(lambda: sources.read([str(path)]))
        == f"{path}: holds no file; it takes what kubectl get -o yaml prints"
    )


def test_logs_are_told_once_and_hide_nothing(piped: Any) -> None:
    log = "2026-01-01T00:00:00Z\tinfo\tapiVersion: v1\n" * 3 + "kind: Pod\nmetadata: {name: a}\n"
    files = {f"logs/{number}.log": log for number in range(9)}
    snapshot = piped(tarred({"a.json": NAMESPACES, "odd": log, **files}))
    assert names(snapshot) == {"Namespace": ["shop"]}
    assert snapshot.elsewhere == ()
    assert len(snapshot.remarks) == 2


def test_a_log_may_tell_what_kubectl_was_refused(directory: Any) -> None:
    said = 'Error from server (Forbidden): pods is forbidden: User "me" cannot list resource'
    snapshot = directory({"a.json": NAMESPACES, "errors.log": f'{said} "pods"\nkind: Pod\n'})
    assert [gap.why for gap in snapshot.seen(POD).gaps if "Forbidden" in gap.why]


def test_zstd_without_a_library_is_told_in_one_line(
    piped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    said = complaint(lambda: piped(b"\x28\xb5\x2f\xfd" + bytes(40)))
    assert said.startswith(
        "standard input: is packed with zstd, which needs `pip install zstandard`"
    )


def test_zstd_with_a_library(piped: Any) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.compress(tarred(FILES))
    assert names(piped(packed)) == WHOLE
    said = complaint(lambda: piped(packed[: len(packed) // 2]))
    assert said.startswith("standard input: is cut short")
