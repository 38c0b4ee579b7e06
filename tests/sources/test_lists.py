"""What a file lists, in every shape that kubectl and its friends give it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import CLUSTER_ROLE, CRD, DEPLOYMENT, ISTIO_CONTROL_PLANE, NAMESPACE, POD
from auditor.snapshot import Snapshot

Piped = Callable[[str | bytes], Snapshot]

SHOP = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "shop", "uid": "1", "resourceVersion": "7"},
}
CART: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "cart-1", "namespace": "shop", "uid": "2", "resourceVersion": "9"},
}
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node1"}}


def bare(thing: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key not in ("apiVersion", "kind")}


def listing(*items: object, kind: str = "List", **more: object) -> dict[str, Any]:
    return {"apiVersion": "v1", "items": list(items), "kind": kind, "metadata": {}, **more}


def names(snapshot: Snapshot) -> dict[str, list[str]]:
    """The kinds that were listed in full, and the objects of each."""
    return {
        kind.name: [thing.name for thing in seen.so_far]
        for kind, seen in snapshot.kinds.items()
        if not seen.gaps
    }


SHAPES = {
    "a List of kubectl's": json.dumps(listing(SHOP, CART, NODE)),
    "items that do not say what they are": json.dumps(listing(bare(SHOP), kind="NamespaceList"))
    + json.dumps(listing(bare(CART), kind="PodList")),
    "items that say what they are in a typed list": json.dumps(listing(SHOP, kind="NamespaceList"))
    + "\n"
    + json.dumps(listing(CART, kind="PodList")),
    "documents one after the other": json.dumps(listing(SHOP), indent=4)
    + "\n"
    + json.dumps(listing(CART), indent=4),
    "a List of Lists": json.dumps(listing(listing(SHOP), listing(bare(CART), kind="PodList"))),
    "an array of Lists": json.dumps([listing(SHOP), listing(CART)]),
    "an array": json.dumps([SHOP, CART]),
    "a line for each object": json.dumps(SHOP) + "\n" + json.dumps(CART) + "\n",
    "a list without its kind": json.dumps({"items": [SHOP, CART]}),
    "two Lists in one document of YAML": """\
apiVersion: v1
items:
- apiVersion: v1
  kind: Namespace
  metadata:
    name: shop
kind: List
metadata:
  resourceVersion: ""
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: cart-1
    namespace: shop
kind: List
metadata:
  resourceVersion: ""
""",
    "typed lists of YAML, the kind before the items": """\
