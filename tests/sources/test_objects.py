"""What is taken of an object, and what a bad one takes with it."""

from __future__ import annotations

import json

import pytest

from auditor.kinds import CRD, DEPLOYMENT, NAMESPACE
from tests.sources.dumps import CART, SHOP, Piped, listing, names

WRONG = {
    "no name": {"labels": {}},
    "a name that is a number": {"name": 7},
    "a name that no server takes": {"name": "n" * 1025},
    "a namespace that no server takes": {"name": "a", "namespace": "n" * 1025},
    "labels that are a list": {"name": "a", "labels": ["x"]},
    "a label that is a number": {"name": "a", "labels": {"version": 1.1}},
    "a namespace that is a mapping": {"name": "a", "namespace": {}},
    "metadata that is a list": ["a"],
    "no metadata": None,
}


@pytest.mark.parametrize("metadata", WRONG.values(), ids=WRONG.keys())
def test_a_bad_object_loses_itself_and_not_its_file(piped: Piped, metadata: object) -> None:
    broken = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}
    snapshot = piped(json.dumps(listing(SHOP, broken, CART)))
    assert names(snapshot) == {"Namespace": ["shop"], "Pod": ["cart-1"]}
    assert "was left out" in snapshot.seen(DEPLOYMENT).gaps[0].why
    assert "was left out" in str(snapshot.remarks[0])


@pytest.mark.parametrize("item", [None, 7, "x", ["x"], {}, {"metadata": {"name": "a"}}])
def test_an_item_that_does_not_say_what_it_is_may_be_anything(piped: Piped, item: object) -> None:
    snapshot = piped(json.dumps(listing(SHOP, item)))
    assert names(snapshot) == {}
    assert [thing.name for thing in snapshot.seen(NAMESPACE).so_far] == ["shop"]
    assert snapshot.seen(CRD).gaps != ()


def test_a_label_that_is_null_is_empty(piped: Piped) -> None:
    text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {a: }\n"
    [shop] = piped(text).seen(NAMESPACE)
    assert shop.label("a").value == ""


def test_only_what_the_kind_keeps_is_kept(piped: Piped) -> None:
    extra = {**SHOP, "spec": {"finalizers": ["kubernetes"]}}
    [shop] = piped(json.dumps(extra)).seen(NAMESPACE)
    assert "spec" not in shop.raw
