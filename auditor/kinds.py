"""The Kubernetes kinds the auditor may read, and what is kept of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from auditor.definitions import definition
from auditor.helm import config_map_data, secret_data
from auditor.keeps import Keeps, keeping
from auditor.outlines import outlined, with_outlined_copy
from auditor.private import (
    known_arguments,
    known_variables,
    without_copies,
)

Turn: TypeAlias = Callable[[Any], Any]

METADATA = (
    "apiVersion",
    "kind",
    *(
        f"metadata.{part}"
        for part in ("name", "namespace", "labels", "uid", "resourceVersion", "generation")
        + ("creationTimestamp", "deletionTimestamp", "ownerReferences")
    ),
)
WRITERS = tuple(
    f"metadata.managedFields[].{part}" for part in ("manager", "operation", "time", "fieldsV1")
)
CONDITIONS = tuple(f"status.conditions[].{part}" for part in ("type", "status", "reason"))
CONTAINERS = ("containers[]", "initContainers[]")
POD_SPEC = (
    "hostNetwork",
    "serviceAccountName",
    "volumes[].name",
    "volumes[].configMap.name",
    "volumes[].secret.secretName",
    *(
        f"{container}.{part}"
        for container in CONTAINERS
        for part in ("name", "image", "restartPolicy")
    ),
)


@dataclass(frozen=True, order=True)
class Kind:
    """A resource type, named without its version: evidence outlives API versions.

    `keeps` are the fields that are kept beside its metadata, and `turns` those that are
    kept only after a function has taken out what nobody may see, or needs.
    """

    group: str
    name: str
    plural: str
    namespaced: bool = True
    keeps: tuple[str, ...] = field(default=(), compare=False, repr=False)
    turns: Mapping[str, Turn] = field(default_factory=dict, compare=False, repr=False)
    typed: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def word(self) -> str:
        """What a person types after `kubectl get`."""
        return self.typed or str(self)

    @property
    def is_custom(self) -> bool:
        """Whether its objects can exist only where a CustomResourceDefinition says so."""
        return "." in self.group and not self.group.endswith(".k8s.io")

    @cached_property
    def projection(self) -> Keeps:
        """What is kept of an object of this kind."""
        turns = {"metadata.annotations": without_copies, **self.turns}
        return keeping((*METADATA, *self.keeps), turns)


def _pod_spec(prefix: str) -> tuple[tuple[str, ...], dict[str, Turn]]:
    """What is kept of a pod's specification below `prefix`: as it is, and after a turn."""
    kept = tuple(f"{prefix}{path}" for path in POD_SPEC)
    turns: dict[str, Turn] = {}
    for container in CONTAINERS:
        turns[f"{prefix}{container}.env[]"] = known_variables
        turns[f"{prefix}{container}.args"] = known_arguments
        turns[f"{prefix}{container}.command"] = known_arguments
    return kept, turns


def _workload(name: str, plural: str, group: str = "apps", under: str = "spec.") -> Kind:
    """A kind whose objects make pods from a template."""
    kept, turns = _pod_spec(f"{under}template.spec.")
    template = tuple(f"{under}template.metadata.{part}" for part in ("labels", "annotations"))
    scale = ("spec.replicas", "spec.selector", "status.readyReplicas", "status.replicas")
    return Kind(group, name, plural, True, (*kept, *template, *scale), turns, name.lower())


def _custom(group: str, name: str, plural: str, namespaced: bool = True) -> Kind:
    """A custom resource that is kept whole."""
    return Kind(group, name, plural, namespaced, ("spec", "status"))


