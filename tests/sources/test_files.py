"""Whatever is pointed at: what is said of a file that holds no object, or is not there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from auditor.sources.reading import findings
from tests.sources.dumps import NAMESPACES, PODS, TABLE, complaint

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


@pytest.mark.parametrize("content", NOTHING.values(), ids=NOTHING.keys())
def test_what_is_no_object_hides_nothing(directory: Any, content: str | bytes) -> None:
    snapshot = directory({"a.json": NAMESPACES, "b.json": PODS, "odd": content})
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
    (tmp_path / "a.json").write_text(NAMESPACES)
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
    said = complaint(lambda: sources.read(["-", "-"], stdin=io.BytesIO(NAMESPACES.encode())))
    assert said == "-: standard input can be read only once"


def test_an_empty_directory(tmp_path: Path) -> None:
    assert "holds no file" in complaint(lambda: sources.read([str(tmp_path)]))
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.json").write_text(NAMESPACES)
    snapshot = sources.read([str(tmp_path / "a.json"), str(tmp_path / "empty")])
    assert [str(remark) for remark in snapshot.remarks] == [
        f"{tmp_path / 'empty'}: no file is in there"
    ]


def test_many_files_of_nothing_are_one_line(directory: Any) -> None:
    said = complaint(lambda: directory({f"{n}.txt": TABLE for n in range(5)}))
    assert said.startswith("dump: nothing in there can be used (0.txt: is a table of namespaces")
    assert said.endswith("and 2 more); it takes what kubectl get -o yaml prints")


@pytest.mark.parametrize("name", ["vendor/reflect.go", "cluster.tf", "scripts/apply.sh"])
def test_source_code_only_quotes_objects(directory: Any, name: str) -> None:
    code = "\tkind := v.Kind()\nkubectl apply -f - <<EOF\n" + "apiVersion: v1\nkind: Pod\n: x: y\n"
    snapshot = directory({"a.json": NAMESPACES, name: code})
    assert snapshot.elsewhere == ()
    assert [str(it) for it in snapshot.remarks] == [
        f"{name}: is source code, which only quotes objects"
    ]


def test_an_assignment_of_go_is_no_kind(directory: Any) -> None:
    snapshot = directory({"a.json": NAMESPACES, "notes": "\tkind := v.Kind()\n\tx: y: z\n"})
    assert snapshot.elsewhere == ()


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
    snapshot = directory({"a.json": NAMESPACES, "sub/pods.yaml": "", "previous.log": ""})
    assert snapshot.seen(POD).gaps[0].why == "sub/pods.yaml is empty"
    assert snapshot.seen(NAMESPACE).gaps == ()
