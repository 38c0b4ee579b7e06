"""What troubleshoot collected over the years, and the folder or file of each kind.

(troubleshoot: pkg/constants/constants.go, pkg/collect/cluster_resources.go at v0.35.0, v0.100.0 and
v0.133.0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CRDS = "customresourcedefinitions.apiextensions.k8s.io"
_RBAC = "rbac.authorization.k8s.io"
_WEBHOOKS = "admissionregistration.k8s.io"
_NAMESPACED = {
    "pods": "pods",
    "services": "services",
    "deployments.apps": "deployments",
    "replicasets.apps": "replicasets",
    "statefulsets.apps": "statefulsets",
    "jobs.batch": "jobs",
    "cronjobs.batch": "cronjobs",
    "ingresses.networking.k8s.io": "ingress",
    "limitranges": "limitranges",
    "events": "events",
    "persistentvolumeclaims": "pvcs",
}
_WHOLE = {
    "namespaces": "namespaces",
    "nodes": "nodes",
    "storageclasses.storage.k8s.io": "storage-classes",
    CRDS: "custom-resource-definitions",
    "persistentvolumes": "pvs",
}
_LATER_NAMESPACED = {
    **_NAMESPACED,
    "daemonsets.apps": "daemonsets",
    "poddisruptionbudgets.policy": "pod-disruption-budgets",
    "networkpolicies.networking.k8s.io": "network-policy",
    "resourcequotas": "resource-quota",
    "endpoints": "endpoints",
    "serviceaccounts": "serviceaccounts",
    "leases.coordination.k8s.io": "leases",
    f"roles.{_RBAC}": "roles",
    f"rolebindings.{_RBAC}": "rolebindings",
    "configmaps": "configmaps",
}
_LATER_WHOLE = {
    **_WHOLE,
    "priorityclasses.scheduling.k8s.io": "priorityclasses",
    f"clusterroles.{_RBAC}": "clusterroles",
    f"clusterrolebindings.{_RBAC}": "clusterrolebindings",
}


@dataclass(frozen=True)
class Era:
    """What the releases of some years collect, and how."""

    name: str
    namespaced: Mapping[str, str]
    whole: Mapping[str, str]
    empty: Sequence[Any] | None
    """What stands for the items of an empty list."""
    twins: str
    """The second file of a custom resource: `none`, a `copy` in YAML, or a `link` to the JSON."""
    kinds_of_crds: bool = True


YEAR_2022 = Era("2022", _NAMESPACED, _WHOLE, (), "none", kinds_of_crds=False)
YEAR_2023 = Era("2023-2024", _LATER_NAMESPACED, _LATER_WHOLE, (), "copy")
YEAR_2026 = Era(
    "2026",
    {**_LATER_NAMESPACED, "endpointslices.discovery.k8s.io": "endpointslices"},
    {
        **_LATER_WHOLE,
        "ingressclasses.networking.k8s.io": "ingress-classes",
        "certificatesigningrequests.certificates.k8s.io": "certificatesigningrequests",
        f"mutatingwebhookconfigurations.{_WEBHOOKS}": "mutating-webhook-configurations",
        f"validatingwebhookconfigurations.{_WEBHOOKS}": "validating-webhook-configurations",
    },
    None,
    "link",
)
ERAS = (YEAR_2022, YEAR_2023, YEAR_2026)
