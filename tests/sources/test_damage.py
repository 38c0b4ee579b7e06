"""A file that is broken, or cut, never makes anything look absent that was in it."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from auditor import sources
from auditor.kinds import CRD, DEPLOYMENT, NAMESPACE, POD, SECRET, SERVICE
from auditor.snapshot import Snapshot

Piped = Callable[[str | bytes], Snapshot]


def thing(kind: str, name: str, api_version: str = "v1", **more: object) -> dict[str, Any]:
    metadata = {"creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"app": "it's: a \u00e9"}}
    metadata |= {"name": name, "namespace": "shop", "resourceVersion": "12", "uid": f"{kind}{name}"}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


OBJECTS = [
    thing("Namespace", "shop", spec={"finalizers": ["kubernetes"]}, status={"phase": "Active"}),
    thing("Namespace", "kafka", status={"phase": "Active"}),
    thing("ConfigMap", "istio", data={"mesh": 'trustDomain: "a"\nrootNamespace: x\n'}),
    thing("Pod", "cart-1", spec={"containers": [{"name": "a", "image": "b"}]}),
    thing("Pod", "cart-2", status={"phase": "Running"}),
    thing("Deployment", "cart", "apps/v1", spec={"replicas": 1}),
]


def printed(root: object, form: str) -> str:
    """As kubectl prints it: fields sorted, a line feed at the end."""
    if form == "yaml":
        return yaml.safe_dump(root, allow_unicode=True)
    return json.dumps(root, indent=4 if form == "json" else None, sort_keys=True) + "\n"


def a_list(form: str) -> str:
    root = {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}}
    return printed({**root, "items": OBJECTS}, form)


def typed_lists(form: str) -> str:
    texts = []
    for kind in dict.fromkeys((it["apiVersion"], it["kind"]) for it in OBJECTS):
        items = [
            {key: value for key, value in it.items() if key not in ("apiVersion", "kind")}
            for it in OBJECTS
            if (it["apiVersion"], it["kind"]) == kind
        ]
        root = {"apiVersion": kind[0], "kind": f"{kind[1]}List", "metadata": {}, "items": items}
        texts.append(printed(root, form))
    return ("---\n" if form == "yaml" else "").join(texts)


def whole(snapshot: Snapshot) -> dict[str, set[str]]:
    return {
        kind.name: {it.name for it in seen.so_far}
        for kind, seen in snapshot.kinds.items()
        if not seen.gaps
    }


ALL = {
    "Namespace": {"shop", "kafka"},
    "ConfigMap": {"istio"},
    "Pod": {"cart-1", "cart-2"},
    "Deployment": {"cart"},
}
LISTED_ELSEWHERE = printed(
    [
        {"apiVersion": "v1", "kind": "PodList", "items": [thing("Pod", "other")]},
        {"apiVersion": "v1", "kind": "NamespaceList", "items": [thing("Namespace", "other")]},
        {"apiVersion": "v1", "kind": "ConfigMapList", "items": []},
        {"apiVersion": "apps/v1", "kind": "DeploymentList", "items": []},
    ],
    "json",
)
TEXTS = {
    "a List in YAML": a_list("yaml"),
    "a List in JSON": a_list("json"),
    "a List in one line": a_list("line"),
    "typed lists in YAML": typed_lists("yaml"),
    "typed lists in JSON": typed_lists("json"),
}


def test_the_texts_are_whole_before_they_are_cut(piped: Piped) -> None:
    for text in TEXTS.values():
        assert whole(piped(text)) == ALL


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_a_file_cut_at_any_byte_lists_nothing_that_it_lost(name: str, data: Any) -> None:
    content = TEXTS[name].encode()
    cut = data.draw(st.integers(0, len(content)))
    try:
        snapshot = sources.read(["-"], stdin=io.BytesIO(content[:cut]))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)
        return
    for kind, names in whole(snapshot).items():
        assert names == ALL[kind]


@given(st.sampled_from(sorted(TEXTS)), st.data())
@example("a List in JSON", None)
def test_a_cut_makes_doubtful_what_another_file_lists(name: str, data: Any) -> None:
    content = TEXTS[name].encode()
    cut = data.draw(st.integers(1, len(content))) if data else len('{    "apiVersion"')
    if content[:cut].strip().endswith((b"}", b"---")):
        return  # between two lists nothing shows that there was another
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "cut").write_bytes(content[:cut])
        Path(folder, "other").write_text(LISTED_ELSEWHERE)
        snapshot = sources.read([folder])
    for kind, names in whole(snapshot).items():
        assert names >= ALL[kind]


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_no_bytes_make_a_traceback(name: str, data: Any) -> None:
    content = bytearray(TEXTS[name].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        sources.read(["-"], stdin=io.BytesIO(bytes(content)))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)


BROKEN = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Service
metadata:
  name: "cart
  namespace: shop
spec: }{
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-1
  namespace: shop
status:
  phase: Running
"""


