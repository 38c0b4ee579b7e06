"""However a cluster is cut into files, it is the same cluster."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor import sources
from auditor.kinds import KINDS
from auditor.snapshot import Snapshot

KIND_NAMES = st.sampled_from(
    [("v1", "Namespace"), ("v1", "Pod"), ("apps/v1", "Deployment"), ("v1", "Node")]
    + [("rbac.authorization.k8s.io/v1", "ClusterRole"), ("networking.istio.io/v1beta1", "Gateway")]
)
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12)
LABELS = st.dictionaries(TEXT, TEXT | st.sampled_from(["y", "no", "1.10", "0x1f", "null", "1e3"]))


@st.composite
def things(draw: st.DrawFn) -> dict[str, Any]:
    api_version, kind = draw(KIND_NAMES)
    metadata: dict[str, Any] = {
        "name": draw(st.sampled_from("abcdefgh")),
        "labels": draw(LABELS),
        "uid": "1",
    }
    if kind in ("Pod", "Deployment", "Gateway"):
        metadata["namespace"] = draw(st.sampled_from(["shop", "kafka"]))
    metadata["resourceVersion"] = str(draw(st.integers(1, 10**12)))
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def distinct(thing: dict[str, Any]) -> str:
    return str(thing["metadata"]["resourceVersion"])


CLUSTERS = st.lists(things(), min_size=1, max_size=8, unique_by=distinct)


def told(snapshot: Snapshot) -> dict[str, Any]:
    """What was seen and what was not, without where."""
    return {
        str(kind): (
            snapshot.seen(kind).so_far,
            snapshot.seen(kind).gaps,
            kind in snapshot.assumed,
        )
        for kind in KINDS.values()
    }


def read(files: list[str]) -> dict[str, Any] | str:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.txt") for number in range(len(files))]
        for path, text in zip(paths, files, strict=True):
            path.write_text(text, encoding="utf-8")
        try:
            return told(sources.read([str(path) for path in paths]))
        except sources.Unusable:
            return "unusable"


def a_list(things: list[dict[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "v1", "items": things, "kind": "List", "metadata": {}}


def as_yaml(root: object) -> str:
    return yaml.safe_dump(root, allow_unicode=True, default_style='"')


@given(CLUSTERS, st.data())
def test_loose_objects_in_any_files_in_any_order(cluster: Any, data: Any) -> None:
    expected = read([json.dumps(cluster)])
    shuffled = data.draw(st.permutations(cluster))
    cut = data.draw(st.integers(0, len(shuffled)))
    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    assert read([json.dumps(part) for part in parts]) == expected
    assert read(["---\n".join(map(as_yaml, part)) for part in parts]) == expected
    assert read(["\n".join(map(json.dumps, part)) for part in parts]) == expected


@given(CLUSTERS, st.data())
def test_lists_in_any_files_in_any_form(cluster: Any, data: Any) -> None:
    expected = read([json.dumps(a_list(cluster))])
    cut = data.draw(st.integers(0, len(cluster)))
    parts = [a_list(part) for part in (cluster[cut:], cluster[:cut])]
    assert read([json.dumps(part, indent=4) for part in parts]) == expected
    assert read(list(map(as_yaml, parts))) == expected
    assert read(["".join(map(as_yaml, parts))]) == expected
    assert read(["---\n".join(map(as_yaml, parts))]) == expected
    assert read([json.dumps(a_list(parts))]) == expected


@given(st.binary(max_size=200))
def test_any_bytes_give_a_snapshot_or_one_line(content: bytes) -> None:
    try:
        sources.read(["-"], stdin=io.BytesIO(content))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)


FRAGMENTS = st.sampled_from(
    [
        "apiVersion: v1\n",
        "kind: Pod\n",
        "kind: List\n",
        "items:\n",
        "- ",
        "metadata:\n",
        "  name: a\n",
    ]
    + ["---\n", "{", "}", "[", "]", '"apiVersion": "v1"', '"kind": "PodList"', '"items": null', ","]
    + [
        "Error from server (Forbidden): pods is forbidden\n",
        "  ",
        "\n",
        "data: |\n",
        "\x1b",
        "&a ",
        "*a",
    ]
)


@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_any_fragments_give_a_snapshot_or_one_line(content: str) -> None:
    try:
        sources.read(["-"], stdin=io.BytesIO(content.encode()))
    except sources.Unusable as unusable:
        assert str(unusable).isprintable()
