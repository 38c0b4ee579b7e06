"""What installed each control plane, told from the marks that installers leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import ISTIO_OPERATOR
from auditor.models.declared import Declaration
from auditor.models.instances import Instance
from auditor.models.istiod import OSSM, SDM
from auditor.models.meshes import MESHES, ControlPlane
from auditor.objects import Field, Obj
from auditor.seen import Seen

OWNING_RESOURCE = "install.operator.istio.io/owning-resource"
OWNING_NAMESPACE = "install.operator.istio.io/owning-resource-namespace"
MANAGED = "operator.istio.io/managed"
HELM_RELEASE = "meta.helm.sh/release-name"
IGNORED = "install.istio.io/ignoreReconcile"
"""The annotation of an IstioOperator that istioctl only recorded."""

ISTIOCTL, IN_CLUSTER, HELM, SAIL = "istioctl", "istio-operator", "helm", "sail"
BY_KIND = {
    "IstioControlPlane": SDM,
    "IstioRevision": SAIL,
    "Istio": SAIL,
    "ServiceMeshControlPlane": OSSM,
}


@dataclass(frozen=True)
class Installer:
    """What installed a control plane, and the field that says so."""

    name: str
    field: Field


@dataclass(frozen=True)
class Installers:
    """Tells the installer of a control plane."""

    cluster: Cluster

    def of(self, plane: ControlPlane) -> Seen[Installer]:
        """What installed it; none where nothing says, as after `kubectl apply`."""
        running = plane.instances.each(self._of_instance)
        declared = Seen(plane.declared).each(_of_declaration)
        return running or declared

    def _of_instance(self, instance: Instance) -> Iterator[Installer]:
        thing = instance.thing
        if instance.family in (SDM, OSSM):
            yield Installer(instance.family, _owner(thing) or thing.at("metadata", "labels"))
            return
        if owner := _owner(thing):
            yield Installer(BY_KIND[str(owner.value)], owner)
        elif (managed := thing.label("managed-by")).value == "sail-operator":
            yield Installer(SAIL, managed)
        elif release := thing.annotation(HELM_RELEASE):
            yield Installer(HELM, release)
        elif mark := thing.label(MANAGED):
            yield Installer(self._who_reconciles(thing), mark)

    def _who_reconciles(self, istiod: Obj) -> str:
        """Istioctl, or the operator in the cluster, by the IstioOperator that owns an istiod.

        Istioctl leaves none since 1.21, and marks the one that it leaves before as ignored.
        """
        name = str(istiod.label(OWNING_RESOURCE).value or "")
        namespace = str(istiod.label(OWNING_NAMESPACE).value or istiod.namespace)
        if not name or name == "unknown" or name.startswith("installed-state"):
            return ISTIOCTL
        resource = self.cluster.find(ISTIO_OPERATOR, name, namespace)
        if resource is None or resource.annotation(IGNORED).value == "true":
            return ISTIOCTL
        return IN_CLUSTER


def _owner(thing: Obj) -> Field | None:
    """The kind of the custom resource that owns an object."""
    for owner in thing.at("metadata", "ownerReferences").each():
        if owner.at("kind").value in BY_KIND:
            return owner.at("kind")
    return None


def _of_declaration(declaration: Declaration) -> Iterator[Installer]:
    resource = declaration.resource
    kind = resource.at("kind")
    if resource.kind != ISTIO_OPERATOR:
        yield Installer(BY_KIND[resource.kind.name], kind)
    elif resource.annotation(IGNORED).value == "true":
        yield Installer(ISTIOCTL, resource.annotation(IGNORED))
    else:
        yield Installer(IN_CLUSTER, kind)


INSTALLERS = Model("installers", (MESHES, ISTIO_OPERATOR), Installers)