NAMESPACE = Kind("", "Namespace", "namespaces", False, ("status.phase",), typed="namespace")
POD = Kind(
    "",
    "Pod",
    "pods",
    True,
    (*_pod_spec("spec.")[0], "status.phase", "status.startTime", *CONDITIONS),
    _pod_spec("spec.")[1],
    "pod",
)
DEPLOYMENT = _workload("Deployment", "deployments")
STATEFUL_SET = _workload("StatefulSet", "statefulsets")
DAEMON_SET = _workload("DaemonSet", "daemonsets")
JOB = _workload("Job", "jobs", "batch")
CRON_JOB = _workload("CronJob", "cronjobs", "batch", "spec.jobTemplate.spec.")
SERVICE = Kind(
    "",
    "Service",
    "services",
    True,
    ("spec.selector", "spec.type", "spec.externalName", "spec.ports"),
    typed="service",
)
CONFIG_MAP = Kind(
    "", "ConfigMap", "configmaps", True, WRITERS, {"data": config_map_data}, "configmap"
)
SECRET = Kind(
    "",
    "Secret",
    "secrets",
    True,
    ("type", "metadata.managedFields[].time"),
    {"data": secret_data},
    "secret",
)
HELM_RELEASES = "sh.helm.release.v1.*"
"""The names of the Secrets in which Helm records its releases, all labelled `owner=helm`
(helm 3: pkg/storage/storage.go, pkg/storage/driver/secrets.go)."""
CRD = Kind(
    "apiextensions.k8s.io",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    False,
    (
        *WRITERS,
        "status.storedVersions",
        *CONDITIONS,
    ),
    {"spec": definition},
    "crd",
)
INJECTOR = Kind(
    "admissionregistration.k8s.io",
    "MutatingWebhookConfiguration",
    "mutatingwebhookconfigurations",
    False,
    (*WRITERS, "webhooks"),
    typed="mutatingwebhookconfiguration",
)
VALIDATOR = Kind(
    "admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    False,
    (*WRITERS, "webhooks"),
    typed="validatingwebhookconfiguration",
)
CLUSTER_ROLE = Kind(
    "rbac.authorization.k8s.io",
    "ClusterRole",
    "clusterroles",
    False,
    (*WRITERS, "rules", "aggregationRule"),
    typed="clusterrole",
)
CLUSTER_ROLE_BINDING = Kind(
    "rbac.authorization.k8s.io",
    "ClusterRoleBinding",
    "clusterrolebindings",
    False,
    (*WRITERS, "roleRef", "subjects"),
    typed="clusterrolebinding",
)
ISTIO_CONTROL_PLANE = _custom("servicemesh.cisco.com", "IstioControlPlane", "istiocontrolplanes")
ISTIO_MESH = _custom("servicemesh.cisco.com", "IstioMesh", "istiomeshes")
APPLICATION_MANIFEST = _custom(
    "supertubes.banzaicloud.io", "ApplicationManifest", "applicationmanifests"
)
ISTIO_OPERATOR = _custom("install.istio.io", "IstioOperator", "istiooperators")
SAIL_ISTIO = _custom("sailoperator.io", "Istio", "istios", False)
SAIL_REVISION = _custom("sailoperator.io", "IstioRevision", "istiorevisions", False)
SAIL_TAG = _custom("sailoperator.io", "IstioRevisionTag", "istiorevisiontags", False)
SERVICE_MESH_CONTROL_PLANE = _custom(
    "maistra.io", "ServiceMeshControlPlane", "servicemeshcontrolplanes"
)


def istio_config(group: str, name: str, plural: str) -> Kind:
    """A kind of Istio's own API, of which the fields are kept, and not their texts."""
    turns: dict[str, Turn] = {"spec": outlined, "metadata.annotations": with_outlined_copy}
    return Kind(f"{group}.istio.io", name, plural, True, (), turns)


ENVOY_FILTER = istio_config("networking", "EnvoyFilter", "envoyfilters")
PROXY_CONFIG = istio_config("networking", "ProxyConfig", "proxyconfigs")
ISTIO_CONFIG = (
    istio_config("networking", "DestinationRule", "destinationrules"),
    ENVOY_FILTER,
    istio_config("networking", "Gateway", "gateways"),
    PROXY_CONFIG,
    istio_config("networking", "ServiceEntry", "serviceentries"),
    istio_config("networking", "Sidecar", "sidecars"),
    istio_config("networking", "VirtualService", "virtualservices"),
    istio_config("networking", "WorkloadEntry", "workloadentries"),
    istio_config("networking", "WorkloadGroup", "workloadgroups"),
    istio_config("security", "AuthorizationPolicy", "authorizationpolicies"),
    istio_config("security", "PeerAuthentication", "peerauthentications"),
    istio_config("security", "RequestAuthentication", "requestauthentications"),
    istio_config("telemetry", "Telemetry", "telemetries"),
    istio_config("extensions", "WasmPlugin", "wasmplugins"),
    istio_config("extensions", "TrafficExtension", "trafficextensions"),
)

ALL = (
    *(kind for kind in list(vars().values()) if isinstance(kind, Kind)),
    *(kind for kind in ISTIO_CONFIG if kind not in (ENVOY_FILTER, PROXY_CONFIG)),
)
KINDS = {(kind.group, kind.name): kind for kind in ALL}
"""Every kind that may be read, by group and name."""
