"""A cluster as a tool finds it: its objects, and the resources that its API server serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

Manifest = dict[str, Any]
TAKEN_AT = datetime(2023, 5, 9, 6, 30, 15, 123456, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Resource:
    """A resource type that the API server serves, in the version in which tools ask for it."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True
    is_custom: bool = False

    @property
    def key(self) -> str:
        """How reports and kubectl name it: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version


def _resources(api_version: str, kinds: str, namespaced: bool = True) -> list[Resource]:
    group, _, version = api_version.rpartition("/")
    pairs = (kind.split(":") for kind in kinds.split())
    return [Resource(group, version, kind, plural, namespaced) for kind, plural in pairs]


BUILT_IN: tuple[Resource, ...] = (
    *_resources("v1", "Namespace:namespaces Node:nodes PersistentVolume:persistentvolumes", False),
    *_resources(
        "v1",
        "Pod:pods ReplicationController:replicationcontrollers Service:services"
        " Endpoints:endpoints Event:events ConfigMap:configmaps Secret:secrets"
        " ServiceAccount:serviceaccounts PersistentVolumeClaim:persistentvolumeclaims"
        " LimitRange:limitranges ResourceQuota:resourcequotas",
    ),
    *_resources(
        "apps/v1",
        "DaemonSet:daemonsets Deployment:deployments ReplicaSet:replicasets"
        " StatefulSet:statefulsets",
    ),
    *_resources("autoscaling/v2", "HorizontalPodAutoscaler:horizontalpodautoscalers"),
    *_resources("batch/v1", "CronJob:cronjobs Job:jobs"),
    *_resources("coordination.k8s.io/v1", "Lease:leases"),
    *_resources("discovery.k8s.io/v1", "EndpointSlice:endpointslices"),
    *_resources("networking.k8s.io/v1", "Ingress:ingresses NetworkPolicy:networkpolicies"),
    *_resources("networking.k8s.io/v1", "IngressClass:ingressclasses", False),
    *_resources("policy/v1", "PodDisruptionBudget:poddisruptionbudgets"),
    *_resources("rbac.authorization.k8s.io/v1", "Role:roles RoleBinding:rolebindings"),
    *_resources(
        "rbac.authorization.k8s.io/v1",
        "ClusterRole:clusterroles ClusterRoleBinding:clusterrolebindings",
        False,
    ),
    *_resources(
        "admissionregistration.k8s.io/v1",
        "MutatingWebhookConfiguration:mutatingwebhookconfigurations"
        " ValidatingWebhookConfiguration:validatingwebhookconfigurations",
        False,
    ),
    *_resources(
        "apiextensions.k8s.io/v1", "CustomResourceDefinition:customresourcedefinitions", False
    ),
    *_resources(
        "certificates.k8s.io/v1", "CertificateSigningRequest:certificatesigningrequests", False
    ),
    *_resources("scheduling.k8s.io/v1", "PriorityClass:priorityclasses", False),
    *_resources("storage.k8s.io/v1", "StorageClass:storageclasses", False),
)


@dataclass(frozen=True)
class ClusterState:
    """Whole objects of one cluster, when a dump of them was taken, and what is served.

    `also_served` are resources of objects whose CRD is not among the objects. Raises ValueError
    for an object of a kind that nothing serves.
    """

    objects: tuple[Manifest, ...]
    taken_at: datetime = TAKEN_AT
    context: str = "prod-1"
    server: str = "https://10.0.0.1:6443"
    istio_namespace: str = "istio-system"
    also_served: tuple[Resource, ...] = ()
    _by_kind: dict[tuple[str, str], Resource] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        crds = [it for it in self.objects if it["kind"] == "CustomResourceDefinition"]
        served = (*BUILT_IN, *map(custom_resource, crds), *self.also_served)
        by_kind = {(it.group, it.kind): it for it in reversed(served)}
        object.__setattr__(self, "_by_kind", by_kind)
        for thing in self.objects:
            self.resource_of(thing)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """All that is served, in alphabetical order of their keys."""
        return tuple(sorted(self._by_kind.values(), key=lambda it: it.key))

    @cached_property
    def custom(self) -> tuple[Resource, ...]:
        """The resources of CRDs."""
        return tuple(it for it in self.resources if it.is_custom)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The names of all namespaces, those included that only an object names."""
        named = {it["metadata"]["name"] for it in self.objects if it["kind"] == "Namespace"}
        return tuple(sorted(named | {namespace_of(it) for it in self.objects} - {""}))

    @cached_property
    def busy(self) -> tuple[str, ...]:
        """The namespaces that run pods, and of which the Namespace is among the objects."""
        known = {it["metadata"]["name"] for it in self.objects if it["kind"] == "Namespace"}
        run = {namespace_of(it) for it in self.objects if it["kind"] == "Pod"}
        return tuple(sorted(known & run))

    def resource_of(self, thing: Manifest) -> Resource:
        group = thing["apiVersion"].rpartition("/")[0]
        found = self._by_kind.get((group, thing["kind"]))
        if not found:
            kind = f"{thing['kind']}.{group}"
            raise ValueError(f"nothing serves {kind}: add its CRD, or its resource to also_served")
        return found

    def resource(self, key: str) -> Resource:
        """A resource by its key; raises KeyError for one that is not served."""
        return next((it for it in self.resources if it.key == key), None) or _unserved(key)

    def of(self, resource: Resource, namespace: str | None = None) -> list[Manifest]:
        """The objects of a resource, as an API server orders them: by namespace and name."""
        found = self._by_resource.get(resource, [])
        return [it for it in found if namespace in (None, namespace_of(it))]

    @cached_property
    def _by_resource(self) -> dict[Resource, list[Manifest]]:
        ordered = sorted(self.objects, key=lambda it: (namespace_of(it), it["metadata"]["name"]))
        found: dict[Resource, list[Manifest]] = {}
        for thing in ordered:
            found.setdefault(self.resource_of(thing), []).append(thing)
        return found

    def all_of(self, keys: Iterable[str], namespace: str | None = None) -> list[Manifest]:
        """The objects of several resources, one resource after the other."""
        return [it for key in keys for it in self.of(self.resource(key), namespace)]


def _unserved(key: str) -> Any:
    raise KeyError(f"the cluster does not serve {key}")


def custom_resource(crd: Manifest) -> Resource:
    """What a CRD makes an API server serve, in the version in which it is stored."""
    spec = crd["spec"]
    versions: Sequence[Manifest] = spec["versions"]
    served = [it for it in versions if it.get("served", True)] or versions
    stored = next((it for it in served if it.get("storage")), served[0])
    names = spec["names"]
    return Resource(
        spec["group"],
        stored["name"],
        names["kind"],
        names["plural"],
        spec.get("scope", "Namespaced") == "Namespaced",
        is_custom=True,
    )


def namespace_of(thing: Manifest) -> str:
    """The namespace of an object, empty for one of the whole cluster."""
    return str(thing["metadata"].get("namespace", ""))


def identity(thing: Manifest) -> tuple[str, str, str, str]:
    """Group, kind, namespace and name, which no two objects of a cluster share."""
    group = thing["apiVersion"].rpartition("/")[0]
    return group, thing["kind"], namespace_of(thing), thing["metadata"]["name"]
