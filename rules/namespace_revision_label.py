"""Namespaces choose their mesh by `istio.io/rev`, not by `istio-injection`.

## Why
A namespace with `istio-injection=enabled` gets its sidecars from whichever mesh is the
default at the moment, or gets none, even where its `istio.io/rev` names another. Where it
carries both labels, the revision that it names is never asked.

## Pass
The namespace carries `istio.io/rev` alone; or `istio-injection=disabled` alone, which
keeps every mesh out; or `istio-injection=enabled` alone, while one mesh injects and its
webhook answers.

## Fail
The namespace carries both labels: its pods get the default revision, or none where there
is no default. Or it carries `istio-injection=enabled` alone and no webhook answers: its
pods start without a sidecar, as if it named a revision that is not there. As a warning: the
default is the very control plane that `istio.io/rev` names; or `disabled` beside a revision,
which keeps pods out that may be meant to be in; or `istio-injection=enabled` alone, with
more than one mesh that injects; or a value that is neither `enabled` nor `disabled`.

## Unknown
Whether a second mesh injects could not be told.

## Fix
Take `istio-injection` off and set `istio.io/rev` to the revision or tag that is meant,
then restart the workloads: running pods keep the sidecar that they have.
"""

from itertools import islice

from auditor.api import (
    INJECTORS,
    LEGACY,
    NAMESPACE,
    RESTARTED,
    REVISION,
    RUNNING_MESHES,
    Cluster,
    Command,
    Label,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    either,
    injecting_meshes,
    left_out,
    let_in,
    namespace_labels,
    rule,
    wanted_by,
    ways_to_choose,
)


def namespaces_with_a_label_of_injection(cluster: Cluster) -> Seen[Obj]:
    return cluster[NAMESPACE].where(
        lambda it: either(lambda: it.label(LEGACY), lambda: it.label(REVISION))
    )


@rule(
    id="namespace-revision-label",
    family="injection",
    severity=Severity.ERROR,
    over=namespaces_with_a_label_of_injection,
    reads=[NAMESPACE, INJECTORS, RUNNING_MESHES, *RESTARTED],
    references=[
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
        "https://istio.io/latest/docs/setup/upgrade/canary/",
    ],
)
def namespace_revision_label(namespace: Obj, cluster: Cluster) -> Outcome:
    legacy, revision = namespace.label(LEGACY), namespace.label(REVISION)
    if not legacy:
        return Outcome.passed(f"chooses {revision.value}", revision)
    if revision:
        return both_labels(namespace, cluster)
    return legacy_label_alone(namespace, cluster)


def legacy_label_alone(namespace: Obj, cluster: Cluster) -> Outcome:
    legacy = namespace.label(LEGACY)
    if legacy.value == "disabled":
        return Outcome.passed("keeps every mesh out", legacy)
    called = wanted_by(cluster.model(INJECTORS), namespace)
    if legacy.value != "enabled" and not called:
        said = "has a value that no webhook answers to, so its pods get no sidecar"
        return warning(said, namespace, cluster)

    meshes = [mesh.id for mesh in islice(injecting_meshes(cluster), 2)]
    if not meshes:
        return Outcome.not_applicable("no mesh injects", legacy)
    said = "no webhook answers to it: its pods get no sidecar"
    if len(meshes) > 1:
        said = f"does not say which of {' and '.join(meshes)} it means"
        said = f"{said}; today its pods get {today(namespace, cluster)}"
        if called.so_far or called.gaps:
            return warning(said, namespace, cluster)
    if not called:
        return unanswered(said, namespace, cluster)
    return Outcome.passed(f"{meshes[0]} alone injects", legacy)


def unanswered(said: str, namespace: Obj, cluster: Cluster) -> Outcome:
    """Its pods start without a sidecar, and nothing says so."""
    legacy, labels = namespace.label(LEGACY), namespace_labels(namespace)
    if injector := left_out(cluster.model(INJECTORS), labels, labels.holding({})):
        said = "the webhook that answers to it leaves this namespace out: its pods get no sidecar"
        selector = injector.webhook.at("namespaceSelector")
        remedies = let_in(namespace, injector, cluster)
        return Outcome.failed(said, legacy, selector, remedies=remedies)
    return Outcome.failed(said, legacy, remedies=ways_to_choose(namespace, cluster))


def both_labels(namespace: Obj, cluster: Cluster) -> Outcome:
    legacy, revision = namespace.label(LEGACY), namespace.label(REVISION)
    if legacy.value == "disabled":
        said = f"names {revision.value}, but {LEGACY}=disabled keeps every mesh out"
        out = Remedy("keep every mesh out", (Label(namespace.ref, REVISION),))
        return warning(said, namespace, cluster, out)

    # A milder case needs a witness, so what was seen is enough to look at.
    injectors = cluster.model(INJECTORS)
    got = wanted_by(injectors, namespace).so_far
    meant = injectors.where(lambda it: it.answers_for(revision.value)).so_far
    if any(one.calls_as(other) for one in got for other in meant):
        said = f"names {revision.value}, but gets it by {LEGACY}, as the default of today"
        return warning(said, namespace, cluster)
    said = f"names {revision.value}, but {LEGACY} overrules it: its pods get"
    remedies = ways_to_choose(namespace, cluster) or [left_to(str(revision.value), namespace)]
    return Outcome.failed(
        f"{said} {today(namespace, cluster)}",
        *(legacy, revision, *(it.revision for it in got[:1])),
        remedies=remedies,
    )


def left_to(revision: str, namespace: Obj) -> Remedy:
    """Where no webhook was seen that answers: it cannot be proven that the pods get a sidecar."""
    text = f"take {LEGACY} off, once a webhook answers to {revision}"
    command = f"kubectl label {namespace.ref.target} {LEGACY}-"
    return Remedy(f"let it ask for {revision}", (Command(text, command),))


def today(namespace: Obj, cluster: Cluster) -> str:
    """What its pods get, in words, by what was seen."""
    got = wanted_by(cluster.model(INJECTORS), namespace)
    revisions = sorted({it.target for it in got.so_far})
    return " and ".join(revisions) or ("the default" if got.gaps else "no sidecar")


def warning(said: str, namespace: Obj, cluster: Cluster, *remedies: Remedy) -> Outcome:
    labels = [namespace.label(key) for key in (LEGACY, REVISION) if namespace.label(key)]
    called = [it.revision for it in wanted_by(cluster.model(INJECTORS), namespace).so_far[:1]]
    ways = [*ways_to_choose(namespace, cluster), *remedies]
    return Outcome.failed(said, *labels, *called, remedies=ways, severity=Severity.WARNING)
