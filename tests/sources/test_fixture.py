"""Clusters written by hand for the cases of rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.kinds import CRD, NAMESPACE, POD
from auditor.seen import LookedFor, Unseen
from auditor.snapshot import Snapshot
from auditor.sources.fixture import BadFixture, read_fixture

GOOD = """\
# What this case shows.
listed: [namespaces, pods]
gaps:
  pods in shop: it was forbidden
  pods outside shop,kafka: it was not asked for
  customresourcedefinitions.apiextensions.k8s.io: "403: cannot list at the cluster scope"
now: 2026-11-20T08:14:00Z
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: !withheld redacted in the dump
spec: {finalizers: [kubernetes]}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fail-a.yaml"


def read(path: Path, text: str) -> Snapshot:
    path.write_text(text)
    return read_fixture(path)


def test_a_fixture_may_say_that_only_some_names_were_asked_for(path: Path) -> None:
    name = "pods but cart-0,cart-1 in shop,bank"
    snapshot = read(path, f"gaps: {{'{name}': only these}}\n")

    assert snapshot.unanswered(POD) == ()
    assert snapshot.looked_for(POD) == (LookedFor(("cart-0", "cart-1"), ("shop", "bank")),)
    assert snapshot.find(POD, "cart-1", "bank").first() is None
    with pytest.raises(Unseen, match="other pods: only these"):
        snapshot.find(POD, "cart-2", "bank").first()


def test_a_fixture_says_what_was_seen_and_what_not(path: Path) -> None:
    snapshot = read(path, GOOD)
    [shop] = snapshot.seen(NAMESPACE)
    with pytest.raises(Unseen, match="redacted in the dump"):
        bool(shop.label("a"))
    assert "spec" not in shop.raw
    assert [(gap.what, gap.why) for gap in snapshot.seen(POD).gaps] == [
        ("pods in shop", "it was forbidden"),
        ("pods outside shop, kafka", "it was not asked for"),
    ]
    assert snapshot.seen(CRD).gaps[0].why == "403: cannot list at the cluster scope"
    assert snapshot.time == datetime(2026, 11, 20, 8, 14, tzinfo=UTC)


def test_a_fixture_of_nothing_but_a_gap(path: Path) -> None:
    snapshot = read(path, "listed: []\ngaps: {pods: forbidden}\n")
    assert [gap.why for gap in snapshot.seen(POD).gaps] == ["forbidden"]
    assert snapshot.time is None


BAD = {
    "listed: [namespaces]\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n": (
        "3: pods is neither in `listed` nor in `gaps`"
    ),
    "listed: [pod]\n": "1: pod is not a kind",
    "listed: [deployments]\n": "1: deployments is not a kind",
    "listed: [pods]\nnote: a\n": "1: note is not one of",
    "listed: pods\n": "1: `listed` is a list",
    "listed: []\ngaps: [pods]\n": "1: `gaps` is a mapping",
    "listed: []\ngaps: {pods of shop: no}\n": "1: pods of shop: not a kind",
    "listed: []\nnow: noon\n": "1: now: noon is no time",
    "listed: [pods]\n---\n- a\n": "3: not an object",
    "listed: [pods]\n---\napiVersion: v1\nkind: Node\nmetadata: {name: a}\n": "3: Node is no kind",
    "listed: [pods]\n---\napiVersion: v1\nkind: Pod\nmetadata: {}\n": "3: it has no name",
    "listed: [pods]\n---\napiVersion: }\n": "3: ",
    "": "1: its first document",
    "- a\n": "1: its first document",
    "Warning: a\nlisted: []\n": "1: its first document",
    "listed: [pods]\n"
    + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n" * 2: "7: Pod a is there twice",
}


@pytest.mark.parametrize(("text", "said"), BAD.items(), ids=BAD.values())
def test_a_fixture_that_says_something_else_is_refused(path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFixture) as raised:
        read(path, text)
    assert str(raised.value).startswith(f"{path}:{said}")
