"""Custom resources say what the control plane that they declare really runs with.

## Why
What a custom resource says and nobody carried out is not in force, though whoever reads it
believes so; what was changed behind its back is lost at the next reconciliation or
installation. Either way the mesh changes on a day when nobody expects it.

## Pass
The image or version, the variables of istiod, the settings of the mesh configuration and
the injection by default that an IstioOperator, an IstioControlPlane or an IstioRevision
writes are those that run. What it does not write is left to defaults, and not compared.

## Fail
A warning: one of them is another in the Deployment, in the ConfigMap or in the webhooks.
An installed-state of istioctl counts too, until Istio 1.20. With
`enableNamespacesByDefault` the default tag of istioctl 1.12.0 and 1.12.1 injects nothing by
default, and the webhook that would is deactivated.

## Unknown
What runs was not all seen, or the operator is about to carry the resource out.

## Fix
See in the status of the resource, and in the log of its operator, why it is not carried
out; with istioctl install again from the file. Or write into the resource what runs, where
that is what you want to keep.
"""

from auditor.api import (
    DIFFERENCES,
    IGNORED,
    ISTIO_CONTROL_PLANE,
    ISTIO_OPERATOR,
    MESH_CONFIGS,
    MESHES,
    SAIL_REVISION,
    VERSIONS,
    Cluster,
    ControlPlane,
    Obj,
    Outcome,
    Seen,
    Severity,
    carried_out,
    control_planes,
    declared_by_operator,
    rule,
)

LAST_WITH_STATE = 20
"""Since Istio 1.21 istioctl leaves no IstioOperator behind, and reads none."""
RECORD = "installed-state"


def custom_resources(cluster: Cluster) -> Seen[Obj]:
    """Every resource that tells an installer what to run."""
    return cluster[ISTIO_OPERATOR] + cluster[ISTIO_CONTROL_PLANE] + cluster[SAIL_REVISION]


@rule(
    id="declared-matches-effective",
    family="control-plane",
    severity=Severity.WARNING,
    over=custom_resources,
    reads=[
        *(DIFFERENCES, ISTIO_CONTROL_PLANE, ISTIO_OPERATOR),
        *(MESHES, MESH_CONFIGS, SAIL_REVISION, VERSIONS),
    ],
    references=[
        "https://istio.io/v1.23/docs/reference/config/istio.operator.v1alpha1/",
        "https://github.com/istio/istio/issues/36258",
    ],
)
def declared_matches_effective(resource: Obj, cluster: Cluster) -> Outcome:
    planes = control_planes(cluster).where(
        lambda plane: any(it.resource.ref == resource.ref for it in plane.declared)
    )
    plane = planes.first()
    if plane is None:
        return Outcome.not_applicable("it declares no control plane", resource.at("kind"))
    if said := nobodys(resource, plane, cluster):
        return Outcome.not_applicable(said, resource.at("metadata", "name"))
    if not plane.runs:
        return Outcome.not_applicable("what it declares does not run", *plane.shown_by)
    differences = cluster.model(DIFFERENCES).of(resource, plane)
    if not differences:
        return Outcome.passed("what it writes is what runs", resource.at("kind"))
    found = differences.so_far
    state = resource.at("status", "status")
    shown = [field for it in found for field in it.shown]
    if str(state.value).upper() == "RECONCILING":
        return Outcome.unknown("its operator is about to carry it out", state, *shown)
    return Outcome.failed(
        "; ".join(dict.fromkeys(it.said for it in found)),
        *dict.fromkeys(shown),
        remedies=carried_out(resource, plane, found, cluster),
    )


def nobodys(resource: Obj, plane: ControlPlane, cluster: Cluster) -> str:
    """Why nobody is to carry a resource out; nothing where somebody is, or has."""
    if resource.at("metadata", "deletionTimestamp"):
        return "it is being deleted"
    if resource.kind != ISTIO_OPERATOR or resource.annotation(IGNORED).value != "true":
        return ""
    if not resource.name.startswith(RECORD):
        return "its operator is told to leave it alone"
    rivals = cluster[ISTIO_OPERATOR].where(
        lambda it: it.annotation(IGNORED).value != "true" and declares(it, plane)
    )
    if rivals:
        return "another resource declares the same, and an operator carries that out"
    newer = (
        cluster.model(VERSIONS)
        .of(plane)
        .where(lambda it: it.version is not None and it.version.is_since(LAST_WITH_STATE + 1))
    )
    if newer.so_far:
        return "istioctl keeps no record any more since Istio 1.21: it is a leftover"
    return ""


def declares(resource: Obj, plane: ControlPlane) -> bool:
    """Whether an IstioOperator asks for a control plane, or for one of the same place and name."""
    asked = declared_by_operator(resource)
    return any((it.namespace, it.revision) == (plane.namespace, plane.revision) for it in asked)
