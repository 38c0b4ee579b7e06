"""The part of a cluster that somebody wrote down, and as it was written: without what it became."""

from __future__ import annotations

from collections.abc import Iterable

from tests.formats.cluster_state import ClusterState, Manifest
from tests.formats.expectations import Coverage, Expected, How, covering
from tests.formats.go_printing import in_order
from tests.formats.words import words

_MADE = frozenset(
    words(
        "Namespace Node Pod ReplicaSet Endpoints EndpointSlice Event Lease Secret"
        " CertificateSigningRequest"
    )
)
_MADE_NAMES = frozenset({"kube-root-ca.crt", "default", "kubernetes"})
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def authored(state: ClusterState, *, crds: bool = True) -> list[Manifest]:
    """Manifests of what charts and people write: no pods, no roots, no Secrets, no status."""
    return [
        declared(it)
        for resource in state.resources
        for it in state.of(resource)
        if _is_written(it) and (crds or it["kind"] != "CustomResourceDefinition")
    ]


def declared(thing: Manifest) -> Manifest:
    """An object without status, identity and all else that an API server adds."""
    given = thing["metadata"]
    metadata = {key: given[key] for key in ("name", "namespace", "labels") if given.get(key)}
    annotations = {
        key: it for key, it in given.get("annotations", {}).items() if key != _LAST_APPLIED
    }
    if annotations:
        metadata["annotations"] = annotations
    rest = {key: it for key, it in thing.items() if key not in ("metadata", "status")}
    whole: Manifest = in_order({**rest, "metadata": metadata})
    return whole


def coverage_of(state: ClusterState, manifests: Iterable[Manifest]) -> Expected:
    """Kinds that occur are declared, and those objects alone."""
    names: dict[str, set[str]] = {}
    for it in manifests:
        names.setdefault(state.resource_of(it).key, set()).add(it["metadata"]["name"])
    covered = {key: Coverage(How.DECLARED, names=frozenset(them)) for key, them in names.items()}
    return covering(state, covered)


def _is_written(thing: Manifest) -> bool:
    name = thing["metadata"]["name"]
    is_root = thing["kind"] == "ConfigMap" and name.startswith("istio-ca-root-cert")
    return thing["kind"] not in _MADE and name not in _MADE_NAMES and not is_root
