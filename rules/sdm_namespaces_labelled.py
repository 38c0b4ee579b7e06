"""The namespaces of SDM's components ask for SDM's revision.

## Why
Where a namespace of SDM's components lost its `istio.io/rev`, or `istio-injection` stands
beside it, Kafka and the rest come back from their next restart without SDM's sidecar, or
with that of the other mesh.

## Pass
The namespace carries `istio.io/rev` with the revision of its IstioControlPlane, which is
`<name>.<namespace>`, dots in the name turned to dashes, and no `istio-injection`.
Namespaces are found by what the IstioControlPlane's status lists and by the components of
the ApplicationManifest; SDM's own labels on other objects are not public, so nothing is
concluded from them.

## Fail
The label is missing or names another revision, or `istio-injection` overrules it.

## Unknown
The namespaces, the IstioControlPlanes or the ApplicationManifests were not all seen.

## Fix
Set `istio.io/rev` to the revision, take `istio-injection` off, and restart the workloads.
"""

from auditor.api import (
    INJECTORS,
    ISTIO_CONTROL_PLANE,
    LEGACY,
    NAMESPACE,
    RESTARTED,
    REVISION,
    SDM_NAMESPACES,
    Cluster,
    ComponentNamespace,
    Field,
    Obj,
    Outcome,
    Remedy,
    Severity,
    asking_for,
    live_revisions,
    namespaces_of_sdm,
    operator_revision,
    rule,
)


@rule(
    id="sdm-namespaces-labelled",
    family="injection",
    severity=Severity.ERROR,
    over=namespaces_of_sdm,
    reads=[SDM_NAMESPACES, ISTIO_CONTROL_PLANE, NAMESPACE, INJECTORS, *RESTARTED],
    references=[
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/api/v1alpha1/istiocontrolplane_types.go",
    ],
)
def sdm_namespaces_labelled(component: ComponentNamespace, cluster: Cluster) -> Outcome:
    namespace = cluster.find(NAMESPACE, component.name)
    if namespace is None:
        return Outcome.not_applicable("there is no such namespace", component.said_by)
    label, legacy = namespace.label(REVISION), namespace.label(LEGACY)
    revisions = revisions_for(component, label, cluster)
    if not revisions:
        return Outcome.not_applicable("there is no IstioControlPlane", component.said_by)
    shown = (component.said_by, label, *([legacy] if legacy else []))
    ways = [*to_choose(namespace, revisions, cluster)]
    meant = " or ".join(revisions)
    if label.value not in revisions:
        said = f"asks for {label.value}" if label else "asks for no revision"
        return Outcome.failed(f"{said}, not for {meant}", *shown, remedies=ways)
    if legacy:
        said = f"asks for {label.value}, but {LEGACY}={legacy.value} overrules it"
        return Outcome.failed(said, *shown, remedies=ways)
    return Outcome.passed(f"asks for {label.value}", *shown)


def revisions_for(component: ComponentNamespace, label: Field, cluster: Cluster) -> list[str]:
    """The revisions that are right for it; the one that it has suffices, if it is one."""
    if component.control_plane:
        return [operator_revision(component.control_plane)]
    found = cluster[ISTIO_CONTROL_PLANE].map(operator_revision)
    if label and found.where(lambda it: it == label.value):
        return [str(label.value)]
    return sorted(found)


def to_choose(namespace: Obj, revisions: list[str], cluster: Cluster) -> list[Remedy]:
    there = live_revisions(cluster.model(INJECTORS)).so_far  # advice
    return [asking_for(namespace, it, cluster) for it in revisions if it in there]
