"""Istio objects change the proxies of one mesh only.

## Why
An Istio object that names no revision is read by every control plane that looks into its
namespace. What was written for one mesh then changes the proxies of the other too, and a
patch of Envoy that fits one release may break those of another.

## Pass
One mesh reads it: it names a revision of that in its label `istio.io/rev`, or the
`discoverySelectors` keep the others away, as they do for configuration since 1.16 with
`ENABLE_ENHANCED_RESOURCE_SCOPING`, by default since 1.22. Or two read it, and it
reaches proxies of one alone: those in its namespace that it selects, or all of a mesh whose
root namespace that is.

## Fail
Two meshes read it and proxies of both are changed. It is an error for an EnvoyFilter, and
for one in a root namespace without a `workloadSelector` wherever the proxies are; and for
what lies in the root namespace of both. It is a warning for other policies and for Gateways.
It is only told, as info, for what routes, such as a VirtualService: that two meshes know it
is often what is wanted, and `exportTo` can keep it in its namespace.

## Unknown
The control planes, their mesh configurations, the namespaces or the pods were not all seen.
A control plane outside the cluster, or of OpenShift Service Mesh, does not show where it
looks.

## Fix
Label the object `istio.io/rev=<revision>`, the revision itself: a tag is not known there.
That does not help against a control plane without a revision, as one inside another product:
there `discoverySelectors` do. A mesh with two revisions needs a copy for each.
"""

from auditor.api import (
    ENVOY_FILTER,
    ISTIO_CONFIG,
    READERSHIP,
    READING_REMEDIES,
    REVISION,
    ROUTING,
    RUNNING_MESHES,
    Cluster,
    Mesh,
    Obj,
    Outcome,
    Readership,
    Seen,
    Severity,
    rule,
    running_meshes,
    selector_of,
    selects_nothing,
)


def istio_objects(cluster: Cluster) -> Seen[Obj]:
    found = Seen[Obj]()
    for kind in ISTIO_CONFIG:
        found += cluster[kind]
    return found


@rule(
    id="config-read-by-one-mesh",
    family="control-plane",
    severity=Severity.ERROR,
    over=istio_objects,
    reads=[READERSHIP, READING_REMEDIES, RUNNING_MESHES, *ISTIO_CONFIG],
    references=[
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
        "https://istio.io/latest/docs/reference/config/networking/envoy-filter/",
        "https://github.com/higress-group/higress/issues/3821",
    ],
)
def config_read_by_one_mesh(thing: Obj, cluster: Cluster) -> Outcome:
    label, readership = thing.label(REVISION), cluster.model(READERSHIP)
    meshes = running_meshes(cluster)
    if len(meshes.so_far) < 2 and len([*meshes]) < 2:
        return Outcome.not_applicable("there are not two meshes", label)
    readers = readership.readers(thing)
    if len(readers.so_far) < 2 and len([*readers]) < 2:
        only = next((f"{it.id} alone" for it in readers), "no mesh that runs")
        return Outcome.passed(f"{only} reads it", label)
    severity = hazard(thing, readers, readership)
    names = " and ".join(it.id for it in readers.so_far)
    if severity is None:
        said = f"{names} read it, and it changes proxies of one at most"
        return Outcome.passed(said, label, selector_of(thing))
    ways = cluster.model(READING_REMEDIES).one_reader(thing, readers.so_far)
    said = f"{names} read it" if label else f"names no revision: {names} read it"
    return Outcome.failed(said, label, selector_of(thing), remedies=ways, severity=severity)


def hazard(thing: Obj, readers: Seen[Mesh], readership: Readership) -> Severity | None:
    """How much it matters that several meshes read an object; None where it does not."""
    wide = thing.kind == ENVOY_FILTER and selects_nothing(thing)
    if wide and readers.where(lambda it: readership.is_rooted(it, thing)):
        return Severity.ERROR
    reached = readers.where(lambda it: readership.reaches(it, thing))
    if len(reached.so_far) < 2 and len([*reached]) < 2:
        return None
    if thing.kind.name in ROUTING:
        return Severity.INFO
    rooted = readers.where(lambda it: readership.is_rooted(it, thing)).so_far
    grave = thing.kind == ENVOY_FILTER or len(rooted) > 1
    return Severity.ERROR if grave else Severity.WARNING
