"""The namespaces that SDM puts components in, by its own resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import APPLICATION_MANIFEST, ISTIO_CONTROL_PLANE
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen


@dataclass(frozen=True)
class ComponentNamespace:
    """A namespace of SDM, what says so, and the IstioControlPlane that it belongs to."""

    name: str
    said_by: Field
    control_plane: Obj | None = None
    """None where what says so leaves that open."""

    @property
    def ref(self) -> Ref:
        return Ref("Namespace", self.name, version="v1")


def operator_revision(icp: Obj) -> str:
    """The revision that SDM's operator labels namespaces with, also for one called `default`
    (banzaicloud/istio-operator v2.17.4: api/v1alpha1/istiocontrolplane_types.go).
    """
    return f"{icp.name.replace('.', '-')}.{icp.namespace}"


def _namespaces(cluster: Cluster) -> Seen[ComponentNamespace]:
    listed = cluster[ISTIO_CONTROL_PLANE].each(_listed)
    return listed + cluster[APPLICATION_MANIFEST].each(_of_components)


def _listed(icp: Obj) -> Iterator[ComponentNamespace]:
    """Those that the operator found labelled when it last looked."""
    for name in icp.at("status", "injectionNamespaces").each():
        yield ComponentNamespace(str(name.value), name, icp)


def _of_components(manifest: Obj) -> Iterator[ComponentNamespace]:
    """Those of its components, but for the operator of the control planes themselves."""
    for component in manifest.at("spec").each():
        namespace = component.at("namespace")
        if component.path[-1] == "istioOperator" or component.at("enabled").value is False:
            continue
        if namespace:
            yield ComponentNamespace(str(namespace.value), namespace)


SDM_NAMESPACES: Model[Seen[ComponentNamespace]] = Model(
    "namespaces of SDM", (ISTIO_CONTROL_PLANE, APPLICATION_MANIFEST), _namespaces
)


def namespaces_of_sdm(cluster: Cluster) -> Seen[ComponentNamespace]:
    """Every namespace that SDM puts components in."""
    return cluster.model(SDM_NAMESPACES)
