"""Control planes that a custom resource declares, whether they run or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster
from auditor.kinds import (
    ISTIO_CONTROL_PLANE,
    ISTIO_OPERATOR,
    SAIL_ISTIO,
    SAIL_REVISION,
    SERVICE_MESH_CONTROL_PLANE,
)
from auditor.models.istiod import DEFAULT, ISTIO, OSSM, SDM, sdm_revision
from auditor.objects import Field, Obj
from auditor.seen import Seen

KINDS = (
    ISTIO_CONTROL_PLANE,
    ISTIO_OPERATOR,
    SAIL_ISTIO,
    SAIL_REVISION,
    SERVICE_MESH_CONTROL_PLANE,
)
WITHOUT_PILOT = ("empty", "external", "remote", "ztunnel")
"""Profiles of istioctl that install no control plane in this cluster."""


@dataclass(frozen=True)
class Declaration:
    """A custom resource that asks for a control plane, and the field that says where."""

    family: str
    namespace: str
    revision: str
    resource: Obj
    field: Field


def declarations(cluster: Cluster) -> Seen[Declaration]:
    """Every control plane that is declared."""
    return (
        cluster[ISTIO_CONTROL_PLANE].each(_sdm)
        + cluster[ISTIO_OPERATOR].each(declared_by_operator)
        + cluster[SAIL_REVISION].each(_sail_revision)
        + cluster[SAIL_ISTIO].each(_sail_istio)
        + cluster[SERVICE_MESH_CONTROL_PLANE].map(_ossm)
    )


def _sdm(icp: Obj) -> Iterator[Declaration]:
    """None where its control plane is in another cluster, and an injector alone is in this one."""
    if icp.at("spec", "mode").value == "PASSIVE":
        return
    revision = sdm_revision(icp.name, icp.namespace)
    yield Declaration(SDM, icp.namespace, revision, icp, icp.at("metadata", "namespace"))


def declared_by_operator(iop: Obj) -> Iterator[Declaration]:
    """The control plane that an IstioOperator declares; none where it is for gateways alone."""
    pilot = iop.at("spec", "components", "pilot", "enabled")
    if not pilot and iop.at("spec", "profile").value in WITHOUT_PILOT:
        return
    if pilot and pilot.value is False:
        return
    namespace = declared_namespace(iop)
    revision = str(iop.at("spec", "revision").value or DEFAULT)
    yield Declaration(ISTIO, str(namespace.value), revision, iop, namespace)


def declared_namespace(iop: Obj) -> Field:
    """Where an IstioOperator installs its control plane."""
    found = (
        iop.at("spec", "values", "global", "istioNamespace")
        or iop.at("spec", "namespace")
        or iop.at("metadata", "namespace")
    )
    return found or found.withheld("it names no namespace, as in a file for istioctl")


def _sail_revision(revision: Obj) -> Iterator[Declaration]:
    """None where its control plane is in another cluster
    (sail-operator 1.30.3: pkg/revision/remote.go).
    """
    if revision.at("spec", "values", "profile").value == "remote":
        return
    namespace = revision.at("spec", "namespace")
    yield Declaration(ISTIO, str(namespace.value), revision.name, revision, namespace)


def _sail_istio(istio: Obj) -> Iterator[Declaration]:
    """One that was not reconciled yet; else its IstioRevisions declare what there is.

    With the strategy RevisionBased a revision is named after the resource and its version
    (sail-operator 1.30.3: controllers/istio/istio_controller.go).
    """
    if istio.at("status", "activeRevisionName"):
        return
    profile = istio.at("spec", "values", "profile") or istio.at("spec", "profile")
    if profile.value == "remote":
        return
    namespace, revision = istio.at("spec", "namespace"), istio.name
    if istio.at("spec", "updateStrategy", "type").value == "RevisionBased":
        version = str(istio.at("spec", "version").value or "")
        revision = f"{istio.name}-{version.replace('.', '-')}"
    yield Declaration(ISTIO, str(namespace.value), revision, istio, namespace)


def _ossm(smcp: Obj) -> Declaration:
    return Declaration(OSSM, smcp.namespace, smcp.name, smcp, smcp.at("metadata", "namespace"))
