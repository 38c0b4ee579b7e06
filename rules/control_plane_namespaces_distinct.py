"""No two meshes have their control planes in one namespace.

## Why
Two control planes in one namespace undo what the other does and may issue from the
other's root, from the moment that the second one starts: they share their leader locks,
the Secrets of their CA (`cacerts`, `istio-ca-secret`) and the names of their ConfigMaps.

## Pass
Where a mesh's control plane runs or is declared, no other mesh has one, running or
declared, and no ApplicationManifest tells SDM to install there. Revisions of one mesh
may share its namespace, as in a canary upgrade.

## Fail
Two meshes run in one namespace; or one is declared where another one runs, by an
IstioOperator, an IstioControlPlane, a Sail resource or an ApplicationManifest.

## Unknown
Another control plane may run, or be declared, where nothing could be read.

## Fix
What is only declared can still be declared elsewhere. A mesh that runs is installed anew
in a namespace of its own; then its workloads are moved by their `istio.io/rev` label and
restarted, and its old control plane is removed.
"""

from collections.abc import Iterable, Iterator

from auditor.api import (
    PLACES,
    RENAMING,
    SDM,
    Cluster,
    Mesh,
    Outcome,
    Patch,
    Place,
    Remedy,
    Severity,
    control_plane_namespaces,
    rule,
)


@rule(
    id="control-plane-namespaces-distinct",
    family="names",
    severity=Severity.ERROR,
    over=control_plane_namespaces,
    reads=[PLACES, RENAMING],
    references=["https://istio.io/latest/docs/setup/install/multiple-controlplanes/"],
)
def control_plane_namespaces_distinct(place: Place, cluster: Cluster) -> Outcome:
    others = control_plane_namespaces(cluster).where(lambda it: it.family != place.family)
    here = others.where(lambda it: it.namespace == place.namespace)
    if other := here.first():
        both = (place, other)
        return Outcome.failed(
            " and ".join(sorted(it.said for it in both)) + " share it",
            *dict.fromkeys(field for it in both for field in it.fields),
            remedies=[*told_elsewhere(place, cluster), *moved_meshes(both, cluster)],
        )
    elsewhere = control_plane_namespaces(cluster).where(lambda it: apart(it, place))
    if not elsewhere:
        return Outcome.not_applicable("there is one mesh", *place.fields)
    return Outcome.passed(f"only {place.said} is there", *place.fields)


def apart(one: Place, other: Place) -> bool:
    return (one.family, one.namespace) != (other.family, other.namespace)


def told_elsewhere(place: Place, cluster: Cluster) -> Iterator[Remedy]:
    """How to tell SDM another namespace, where no control plane of its own is there yet."""
    known = control_plane_namespaces(cluster).so_far
    taken = {it.namespace for it in known}
    here = [it for it in known if it.namespace == place.namespace and it.family == SDM]
    names = ("sdm-istio-system", f"{place.namespace}-sdm", f"{place.namespace}-sdm-istio")
    free = [name for name in names if name not in taken]
    if free and not any(isinstance(it.by, Mesh) for it in here):
        for it in here:
            patch = {"spec": {"istioOperator": {"namespace": free[0]}}}
            yield Remedy("tell SDM another namespace", (Patch(it.by.ref, patch),))


def moved_meshes(two: Iterable[Place], cluster: Cluster) -> Iterator[Remedy]:
    """How to move a mesh that is not SDM's to a namespace of its own."""
    for place in two:
        if isinstance(place.by, Mesh) and place.family != SDM:
            plane, namespace = place.by.control_planes[0], f"{place.namespace}-{place.family}"
            steps = cluster.model(RENAMING).steps(plane, namespace)
            yield Remedy(f"move {place.said}", tuple(steps))
