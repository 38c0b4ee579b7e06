"""Objects and lists as an API server sends them and client-go's types hold them.

A Go struct prints its fields in the order of their declaration, and some of them though they are
empty. A typed list says its kind once: its items have neither `kind` nor `apiVersion`, but where
the tool set them. Custom resources are maps, whose keys are sorted, and always say their kind.
(kubernetes: staging/src/k8s.io/api/*/types.go, apimachinery/pkg/apis/meta/v1/types.go at v1.32)
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from tests.formats.cluster_state import ClusterState, Manifest, Resource
from tests.formats.go_printing import in_order
from tests.formats.words import words

_FIELDS = words(
    "kind apiVersion metadata involvedObject reason message source firstTimestamp lastTimestamp"
    " count secrets imagePullSecrets automountServiceAccountToken rules"
    " aggregationRule subjects roleRef webhooks immutable data binaryData stringData addressType"
    " endpoints ports subsets spec status"
)
_METADATA = words(
    "name generateName namespace selfLink uid resourceVersion generation creationTimestamp"
    " deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences finalizers"
    " managedFields"
)
_HAVE_STATUS = frozenset(
    words(
        "Namespace Node Pod Service ReplicationController DaemonSet Deployment ReplicaSet"
        " StatefulSet Job CronJob Ingress HorizontalPodAutoscaler PodDisruptionBudget"
    )
)


def typed(thing: Manifest, *, named: bool) -> Manifest:
    """An object as a Go type prints it, with or without its kind and version."""
    whole = _with_empty_fields(copy.deepcopy(thing))
    if not named:
        del whole["kind"], whole["apiVersion"]
    ordered = _declared(whole, _FIELDS)
    ordered["metadata"] = _declared(ordered["metadata"], _METADATA)
    return ordered


def typed_list(
    resource: Resource, items: Iterable[Manifest], *, named: bool = False, empty: Any = ()
) -> Manifest:
    """A list of a Go type; `empty` is what stands for no items: an empty list, or None."""
    printed = [typed(it, named=named) for it in items]
    return {
        "kind": f"{resource.kind}List",
        "apiVersion": resource.api_version,
        "metadata": {"resourceVersion": _newest(printed)},
        "items": printed or (list(empty) if empty is not None else None),
    }


def served_list(
    state: ClusterState, resource: Resource, namespace: str | None = None, limit: int = 0
) -> Manifest:
    """What the API server answers to a request for a list, or for its first `limit` objects."""
    everything = state.of(resource, namespace)
    items = everything[:limit] if limit else everything
    more = len(everything) - len(items)
    page: Manifest = {"resourceVersion": _newest(everything)}
    if more:
        page |= {"continue": "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ", "remainingItemCount": more}
    if not resource.is_custom:
        return typed_list(resource, items) | {"metadata": page}
    kind = f"{resource.kind}List"
    whole = {"apiVersion": resource.api_version, "items": items, "kind": kind}
    ordered: Manifest = in_order(whole | {"metadata": {"continue": ""} | page})
    return ordered


def without_managed_fields(thing: Manifest) -> Manifest:
    """An object as kubectl shows it since 1.21."""
    kept = {key: value for key, value in thing["metadata"].items() if key != "managedFields"}
    return {**thing, "metadata": kept}


def _newest(items: Sequence[Manifest]) -> str:
    versions = (int(it["metadata"].get("resourceVersion", 0)) for it in items)
    return str(max(versions, default=0) + 17)


def _declared(fields: Manifest, order: Sequence[str]) -> Manifest:
    known = [key for key in order if key in fields]
    return {key: fields[key] for key in (*known, *sorted(fields.keys() - set(known)))}


def _with_empty_fields(thing: Manifest) -> Manifest:
    """An object with the fields that its Go type prints even where they say nothing."""
    kind = thing["kind"]
    if kind in _HAVE_STATUS:
        thing.setdefault("spec", {})
        thing.setdefault("status", {})
    if kind == "Service":
        thing["status"].setdefault("loadBalancer", {})
    if kind == "Deployment":
        thing["spec"].setdefault("strategy", {})
    thing["metadata"].setdefault("creationTimestamp", None)
    for holder in (thing.get("spec", {}), thing.get("spec", {}).get("jobTemplate", {}).get("spec")):
        template = (holder or {}).get("template")
        if kind in _HAVE_STATUS and isinstance(template, dict):
            template.setdefault("metadata", {}).setdefault("creationTimestamp", None)
            _with_resources(template.get("spec", {}))
    if kind == "Pod":
        _with_resources(thing["spec"])
    return thing


def _with_resources(pod: Manifest) -> None:
    for container in (*pod.get("initContainers", ()), *pod.get("containers", ())):
        container.setdefault("resources", {})
