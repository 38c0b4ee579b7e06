"""Whatever is pointed at: what is read of it, what is passed over, and what is said."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import stat
import tarfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from auditor.snapshot import Snapshot
from auditor.sources import Unusable
from auditor.sources.reading import findings

SHOP = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "NamespaceList",
        "items": [{"metadata": {"name": "shop"}}],
    }
)
PODS = json.dumps({"apiVersion": "v1", "kind": "PodList", "items": []})
TABLE = "NAME   STATUS   AGE\nshop   Active   90d\n"
DESCRIBED = "Name:         shop\nLabels:       a=b\n              c=d\nStatus:       Active\n"
LOG = "2026-01-01T00:00:00Z\tinfo\tads\tkind: Pod\n2026-01-01T00:00:01Z\tinfo\tx: y: z\n"
MARKDOWN = """\
# Mesh

```yaml
apiVersion: v1
kind: Pod
metadata: {name: a}
---
apiVersion: v1
kind: Pod
metadata: {name: b}
---
```
"""
VALUES = "replicaCount: 1\nimage:\n  tag: 1.10\nservice:\n  kind: ClusterIP\n"
CHART = "apiVersion: v2\nname: mesh\nversion: 1.0.0\n"
NOTHING = {
    "a table": TABLE,
    "what kubectl describe prints": DESCRIBED,
    "a log": LOG,
    "a log in JSON, cut": '{"level": "info", "kind": "Pod"}\n{"level": "in',
    "Markdown": MARKDOWN,
    "values of a chart": VALUES,
    "a chart": CHART,
    "prose": "Please look at: this dump: it is odd.\n",
    "a number": "7\n",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
    "nothing": "",
    "blank lines": "\n \n",
    "comments": "# nothing\n---\n# here\n",
}


def complaint(read: Callable[[], Snapshot]) -> str:
    with pytest.raises(Unusable) as raised:
        read()
    said = str(raised.value)
    assert "\n" not in said
    return said


@pytest.mark.parametrize("content", NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_object_hides_nothing(directory: Any, content: str | bytes) -> None:
    snapshot = directory({"a.json": SHOP, "b.json": PODS, "odd": content})
    assert [seen.gaps for seen in snapshot.kinds.values()] == [(), ()]
    assert snapshot.elsewhere == ()
    [remark] = snapshot.remarks
    assert remark.where == "odd"


@pytest.mark.parametrize("content", NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_object_is_no_source(directory: Any, content: str | bytes) -> None:
    said = complaint(lambda: directory({"odd": content}))
    assert said.startswith("dump: nothing in there can be used (odd: ")


def test_a_broken_file_alone_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("apiVersion: v1\nkind: Pod\nmetadata: }{\n")
    assert complaint(lambda: sources.read([str(path)])).startswith(f"{path}:3: is broken there (")


def test_a_file_alone_that_is_no_object(tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(VALUES)
    assert complaint(lambda: sources.read([str(path)])) == (
        f"{path}: holds no Kubernetes object; it takes what kubectl get -o yaml prints"
    )


def test_what_kubectl_said_instead_of_objects_is_the_complaint(piped: Any) -> None:
    said = "error: You must be logged in to the server (Unauthorized)"
    assert said in complaint(lambda: piped(said + "\n"))
    forbidden = 'Error from server (Forbidden): pods is forbidden: User "me" cannot list'
    assert forbidden in complaint(lambda: piped(forbidden + "\n"))


def test_an_empty_list_is_the_complaint(piped: Any) -> None:
    said = complaint(lambda: piped('{"apiVersion": "v1", "items": [], "kind": "List"}'))
    assert said == (
        "standard input: an empty List, which does not say what was asked for; "
        "it takes what kubectl get -o yaml prints"
    )


def test_objects_that_nobody_reads_are_of_no_use(piped: Any) -> None:
    node = '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}'
    assert "holds no object of use here" in complaint(lambda: piped(node))


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(SHOP)
    missing = str(tmp_path / "b.json")
    said = complaint(lambda: sources.read([str(tmp_path / "a.json"), missing]))
    assert said == f"{missing}: no such file or directory; check the path"


def test_a_path_that_no_file_can_have() -> None:
    assert complaint(lambda: sources.read(["a\0b"])) == "a\\u0000b: cannot be opened"


def test_a_device_is_no_dump() -> None:
    assert "neither a file nor a directory" in complaint(lambda: sources.read(["/dev/null"]))


def test_no_source_at_all() -> None:
    assert complaint(lambda: sources.read([])).startswith("no source")


def test_standard_input_twice() -> None:
    said = complaint(lambda: sources.read(["-", "-"], stdin=io.BytesIO(SHOP.encode())))
    assert said == "-: standard input can be read only once"


def test_an_empty_directory(tmp_path: Path) -> None:
    assert "holds no file" in complaint(lambda: sources.read([str(tmp_path)]))
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.json").write_text(SHOP)
    snapshot = sources.read([str(tmp_path / "a.json"), str(tmp_path / "empty")])
    assert [str(remark) for remark in snapshot.remarks] == [
        f"{tmp_path / 'empty'}: no file is in there"
    ]


def test_many_files_of_nothing_are_one_line(directory: Any) -> None:
    said = complaint(lambda: directory({f"{n}.txt": TABLE for n in range(5)}))
    assert said.startswith("dump: nothing in there can be used (0.txt: holds no")
    assert said.endswith("and 2 more); it takes what kubectl get -o yaml prints")


def packed(pack: str) -> bytes:
    held = io.BytesIO()
    if pack == "zip":
        with zipfile.ZipFile(held, "w") as zipped:
            zipped.writestr("a.json", SHOP)
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
            "gzip": gzip.compress(SHOP.encode()),
            "bzip2": bz2.compress(SHOP.encode()),
            "xz": lzma.compress(SHOP.encode()),
        }
        return compressed[pack]
    return held.getvalue()


@pytest.mark.parametrize("pack", ["gzip", "bzip2", "xz", "zip", "tar", "old tar"])
def test_what_may_be_a_packed_dump_may_hide_anything(directory: Any, pack: str) -> None:
    name = pack.removeprefix("old ")
    snapshot = directory({"a.json": SHOP, "b.png": packed(pack)})
    [gap] = snapshot.seen(NAMESPACE).gaps
    assert gap.why == f"b.png: is packed ({name}) and was not read; give what is in it"
    assert len(snapshot.seen(POD).gaps) == 2
    assert len(snapshot.remarks) == 1


def test_a_packed_dump_alone(tmp_path: Path) -> None:
    path = tmp_path / "dump.tgz"
    path.write_bytes(packed("gzip"))
    said = complaint(lambda: sources.read([str(path)]))
    assert said == f"{path}: is packed (gzip) and was not read; give what is in it"


def test_directories_are_read_to_the_bottom_in_order(directory: Any) -> None:
    snapshot = directory({"b/c/pods": PODS, "a": SHOP, "b/.git/x": packed("gzip")})
    assert [thing.origin.file for thing in snapshot.seen(NAMESPACE).so_far] == ["a"]
    assert snapshot.seen(POD).gaps == ()
    assert snapshot.description == "dump"
    assert snapshot.remarks == ()


def test_files_of_several_sources_are_named_with_their_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dump/in").mkdir(parents=True)
    Path("dump/in/a.json").write_text(SHOP)
    Path("b.json").write_text(PODS)
    snapshot = sources.read(["dump/", "b.json"])
    [shop] = snapshot.seen(NAMESPACE)
    assert shop.origin is not None
    assert shop.origin.file == "dump/in/a.json"
    assert snapshot.description == "dump/, b.json"


def test_links_are_not_followed_and_told_where_they_leave(tmp_path: Path, directory: Any) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(PODS)
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "loop").symlink_to(dump)
    (dump / "leaves").symlink_to(outside)
    (dump / "nowhere").symlink_to(dump / "missing")
    (dump / "again.json").symlink_to(dump / "a.json")
    snapshot = directory({"a.json": SHOP})
    assert POD not in snapshot.kinds
    assert [remark.where for remark in snapshot.remarks] == ["leaves", "nowhere"]


def test_a_link_that_is_pointed_at_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(SHOP)
    (tmp_path / "link").symlink_to(tmp_path / "a.json")
    assert sources.read([str(tmp_path / "link")]).seen(NAMESPACE).gaps == ()


def test_a_pipe_in_a_directory_is_not_opened(tmp_path: Path, directory: Any) -> None:
    (tmp_path / "dump").mkdir()
    os.mkfifo(tmp_path / "dump" / "pipe")
    snapshot = directory({"a.json": SHOP})
    assert [remark.where for remark in snapshot.remarks] == ["pipe"]


class Forbidding:
    """Stands for a file that the operating system does not give; tests may run as root."""

    name = "locked.json"

    def data(self) -> bytes:
        raise PermissionError(13, "Permission denied", "/root/locked.json")

    def part(self, start: int, size: int) -> bytes:
        raise AssertionError


def test_a_file_that_cannot_be_read_may_hide_anything() -> None:
    found = findings(Forbidding())
    assert found.unread == ["locked.json: cannot be read: Permission denied"]
    assert not found.is_usable


def test_an_empty_file_named_after_a_kind_is_a_gap_of_that_kind(directory: Any) -> None:
    snapshot = directory({"a.json": SHOP, "sub/pods.yaml": "", "previous.log": ""})
    assert snapshot.seen(POD).gaps[0].why == "sub/pods.yaml is empty"
    assert snapshot.seen(NAMESPACE).gaps == ()


def test_names_of_files_obey_no_terminal(directory: Any) -> None:
    snapshot = directory({"a.json": SHOP, "\x1b[2J\n": TABLE})
    assert snapshot.remarks[0].where == "\\u001b[2J\\n"


def test_a_pipe_that_is_pointed_at_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(SHOP))
    writer.start()
    snapshot = sources.read([str(pipe)])
    writer.join()
    [shop] = snapshot.seen(NAMESPACE)
    assert shop.origin is not None
    assert shop.origin.line(()) == 1
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_directories_deeper_than_python_recurses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    try:
        assert sources.read([str(tmp_path)]).seen(NAMESPACE).gaps == ()
    finally:
        for _ in range(1200):
            os.chdir("..")
            os.rmdir("d")