def test_a_broken_document_hides_its_kind_and_no_other(piped: Piped) -> None:
    text = BROKEN.replace('"cart', "cart")
    snapshot = piped(text)
    assert whole(snapshot) == {"Namespace": {"shop"}, "Pod": {"cart-1"}}
    [gap] = snapshot.seen(SERVICE).gaps
    assert gap.why.startswith("standard input:11: is broken there (")
    assert snapshot.elsewhere == ()
    assert [remark.where for remark in snapshot.remarks] == ["standard input:11"]


def test_a_broken_list_keeps_what_was_before_and_hides_what_is_named_after(piped: Piped) -> None:
    text = a_list("yaml").replace("image: b", "image: b: c")
    snapshot = piped(text)
    assert whole(snapshot) == {"Namespace": {"shop", "kafka"}, "ConfigMap": {"istio"}}
    assert [thing.name for thing in snapshot.seen(POD).so_far] == []
    assert {kind.name for kind, seen in snapshot.kinds.items() if seen.gaps} == {
        "Pod",
        "Deployment",
    }


def test_a_broken_typed_list_hides_its_kind_though_the_items_do_not_name_it(piped: Piped) -> None:
    text = """\
apiVersion: v1
kind: PodList
items:
- metadata: {name: cart-1, namespace: shop}
- metadata: {name: cart-2, namespace: shop}
- metadata: }
---
apiVersion: v1
kind: NamespaceList
items: []
"""
    snapshot = piped(text)
    assert [thing.name for thing in snapshot.seen(POD).so_far] == ["cart-1", "cart-2"]
    assert snapshot.seen(POD).gaps != ()
    assert whole(snapshot) == {"Namespace": set()}


def test_a_break_that_names_no_kind_may_hide_any(piped: Piped) -> None:
    snapshot = piped(BROKEN.replace("kind: Service", "kin\x00d: Service"))
    assert whole(snapshot) == {}
    assert snapshot.elsewhere != ()


def test_damage_in_a_kind_that_nobody_reads_hides_nothing(piped: Piped) -> None:
    snapshot = piped(BROKEN.replace("kind: Service", "kind: Node").replace('"cart', "cart"))
    assert whole(snapshot) == {"Namespace": {"shop"}, "Pod": {"cart-1"}}


def test_a_broken_file_makes_doubtful_what_the_others_list(directory: Any) -> None:
    snapshot = directory({"a.json": LISTED_ELSEWHERE, "b.yaml": BROKEN.replace('"cart', "cart")})
    assert snapshot.seen(SERVICE).gaps != ()
    snapshot = directory({"b.yaml": "apiVersion: v1\nkind: Pod\nmetadata: }{\n---\na: b\n"})
    assert [gap.why.partition(":")[0] for gap in snapshot.seen(POD).gaps] == ["b.yaml"]
    assert snapshot.seen(DEPLOYMENT).gaps == ()


