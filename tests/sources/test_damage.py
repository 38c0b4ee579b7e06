"""A file that is broken never makes anything look absent that was in it."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor import sources
from auditor.kinds import DEPLOYMENT, POD, SERVICE
from tests.sources.dumps import LISTED_ELSEWHERE, TEXTS, Piped, a_list, thing, whole


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