apiVersion: v1
kind: NamespaceList
items:
- metadata: {name: shop}
---
apiVersion: v1
kind: PodList
items:
- metadata: {name: cart-1, namespace: shop}
""",
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_gives_the_same_objects(piped: Piped, text: str) -> None:
    assert names(piped(text)) == {"Namespace": ["shop"], "Pod": ["cart-1"]}


@pytest.mark.parametrize("shape", ["an array", "a line for each object", "a list without its kind"])
def test_loose_objects_are_assumed_to_be_all(piped: Piped, shape: str) -> None:
    assert piped(SHAPES[shape]).assumed == {NAMESPACE, POD}


def test_a_list_is_nothing_to_be_assumed(piped: Piped) -> None:
    assert piped(json.dumps([SHOP, listing(SHOP, CART)])).assumed == frozenset()


def test_a_kind_that_does_not_occur_was_not_collected(piped: Piped) -> None:
    [gap] = piped(json.dumps(listing(SHOP))).seen(POD).gaps
    assert (gap.why, gap.get) == ("not collected", "kubectl get pods -A -o yaml")


@pytest.mark.parametrize("items", ["[]", "null"])
def test_an_empty_typed_list_says_that_there_is_none(piped: Piped, items: str) -> None:
    text = f'{{"apiVersion": "apps/v1", "kind": "DeploymentList", "items": {items}}}'
    assert names(piped(text)) == {"Deployment": []}


def test_an_empty_list_of_custom_resources_counts_as_well(piped: Piped) -> None:
    text = json.dumps(
        listing(kind="IstioControlPlaneList", apiVersion="servicemesh.cisco.com/v1alpha1")
    )
    assert piped(text).seen(ISTIO_CONTROL_PLANE).gaps == ()


def test_an_empty_list_that_names_no_kind_says_nothing(piped: Piped) -> None:
    text = json.dumps(listing()) + json.dumps(listing(SHOP))
    assert names(piped(text)) == {"Namespace": ["shop"]}


def test_a_first_page_is_not_all(piped: Piped) -> None:
    metadata = {"continue": "ey", "remainingItemCount": 214}
    seen = piped(json.dumps(listing(SHOP, kind="NamespaceList", metadata=metadata))).seen(NAMESPACE)
    assert [thing.name for thing in seen.so_far] == ["shop"]
    assert "214 more" in seen.gaps[0].why


def test_a_list_without_its_items_lists_nothing(piped: Piped) -> None:
    empty = '{"apiVersion": "v1", "kind": "NamespaceList", "items": []}'
    text = f"apiVersion: v1\nkind: PodList\n---\n{empty}"
    snapshot = piped(text)
    assert names(snapshot) == {"Namespace": []}
    assert "has no items" in snapshot.seen(POD).gaps[0].why


def test_a_name_that_ends_in_list_may_be_a_kind_of_its_own(piped: Piped) -> None:
    allowed = {"apiVersion": "acme.io/v1", "kind": "AllowList", "metadata": {"name": "a"}}
    assert names(piped(json.dumps([allowed, SHOP]))) == {"Namespace": ["shop"]}


def test_what_kubectl_prints_for_create(piped: Piped) -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  creationTimestamp: null
  labels:
    app: cart
  name: cart
spec:
  replicas: 1
  selector:
    matchLabels:
      app: cart
  strategy: {}
  template:
    metadata:
      creationTimestamp: null
      labels:
        app: cart
    spec:
      containers:
      - image: cart
        name: cart
        resources: {}
status: {}
"""
    snapshot = piped(text)
    assert names(snapshot) == {"Deployment": ["cart"]}
    assert snapshot.layouts == ("manifests",)
    assert "not what runs" in str(snapshot.remarks[0])


def test_manifests_do_not_list_what_a_running_cluster_makes(piped: Piped) -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod
  namespace: istio-system
---
apiVersion: v1
kind: Pod
metadata:
  name: test
  namespace: istio-system
