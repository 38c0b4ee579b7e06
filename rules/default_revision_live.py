"""Where something relies on the default revision, there is one.

## Why
Where no revision is the default, pods that rely on it start without a sidecar, and Istio
objects that name no revision are checked by no validator, and nothing says so.

## Pass
A webhook of a control plane that runs is called for the pods of a namespace with
`istio-injection=enabled`, or for pods that say `sidecar.istio.io/inject: "true"` and no
revision; a validator is called for an Istio object. What a Sail IstioRevisionTag says of
its use is not asked: it does not count such pods.

## Fail
No webhook is called for them, as where that of the default leaves a namespace out for some
other label; or it calls a control plane that does not run. Before 1.27
`istioctl install` with a revision makes no default where any injector is there, SDM's too;
SDM itself never is the default. For an Istio object: validators ask for revisions, and it
names none.

## Unknown
The webhooks, the namespaces, or what runs were not all seen.

## Fix
Name the revision that is meant. Or make a revision of upstream the default with
`istioctl tag set default --revision <revision>`, which makes the validator too.
"""

from collections.abc import Iterable

from auditor.api import (
    CHOICES,
    INJECT,
    INJECTORS,
    ISTIO_CONFIG,
    LEGACY,
    NAMESPACE,
    OUTSIDE,
    POD,
    RESTARTED,
    REVISION,
    RUNNING_MESHES,
    VALIDATORS,
    VERSIONS,
    WORKLOADS,
    Cluster,
    Field,
    Injector,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    asking_of,
    checked_by_its_mesh,
    default_set,
    kept_out_by,
    left_out,
    named_in,
    namespace_let_in,
    rule,
    running_meshes,
    shown_by,
    wanted_by,
    ways_to_choose,
    workloads,
)


def things_that_rely_on_the_default(cluster: Cluster) -> Seen[Obj]:
    found = cluster[NAMESPACE].where(lambda it: it.label(LEGACY).value == "enabled")
    bare = cluster[POD].where(lambda it: not it.at("metadata", "ownerReferences").each())
    found += (workloads(cluster) + bare).where(lambda it: relies(it, cluster))
    for kind in ISTIO_CONFIG:
        found += cluster[kind]
    return found


def relies(thing: Obj, cluster: Cluster) -> bool:
    """Whether pods ask for a sidecar and leave open of which mesh, as does their namespace."""
    asking = asking_of(thing)
    if asking.labels.at(INJECT).value != "true" or asking.labels.at(REVISION):
        return False
    around = cluster.model(CHOICES).labels_of(thing.namespace)
    return not around.at(LEGACY) and not around.at(REVISION)


@rule(
    id="default-revision-live",
    family="injection",
    severity=Severity.WARNING,
    over=things_that_rely_on_the_default,
    reads=[
        *(NAMESPACE, POD, *WORKLOADS, *RESTARTED, *ISTIO_CONFIG),
        *(CHOICES, INJECTORS, RUNNING_MESHES, VALIDATORS, VERSIONS),
    ],
    references=[
        "https://istio.io/latest/docs/setup/upgrade/canary/#default-tag",
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
    ],
)
def default_revision_live(thing: Obj, cluster: Cluster) -> Outcome:
    if not running_meshes(cluster):
        return Outcome.not_applicable("no mesh runs", thing.at("metadata", "name"))
    if thing.kind in ISTIO_CONFIG:
        return of_istio_object(thing, cluster)
    if thing.kind == NAMESPACE:
        called = wanted_by(cluster.model(INJECTORS), thing)
        injectors = sorted(called, key=lambda it: (it.configuration.name, it.webhook.path))
        ways = [*default_set(cluster), *ways_to_choose(thing, cluster)]
        nothing = thing.at("metadata", "labels").holding({})
        legacy = (thing.label(LEGACY),)
        return of_pods(injectors[-1:], thing.name, nothing, legacy, ways, cluster)
    if out := kept_out_by(thing):
        return Outcome.not_applicable("its pods are given no sidecar", out)
    asking = asking_of(thing)
    choice = cluster.model(CHOICES).of(asking)
    ways = [*default_set(cluster), *([] if thing.kind == POD else named_in(thing, cluster))]
    chosen = [choice.chosen.injector] if choice.chosen else []
    shown = shown_by(choice, cluster)
    return of_pods(chosen, thing.namespace, asking.labels, shown, ways, cluster)


def of_pods(
    injectors: Iterable[Injector],
    namespace: str,
    labels: Field,
    shown: tuple[Field, ...],
    ways: list[Remedy],
    cluster: Cluster,
) -> Outcome:
    for injector in injectors:
        planes = cluster.model(CHOICES).planes_of(injector)
        if planes.where(lambda it: it.family == OUTSIDE or it.runs):
            said = f"the default is {injector.target}"
            return Outcome.passed(said, *dict.fromkeys((*shown, injector.revision)))
        said = f"the default is {injector.target}, which does not run"
        return Outcome.failed(said, *dict.fromkeys((*shown, injector.revision)), remedies=ways)
    around = cluster.model(CHOICES).labels_of(namespace)
    if out := left_out(cluster.model(INJECTORS), around, labels):
        said = "the webhook of the default leaves its namespace out: its pods get no sidecar"
        ways = namespace_let_in(namespace, out, cluster)
        return Outcome.failed(said, *shown, out.webhook.at("namespaceSelector"), remedies=ways)
    said = "relies on a default, and there is none: its pods get no sidecar"
    return Outcome.failed(said, *shown, remedies=ways)


def of_istio_object(thing: Obj, cluster: Cluster) -> Outcome:
    label = thing.label(REVISION)
    if called := cluster.model(VALIDATORS).called_for(thing).first():
        return Outcome.passed("a validator is called for it", label, called.at("objectSelector"))
    if label:
        return Outcome.not_applicable(f"names {label.value}, and so not the default", label)
    said = "names no revision, and no validator is called for such objects"
    ways = [*default_set(cluster), *checked_by_its_mesh(thing, cluster)]
    return Outcome.failed(said, label, remedies=ways)
