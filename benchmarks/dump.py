"""A dump of a large cluster, made from a small one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.documents import Document, documents
from fixtures.builder.printing import printed_list

CLUSTER = Path(__file__).parents[1] / "fixtures" / "clusters" / "sdm-first"
PODS_OF_A_NAMESPACE = 10
WORKLOADS_OF_A_NAMESPACE = 3
PATTERNS = ("bookshop", "kafka")
"""Namespaces of one mesh each, whose namesakes are made by turns."""
HASH = "ld9dqmzb8"

Manifest = dict[str, Any]


def objects() -> Iterator[Manifest]:
    """Every object of the small cluster."""
    for file in sorted(CLUSTER.glob("*.yaml")):
        for found in documents(file.read_bytes()):
            if isinstance(found, Document) and isinstance(found.root, dict):
                yield from found.root.get("items") or ()


def large(pods: int) -> list[Manifest]:
    """The objects of a cluster of two meshes with this many pods beside its own.

    With ten of them come a namespace in one of the meshes with its root, three Deployments with
    their Services, and two Istio objects; every other namespace's name no revision.
    """
    small = list(objects())
    made = list(small)
    for number, start in enumerate(range(0, pods, PODS_OF_A_NAMESPACE)):
        pattern = PATTERNS[number % len(PATTERNS)]
        name = f"{pattern}-{number}"
        namespace = _first(small, "Namespace", pattern)
        made.append(_as(namespace, name, labels={"kubernetes.io/metadata.name": name}))
        made.append(_as(_first(small, "ConfigMap", pattern), "istio-ca-root-cert", name))
        made += _workloads(small, pattern, name, min(PODS_OF_A_NAMESPACE, pods - start))
        made += _istio_objects(small, name, bool(number // len(PATTERNS) % 2))
    return made


def _workloads(small: list[Manifest], pattern: str, name: str, pods: int) -> Iterator[Manifest]:
    """Deployments for a namespace, and their pods."""
    kinds = ("Deployment", "Pod", "Service")
    deployment, pod, service = (_first(small, kind, pattern) for kind in kinds)
    for number in range(WORKLOADS_OF_A_NAMESPACE):
        app = f"{name}-app-{number}"
        labels = {"app": app}
        template = deployment["spec"]["template"]
        spec = {**deployment["spec"], "template": _with(template, labels=labels)}
        yield {**_as(deployment, app, name, labels), "spec": spec}
        yield {**_as(service, app, name), "spec": {**service["spec"], "selector": labels}}
        for each in range(number, pods, WORKLOADS_OF_A_NAMESPACE):
            mine = _as(pod, f"{app}-{HASH}-{each}", name, labels)
            owners = [{**it, "name": f"{app}-{HASH}"} for it in pod["metadata"]["ownerReferences"]]
            yield _with(mine, ownerReferences=owners)


def _istio_objects(small: list[Manifest], name: str, revised: bool) -> Iterator[Manifest]:
    """What routes in a namespace, and what changes the proxies of one of its workloads."""
    routes = _as(_first(small, "VirtualService", "bookshop"), "front", name)
    patches = _as(_first(small, "EnvoyFilter", "istio-system"), "statistics", name)
    selector = {"labels": {"app": f"{name}-app-0"}}
    patches = {**patches, "spec": {**patches["spec"], "workloadSelector": selector}}
    for thing in (routes, patches):
        yield thing if revised else {**thing, "metadata": {**thing["metadata"], "labels": {}}}


def _first(small: list[Manifest], kind: str, place: str) -> Manifest:
    """The first object of a kind in a namespace, or the namespace itself."""
    return next(
        it
        for it in small
        if it["kind"] == kind and place == it["metadata"].get("namespace", it["metadata"]["name"])
    )


def _as(
    thing: Manifest, name: str, namespace: str = "", labels: dict[str, str] | None = None
) -> Manifest:
    """A namesake of an object elsewhere, with some labels of its own."""
    place = {"namespace": namespace} if namespace else {}
    return _with(thing, name=name, **place, labels=labels or {})


def _with(thing: Manifest, **metadata: Any) -> Manifest:
    """An object with other metadata, its labels beside those that it has."""
    labels = {**thing["metadata"].get("labels", {}), **metadata.pop("labels", {})}
    return {**thing, "metadata": {**thing["metadata"], **metadata, "labels": labels}}


def write(folder: Path, pods: int) -> tuple[Path, Path]:
    """The same dump twice: one List of YAML and one of indented JSON, as kubectl prints them."""
    things = large(pods)
    in_yaml, in_json = folder / "dump.yaml", folder / "dump.json"
    in_yaml.write_text(printed_list(things), encoding="utf-8")
    whole = {"apiVersion": "v1", "items": things, "kind": "List", "metadata": {}}
    in_json.write_text(json.dumps(whole, indent=4, sort_keys=True), encoding="utf-8")
    return in_yaml, in_json