"""
    snapshot = piped(text)
    assert names(snapshot) == {"Deployment": ["istiod"]}
    assert snapshot.assumed == {DEPLOYMENT}
    assert "not what runs" in snapshot.seen(POD).gaps[0].why


def test_beside_a_cluster_manifests_list_nothing(directory: Any) -> None:
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\n"
    snapshot = directory({"cluster.json": json.dumps(listing(SHOP)), "chart.yaml": role})
    assert names(snapshot) == {"Namespace": ["shop"]}
    assert [thing.name for thing in snapshot.seen(CLUSTER_ROLE).so_far] == ["reader"]


def test_documents_of_comments_are_no_complaint(piped: Piped) -> None:
    text = "# ---\n# by hand\n---\n# nothing\n---\n---\n# Source: a\n" + SHAPES["an array"]
    text += "\n---\n\n---\nnull\n--- # a comment\n" + json.dumps(SHOP)
    snapshot = piped(text)
    assert names(snapshot) == {"Namespace": ["shop"], "Pod": ["cart-1"]}
    assert snapshot.remarks == ()


def test_a_warning_glued_to_the_json_is_told(piped: Piped) -> None:
    snapshot = piped(
        "Warning: v1 ComponentStatus is deprecated in v1.19+" + json.dumps(listing(SHOP))
    )
    assert names(snapshot) == {"Namespace": ["shop"]}
    assert [str(remark) for remark in snapshot.remarks] == [
        "standard input:1: Warning: v1 ComponentStatus is deprecated in v1.19+"
    ]


FORBIDDEN = 'Error from server (Forbidden): {}: User "pods" cannot list resource "{}" in API group'


def test_what_the_server_forbade_is_a_gap_with_its_words(piped: Piped) -> None:
    said = FORBIDDEN.format("secrets is forbidden", "secrets") + ' "" at the cluster scope'
    snapshot = piped(json.dumps(listing(SHOP, CART), indent=4) + "\n" + said + "\n")
    assert names(snapshot) == {"Namespace": ["shop"], "Pod": ["cart-1"]}
    [gap] = next(seen.gaps for kind, seen in snapshot.kinds.items() if kind.name == "Secret")
    assert gap.why == said


def test_what_was_forbidden_in_one_namespace_hides_nothing_elsewhere(piped: Piped) -> None:
    said = FORBIDDEN.format("pods is forbidden", "pods") + ' "" in the namespace "kafka"'
    seen = piped(json.dumps(listing(SHOP, CART), indent=4) + "\n" + said + "\n").seen(POD)
    assert list(seen.within("shop")) == list(seen.so_far)
    assert [gap.namespace for gap in seen.gaps] == ["kafka"]


def test_an_error_that_names_no_kind_makes_all_in_the_file_doubtful(piped: Piped) -> None:
    said = "Error from server (Expired): the provided continue parameter is too old"
    snapshot = piped(json.dumps(listing(SHOP, CART), indent=4) + "\n" + said + "\n")
    assert names(snapshot) == {}
    assert snapshot.seen(POD).gaps[0].why == said


def test_an_error_about_a_kind_that_nobody_reads_hides_nothing(piped: Piped) -> None:
    said = FORBIDDEN.format("nodes is forbidden", "nodes") + ' "" at the cluster scope'
    snapshot = piped(json.dumps(listing(SHOP), indent=4) + "\n" + said + "\n")
    assert names(snapshot) == {"Namespace": ["shop"]}


def test_an_answer_of_the_api_that_it_failed_is_a_gap(piped: Piped) -> None:
    status = {
        "apiVersion": "v1",
        "kind": "Status",
        "status": "Failure",
        "reason": "Forbidden",
        "message": 'pods is forbidden: User "me" cannot list resource "pods" in API group ""',
    }
    snapshot = piped(json.dumps(status) + json.dumps(listing(SHOP)))
    assert snapshot.seen(POD).gaps[0].why.startswith("Error from server (Forbidden): pods is")


def test_a_list_of_the_whole_cluster_ends_a_gap_of_another_source(tmp_path: Any) -> None:
    said = FORBIDDEN.format("namespaces is forbidden", "namespaces") + ' "" at the cluster scope'
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(listing(CART), indent=4) + "\n" + said + "\n")
    second.write_text(json.dumps(listing(SHOP)))
    for paths in ([first, second], [second, first]):
        assert sources.read([str(path) for path in paths]).seen(NAMESPACE).gaps == ()
    assert sources.read([str(tmp_path)]).seen(NAMESPACE).gaps != ()


def test_a_list_of_one_namespace_ends_no_gap(tmp_path: Any) -> None:
    said = FORBIDDEN.format("pods is forbidden", "pods") + ' "" at the cluster scope'
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(listing(SHOP), indent=4) + "\n" + said + "\n")
    second.write_text(json.dumps(listing(CART)))
    assert sources.read([str(first), str(second)]).seen(POD).gaps != ()


WRONG = {
    "no name": {"labels": {}},
    "a name that is a number": {"name": 7},
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


def test_what_was_said_is_told_once_and_in_its_order(piped: Piped) -> None:
    lines = ["Warning: a", "Warning: b", "Warning: a", "Error from server (Timeout): c"]
    snapshot = piped("\n".join([*lines, json.dumps(listing(SHOP), indent=4)]))
    assert [str(remark) for remark in snapshot.remarks] == [
        "standard input:1: Warning: a",
        "standard input:2: Warning: b",
        "standard input:4: Error from server (Timeout): c",
    ]


def test_of_many_warnings_a_few_are_told(piped: Piped) -> None:
    lines = [f"Warning: {number}" for number in range(9)]
    snapshot = piped("\n".join([*lines, json.dumps(listing(SHOP), indent=4)]))
    assert len(snapshot.remarks) == 6
    assert snapshot.remarks[-1].what == "4 more lines that tools wrote for people"
