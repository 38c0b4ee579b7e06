"""What istiod's own pages say, as JSON and mostly without a kind.

(istio: pilot/pkg/xds/debug.go at 1.30.3)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from tests.formats.cluster_state import ClusterState, Manifest
from tests.formats.go_printing import in_order

_PAGES: Mapping[str, Any] = {
    "configz": [
        in_order({"kind": "Gateway", "metadata": {"name": "web", "namespace": "shop"}, "spec": {}})
    ],
    "syncz": [{"proxy": "cart-5f6d8c7b9-zzkqp.shop", "istio_version": "1.20.8"}],
}


def page(state: ClusterState, pod: Manifest, name: str) -> Any:
    """A page of the istiod in a pod."""
    return _mesh_of(state, pod) if name == "mesh" else _PAGES.get(name, {})


def _mesh_of(state: ClusterState, pod: Manifest) -> Any:
    """What an istiod made of its ConfigMap, and some of the defaults that it fills in."""
    metadata = pod["metadata"]
    name = metadata["name"].rsplit("-", 2)[0].replace("istiod", "istio", 1)
    written = {
        it["metadata"]["name"]: it["data"]["mesh"]
        for it in state.of(state.resource("configmaps"), metadata["namespace"])
        if "mesh" in it.get("data", {})
    }
    defaults = {
        "accessLogEncoding": "TEXT",
        "connectTimeout": "10s",
        "trustDomain": "cluster.local",
    }
    return {**defaults, **(yaml.safe_load(written.get(name, "")) or {})}