@pytest.mark.parametrize(
    "left",
    [
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: ca",
        "apiVersion: v1\nkind: P",
        "apiV",
        "kind:",
    ],
)
def test_a_manifest_that_stops_within_a_line(directory: Any, left: str) -> None:
    live = left.replace("name:", "creationTimestamp: '2026-01-01T00:00:00Z'\n  name:")
    snapshot = directory({"a.json": LISTED_ELSEWHERE, "b.yaml": live})
    assert snapshot.seen(POD).gaps != ()
    assert [thing.name for thing in snapshot.seen(POD).so_far] == ["other"]


def test_a_manifest_without_a_line_feed_at_its_end_is_whole(piped: Piped) -> None:
    text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop"
    assert whole(piped(text)) == {"Namespace": {"shop"}}


def test_items_without_a_value_are_not_an_empty_list(directory: Any) -> None:
    text = "apiVersion: v1\nkind: PodList\nitems:\n"
    snapshot = directory({"a.yaml": text, "b.json": LISTED_ELSEWHERE})
    assert snapshot.seen(POD).gaps != ()
    assert snapshot.seen(SECRET).gaps[1:] == snapshot.elsewhere


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16, as PowerShell writes it": lambda text: text.encode("utf-16"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "lines that end as on Windows": lambda text: text.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_encodings_and_line_ends_change_nothing(
    piped: Piped, name: str, encode: Callable[[str], bytes]
) -> None:
    snapshot = piped(encode(TEXTS[name]))
    assert whole(snapshot) == ALL
    plain = piped(TEXTS[name])
    for kind, seen in plain.kinds.items():
        again = snapshot.kinds[kind]
        assert again == seen
        for one, other in zip(seen.so_far, again.so_far, strict=True):
            assert one.origin is not None
            assert other.origin is not None
            path = ("metadata", "labels", "app")
            assert one.origin.line(path) == other.origin.line(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_that_is_not_read_may_hide_anything(directory: Any, encoding: str) -> None:
    snapshot = directory(
        {"a.json": LISTED_ELSEWHERE, "b.yaml": TEXTS["a List in YAML"].encode(encoding)}
    )
    assert whole(snapshot) == {}
    assert "UTF-" in snapshot.seen(CRD).gaps[1].why
    assert snapshot.seen(NAMESPACE).so_far != ()


def test_many_losses_of_a_kind_are_told_in_a_few_lines(piped: Piped) -> None:
    nameless = {"apiVersion": "v1", "kind": "Pod", "metadata": {}}
    snapshot = piped(json.dumps([thing("Namespace", "shop"), *[nameless] * 1000]))
    assert whole(snapshot) == {"Namespace": {"shop"}}
    assert len(snapshot.remarks) == 6
    assert str(snapshot.remarks[-1]) == "standard input: more pods were lost, alike"


def test_a_thousand_broken_lines_are_told_once_between_two_objects(piped: Piped) -> None:
    shop = json.dumps(thing("Namespace", "shop"))
    broken = '{"apiVersion": "v1", "kind": "Pod", "metadata": }\n' * 1000
    snapshot = piped(f"{shop}\n{broken}{shop}\n{broken}{shop}\n")
    assert whole(snapshot) == {"Namespace": {"shop"}}
    assert [remark.where for remark in snapshot.remarks] == [
        "standard input:2",
        "standard input:1003",
    ]


def test_lists_of_lists_to_the_depth_that_is_read(piped: Piped) -> None:
    root: dict[str, Any] = thing("Namespace", "shop")
    for _ in range(100):
        root = {"apiVersion": "v1", "kind": "List", "items": [root]}
    assert whole(piped(json.dumps(root))) == {"Namespace": {"shop"}}
    bare: Any = thing("Namespace", "shop")
    for _ in range(200):
        bare = [bare]
    assert whole(piped(json.dumps(bare))) == {"Namespace": {"shop"}}
