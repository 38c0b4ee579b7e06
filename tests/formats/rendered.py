"""Manifests that `istioctl manifest generate` and `kustomize build` render.

Real about it: istioctl's order (CRDs, accounts and roles, validators, ConfigMaps, Deployments,
Services), its separator behind each object, so that an empty document is the last, and its tree
of components; kustomize's order and its lack of comments.
(istio: operator/cmd/mesh/manifest-generate.go, operator/pkg/object/objects.go,
operator/pkg/helmreconciler/common.go at 1.20.8; kustomize: api/internal/builtins at v5.5)
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.formats.authored import authored, coverage_of
from tests.formats.cluster_state import ClusterState, Manifest
from tests.formats.expectations import Expected
from tests.formats.go_printing import go_yaml
from tests.formats.trees import Tree, text

_SEPARATOR = "\n---\n"
_PLACES = {
    "CustomResourceDefinition": -1000,
    "ServiceAccount": 1,
    "ClusterRole": 1,
    "ClusterRoleBinding": 2,
    "ValidatingWebhookConfiguration": 3,
    "ConfigMap": 100,
    "Deployment": 1000,
    "HorizontalPodAutoscaler": 1001,
    "Service": 10_000,
}
_KUSTOMIZE = "Namespace CustomResourceDefinition ServiceAccount Role ClusterRole RoleBinding"
_KUSTOMIZE += " ClusterRoleBinding ConfigMap Secret Service Deployment StatefulSet DaemonSet"
_KUSTOMIZE_LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_BASE = ("CustomResourceDefinition", "ServiceAccount", "ValidatingWebhookConfiguration")


def manifest_generate(state: ClusterState) -> bytes:
    """`istioctl manifest generate` on standard output."""
    things = sorted(authored(state), key=lambda it: _PLACES.get(it["kind"], 1000))
    return "".join(f"{go_yaml(it)}{_SEPARATOR}\n" for it in things).encode()


def manifest_generate_tree(state: ClusterState) -> Tree:
    """`istioctl manifest generate -o DIR` (to 1.23): a component stands in the folder of the other.

    A component that is not enabled has an empty file. The loop that writes them returns at the
    first leaf, and Go walks its map in any order: of gateways and CNI only one has a file.
    """
    things = authored(state)
    base = [it for it in things if it["kind"] in _BASE]
    pilot = [it for it in things if it["kind"] not in _BASE]
    return {
        "Base/Base.yaml": text(_joined(base)),
        "Base/Pilot/Pilot.yaml": text(_joined(pilot)),
        "Base/Pilot/Cni/Cni.yaml": text(""),
    }


def kustomize_build(state: ClusterState) -> bytes:
    """`kustomize build`: sorted, `---` between documents, not before the first."""
    return "---\n".join(go_yaml(it) for it in sorted(authored(state), key=_kustomized)).encode()


def kustomize_build_with_remarks(state: ClusterState) -> bytes:
    """The same with standard error before it."""
    remark = "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize"
    remark += " edit fix' to update your Kustomization automatically.\n"
    return remark.encode() + kustomize_build(state)


def flux_export(state: ClusterState) -> bytes:
    """`flux export`: `---` before each object."""
    return "".join(f"---\n{go_yaml(it)}" for it in authored(state)).encode()


def expected_coverage(state: ClusterState) -> Expected:
    return coverage_of(state, authored(state))


def _joined(things: Iterable[Manifest]) -> str:
    return _SEPARATOR.join(map(go_yaml, things))


def _kustomized(thing: Manifest) -> tuple[int, str, str]:
    first, kind = _KUSTOMIZE.split(), thing["kind"]
    place = len(first) + (kind in _KUSTOMIZE_LAST)
    name = thing["metadata"]["name"]
    return (first.index(kind) if kind in first else place), kind, name
