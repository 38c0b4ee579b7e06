"""The line of each piece of evidence, found by reading one object again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import sources
from auditor.kinds import CONFIG_MAP, NAMESPACE, Kind
from auditor.objects import Obj
from auditor.snapshot import Snapshot

Piped = Callable[[str | bytes], Snapshot]

LIST = """\
apiVersion: v1
items:
- apiVersion: v1
  data:
    mesh: |-
      defaultConfig:
        proxyMetadata:
          PROXY_CONFIG_XDS_AGENT: "true"
      trustDomain: cluster.local
  kind: ConfigMap
  metadata:
    labels:
      istio.io/rev: a
    name: istio
    namespace: istio-system
- apiVersion: v1
  kind: Namespace
  metadata:
    labels:
      istio.io/rev: a
    name: shop
kind: List
metadata:
  resourceVersion: ""
"""


def the(snapshot: Snapshot, kind: Kind) -> Obj:
    [thing] = snapshot.seen(kind).so_far
    return thing


def line(thing: Obj, *path: str | int) -> int | None:
    assert thing.origin is not None
    return thing.origin.line(path)


def test_lines_of_yaml(piped: Piped) -> None:
    snapshot = piped(LIST)
    shop, istio = the(snapshot, NAMESPACE), the(snapshot, CONFIG_MAP)
    assert line(istio) == 3
    assert line(istio, "metadata", "labels", "istio.io/rev") == 13
    assert line(istio, "data", "mesh") == 5
    assert line(istio, "data", "mesh", "trustDomain") == 9
    assert (
        line(istio, "data", "mesh", "defaultConfig", "proxyMetadata", "PROXY_CONFIG_XDS_AGENT") == 8
    )
    assert line(shop) == 16
    assert line(shop, "metadata", "labels", "istio.io/rev") == 20


def test_what_is_absent_has_the_line_of_what_is_above_it(piped: Piped) -> None:
    shop = the(piped(LIST), NAMESPACE)
    assert line(shop, "metadata", "labels", "istio-injection") == 19
    assert line(shop, "spec", "finalizers", 0) == 16


def test_a_later_document_counts_from_the_start_of_the_file(piped: Piped) -> None:
    text = "# by hand\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n---\n"
    text += "# a comment\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n"
    snapshot = piped(text)
    assert line(the(snapshot, NAMESPACE), "metadata", "name") == 6
    assert line(the(snapshot, CONFIG_MAP), "metadata", "name") == 12


def json_of() -> dict[str, object]:
    shop = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "shop", "labels": {"a": "é"}},
    }
    other = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "b", "labels": {"a": ""}},
    }
    return {"apiVersion": "v1", "items": [shop, other], "kind": "List"}


def test_lines_of_json(piped: Piped) -> None:
    text = json.dumps(json_of(), indent=4)
    snapshot = piped(text)
    lines = text.split("\n")
    shop, other = the(snapshot, NAMESPACE), the(snapshot, CONFIG_MAP)
    assert (
        line(shop, "metadata", "labels", "a")
        == lines.index('                    "a": "\\u00e9"') + 1
    )
    assert line(other, "metadata", "labels", "a") == lines.index('                    "a": ""') + 1


def test_lines_of_json_in_lines(piped: Piped) -> None:
    text = json.dumps(json_of()) + "\n" + json.dumps({**json_of(), "items": []})
    assert line(the(piped(text), CONFIG_MAP), "metadata", "labels", "a") == 1


def test_a_remark_before_the_objects_shifts_no_line(piped: Piped) -> None:
    snapshot = piped("Warning: old\n" + LIST)
    assert line(the(snapshot, NAMESPACE), "metadata", "name") == 22


def test_only_the_part_of_the_file_that_holds_the_object_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(LIST)
    shop = the(sources.read([str(path)]), NAMESPACE)
    part = LIST.encode().index(b"- apiVersion: v1\n  kind: Namespace")
    path.write_bytes(b"?" * part + LIST.encode()[part:])
    assert line(shop, "metadata", "labels") == 19


@pytest.mark.parametrize("after", [None, "", "}{"])
def test_a_file_that_is_gone_or_another_by_now_has_no_lines(
    tmp_path: Path, after: str | None
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(LIST)
    shop = the(sources.read([str(path)]), NAMESPACE)
    path.unlink() if after is None else path.write_text(after)
    assert line(shop, "metadata", "labels") in (None, 16)
