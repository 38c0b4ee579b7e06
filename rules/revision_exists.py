"""Each `istio.io/rev` names something that is there.

## Why
Where nothing answers to an `istio.io/rev`, pods start without a sidecar, in plain text,
and Istio objects are read by no control plane, and nothing says so.

## Pass
For a namespace, and for the pods of a workload: a webhook answers to the revision or
tag, also one whose control plane is outside the cluster. For an Istio object: a control
plane runs as exactly that revision. Istio does not know tags there.

## Fail
No webhook answers, or no such control plane runs: it was upgraded away, the tag was
removed, the webhook was deactivated or leaves the namespace out for another label, or
the name is half a name, as that of an IstioControlPlane without its namespace. As a
warning: a label that does not decide: that of a pod template whose namespace does, or that of
a namespace which also carries `istio-injection`.

## Unknown
Not all webhooks, or not all control planes, were seen.

## Fix
Ask for a revision that is there, then restart the workloads. The revision of an
IstioControlPlane is its name, dots turned to dashes, then a dot and its namespace.
"""

from auditor.api import (
    INJECTORS,
    ISTIO_CONFIG,
    LEGACY,
    MESHES,
    NAMESPACE,
    REVISION,
    RUNNING_MESHES,
    WORKLOADS,
    Cluster,
    Field,
    Injector,
    Label,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    decided_by_namespace,
    is_istiod,
    kept_out_by,
    let_in,
    live_revisions,
    most_alike,
    namespace_labels,
    pod_template,
    relabelled,
    rule,
    running_control_planes,
    ways_to_choose,
    where_nothing_answers,
    workloads,
)


def objects_that_name_a_revision(cluster: Cluster) -> Seen[Obj]:
    found = cluster[NAMESPACE].where(lambda it: it.label(REVISION))
    found += workloads(cluster).where(lambda it: asked_by(it) and not is_istiod(it))
    for kind in ISTIO_CONFIG:
        found += cluster[kind].where(lambda it: it.label(REVISION))
    return found


def asked_by(workload: Obj) -> Field:
    return pod_template(workload).at("metadata", "labels", REVISION)


@rule(
    id="revision-exists",
    family="injection",
    severity=Severity.ERROR,
    over=objects_that_name_a_revision,
    reads=[NAMESPACE, *WORKLOADS, *ISTIO_CONFIG, INJECTORS, MESHES, RUNNING_MESHES],
    references=[
        "https://istio.io/latest/docs/setup/upgrade/canary/",
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
    ],
)
def revision_exists(thing: Obj, cluster: Cluster) -> Outcome:
    if thing.kind == NAMESPACE:
        return of_namespace(thing, cluster)
    if thing.kind in WORKLOADS:
        return of_workload(thing, cluster)
    return of_istio_object(thing, cluster)


def of_namespace(namespace: Obj, cluster: Cluster) -> Outcome:
    revision = namespace.label(REVISION)
    others = namespace_labels(namespace, without=(LEGACY, REVISION))
    injectors = cluster.model(INJECTORS)
    if injector := injectors.where(lambda it: it.answers_for(revision.value, others)).first():
        return there(revision, injector)
    elsewhere = injectors.where(lambda it: it.answers_for(revision.value)).so_far
    if elsewhere:
        said = f"the webhook that answers to {revision.value} leaves this namespace out"
        ways = [*ways_to_choose(namespace, cluster), *let_in(namespace, elsewhere[0], cluster)]
        selector = elsewhere[0].webhook.at("namespaceSelector")
        return Outcome.failed(said, revision, selector, remedies=ways)
    said, ways = f"no webhook answers to {revision.value}", ways_to_choose(namespace, cluster)
    for legacy in Seen((namespace.label(LEGACY),)).where(lambda it: it).so_far:
        said = f"{said}; that changes nothing, {LEGACY} decides"
        ways = [Remedy(f"leave it to {LEGACY}", (Label(namespace.ref, REVISION),)), *ways]
        return Outcome.failed(said, revision, legacy, remedies=ways, severity=Severity.WARNING)
    ways = ways or where_nothing_answers(namespace, str(revision.value), cluster)
    return Outcome.failed(said, revision, remedies=ways)


def there(revision: Field, injector: Injector) -> Outcome:
    what = "a tag" if injector.tag else "a revision"
    shown = injector.tag or injector.revision
    return Outcome.passed(f"{revision.value} is {what} that is there", revision, shown)


def of_workload(workload: Obj, cluster: Cluster) -> Outcome:
    revision, injectors = asked_by(workload), cluster.model(INJECTORS)
    if out := kept_out_by(workload):
        return Outcome.not_applicable("its pods ask for no sidecar", revision, out)
    if injector := injectors.where(lambda it: it.answers_for(revision.value)).first():
        return there(revision, injector)
    said = f"no webhook answers to {revision.value}"
    if decides := decided_by_namespace(workload, cluster):
        said = f"{said}; that changes nothing, its namespace decides"
        remedies = [Remedy("leave it to its namespace", (relabelled(workload, None),))]
        return Outcome.failed(said, revision, decides, remedies=remedies, severity=Severity.WARNING)
    names = most_alike(str(revision.value), set(live_revisions(injectors).so_far))
    remedies = [Remedy(f"let it ask for {it}", (relabelled(workload, it),)) for it in names]
    return Outcome.failed(said, revision, remedies=remedies)


def of_istio_object(thing: Obj, cluster: Cluster) -> Outcome:
    revision = thing.label(REVISION)
    planes = running_control_planes(cluster)
    if plane := planes.where(lambda it: it.revision == revision.value).first():
        return Outcome.passed(f"{revision.value} reads it", revision, *plane.shown_by[:2])
    tags = cluster.model(INJECTORS).where(lambda it: it.tag.value == revision.value).so_far
    said = f"no control plane runs as {revision.value}: none reads it"
    if tags:
        said = f"{revision.value} is a tag, which Istio does not know here: none reads it"
    there = {it.revision for it in planes.so_far}
    first = [it.target for it in tags if it.target in there]
    names = dict.fromkeys((*first, *most_alike(str(revision.value), there)))
    remedies = [Remedy(f"let {it} read it", (Label(thing.ref, REVISION, it),)) for it in names]
    remedies = remedies or where_nothing_answers(thing, str(revision.value), cluster)
    return Outcome.failed(said, revision, *(it.tag for it in tags[:1]), remedies=remedies)
