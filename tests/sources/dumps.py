"""Dumps that tests write, as kubectl and its friends print them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from auditor.kinds import Kind
from auditor.snapshot import Snapshot
from auditor.sources import Unusable

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
NAMESPACES = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "NamespaceList",
        "items": [{"metadata": {"name": "shop"}}],
    }
)
PODS = json.dumps({"apiVersion": "v1", "kind": "PodList", "items": []})
TABLE = "NAME   STATUS   AGE\nshop   Active   90d\n"


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


def complaint(read: Callable[[], Snapshot]) -> str:
    with pytest.raises(Unusable) as raised:
        read()
    said = str(raised.value)
    assert "\n" not in said
    return said


def whys(snapshot: Snapshot, kind: Kind, namespace: str = "") -> list[str]:
    """Why some of a kind may be missing in a namespace, or at the cluster scope."""
    return [gap.why for gap in snapshot.seen(kind).gaps if gap.hides(namespace)]
