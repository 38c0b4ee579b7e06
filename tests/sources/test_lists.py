"""What a file lists, in every shape that kubectl and its friends give it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.kinds import CLUSTER_ROLE, DEPLOYMENT, ISTIO_CONTROL_PLANE, NAMESPACE, POD
from tests.sources.dumps import CART, NODE, SHOP, Piped, bare, listing, names

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
