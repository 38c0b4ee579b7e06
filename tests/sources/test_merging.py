"""The same object from several places is one, and what differed is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import CRD, NAMESPACE
from auditor.objects import Obj
from auditor.snapshot import Snapshot
from auditor.sources.findings import Version
from auditor.sources.merging import merged


def namespace(label: str, **metadata: object) -> dict[str, Any]:
    named = {"name": "shop", "labels": {"said": label}, **metadata}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": named}


def live(label: str, version: str, uid: str = "1") -> dict[str, Any]:
    return namespace(label, resourceVersion=version, uid=uid)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Reads two sources, each of one object."""

    def read(*things: dict[str, Any]) -> Snapshot:
        monkeypatch.chdir(tmp_path)
        names = [f"{letter}.json" for letter, _ in zip("abc", things, strict=False)]
        for name, thing in zip(names, things, strict=True):
            Path(name).write_text(json.dumps(thing))
        return sources.read(names)

    return read


def only(snapshot: Snapshot) -> Obj:
    [shop] = snapshot.seen(NAMESPACE).so_far
    return shop


def conflicts(snapshot: Snapshot) -> list[str]:
    return [str(remark) for remark in snapshot.remarks if "differs" in remark.what]


def test_equal_objects_are_one_without_a_word(both: Any) -> None:
    snapshot = both(live("x", "5"), live("x", "5"))
    assert only(snapshot).rivals == ()
    assert conflicts(snapshot) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newer_of_one_cluster_is_taken_whatever_the_order(both: Any, order: Any) -> None:
    pair = [live("old", "99"), live("new", "100")]
    snapshot = both(*(pair[place] for place in order))
    assert only(snapshot).label("said").value == "new"
    assert only(snapshot).rivals == ()
    [said] = conflicts(snapshot)
    assert said.endswith("the newer was taken")
    assert "Namespace shop" in said


def test_a_newer_reading_of_the_same_is_no_conflict(both: Any) -> None:
    snapshot = both(live("x", "100"), live("x", "99"))
    assert only(snapshot).at("metadata", "resourceVersion").value == "100"
    assert conflicts(snapshot) == []


def test_another_uid_is_not_compared_by_version(both: Any) -> None:
    snapshot = both(live("first", "100", "1"), live("later", "9", "2"))
    assert only(snapshot).label("said").value == "later"
    assert conflicts(snapshot)[0].endswith("of two clusters; the later source was taken")


@pytest.mark.parametrize("version", ["abc", "\u0663"])
def test_a_version_that_is_no_number_gives_way_to_the_later_source(both: Any, version: str) -> None:
    snapshot = both(live("first", version), live("later", "1"))
    assert only(snapshot).label("said").value == "later"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_a_manifest_declares_stays_as_a_rival_of_what_is(both: Any, order: Any) -> None:
    pair = [live("is", "9"), namespace("declared")]
    snapshot = both(*(pair[place] for place in order))
    shop = only(snapshot)
    assert shop.label("said").value == "is"
    assert [rival.label("said").value for rival in shop.rivals] == ["declared"]
    assert "not what a manifest declares" in conflicts(snapshot)[0]


def test_two_manifests_of_one_object_stay_both(both: Any) -> None:
    shop = only(both(namespace("one"), namespace("other"), namespace("one")))
    assert shop.label("said").value == "one"
    assert [rival.label("said").value for rival in shop.rivals] == ["one", "other"]


def test_two_manifests_are_told_to_be_two(both: Any) -> None:
    [said, *_] = conflicts(both(namespace("dev"), namespace("prod")))
    assert said.endswith("the later was taken, so give one overlay at a time")


def test_an_item_of_an_api_s_list_is_live_though_it_was_stripped(both: Any) -> None:
    listed = {"apiVersion": "v1", "kind": "NamespaceList", "items": [namespace("is")]}
    shop = only(both(listed, namespace("declared")))
    assert shop.label("said").value == "is"
    assert len(shop.rivals) == 1


def test_many_conflicts_are_one_line(both: Any) -> None:
    def many(label: str) -> dict[str, Any]:
        items = []
        for name in "abcde":
            item = live(label, "1")
            item["metadata"]["name"] = name
            items.append(item)
        return {"apiVersion": "v1", "kind": "List", "items": items}

    [said] = conflicts(both(many("x"), many("y")))
    assert said == (
        "a.json: Namespace a, Namespace b, Namespace c and 2 more differs from b.json: "
        "the later source was taken"
    )


def test_the_namespace_of_what_is_cluster_wide_makes_no_other_object(both: Any) -> None:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "gateways.networking.istio.io"},
    }
    placed = {**definition, "metadata": {**definition["metadata"], "namespace": "x"}}  # type: ignore[dict-item]
    [crd] = both(definition, placed).seen(CRD)
    assert (crd.namespace, crd.rivals) == ("", ())


def test_rivals_are_not_compared_one_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand manifests of one object would be compared half a million times."""
    compared: list[object] = []

    def compare(one: Obj, other: object) -> bool:
        compared.append(other)
        return one is other

    monkeypatch.setattr(Obj, "__eq__", compare)
    declared = [Version(Obj(NAMESPACE, namespace(f"v{it % 40}")), True, None) for it in range(80)]
    taken, conflicts = merged(declared)
    assert len(conflicts) == 79
    assert len(taken.rivals) == 40
    assert compared == []
