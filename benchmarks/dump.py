"""A dump of a large cluster, made from a small one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.documents import Document, documents
from fixtures.builder.printing import printed_list

CLUSTER = Path(__file__).parents[1] / "fixtures" / "clusters" / "sdm-first"
PODS_OF_A_NAMESPACE = 25


def objects() -> Iterator[dict[str, Any]]:
    """Every object of the small cluster."""
    for file in sorted(CLUSTER.glob("*.yaml")):
        for found in documents(file.read_bytes()):
            if isinstance(found, Document) and isinstance(found.root, dict):
                yield from found.root.get("items") or ()


def large(pods: int) -> list[dict[str, Any]]:
    """The objects of a cluster with this many pods, in namespaces of 25, each labelled."""
    small = list(objects())
    patterns = [it for it in small if it["kind"] == "Pod" and _has_proxy(it)]
    shop = next(it for it in small if it["kind"] == "Namespace" and _revision(it))
    made: list[dict[str, Any]] = []
    for number in range(pods):
        namespace = f"shop-{number // PODS_OF_A_NAMESPACE}"
        if number % PODS_OF_A_NAMESPACE == 0:
            made.append({**shop, "metadata": {**shop["metadata"], "name": namespace}})
        pod = patterns[number % len(patterns)]
        metadata = {**pod["metadata"], "name": f"pod-{number}", "namespace": namespace}
        made.append({**pod, "metadata": metadata})
    return small + made


def _revision(namespace: dict[str, Any]) -> bool:
    return "istio.io/rev" in namespace["metadata"].get("labels", {})


def write(folder: Path, pods: int) -> tuple[Path, Path]:
    """The same dump twice: one List of YAML and one of indented JSON, as kubectl prints them."""
    things = large(pods)
    in_yaml, in_json = folder / "dump.yaml", folder / "dump.json"
    in_yaml.write_text(printed_list(things), encoding="utf-8")
    whole = {"apiVersion": "v1", "items": things, "kind": "List", "metadata": {}}
    in_json.write_text(json.dumps(whole, indent=4, sort_keys=True), encoding="utf-8")
    return in_yaml, in_json


def _has_proxy(pod: dict[str, Any]) -> bool:
    return "sidecar.istio.io/status" in pod["metadata"].get("annotations", {})
