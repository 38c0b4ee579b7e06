"""Pod templates choose their mesh by `istio.io/rev`, and nothing overrules them silently.

## Why
A pod whose template asks for one mesh by `istio.io/rev` runs in another, or in none, where
a label of its namespace decides: the pod's own label is then not even looked at.

## Pass
The pods get the control plane that the template names, by its revision or a tag, whether
by their own label or by the same choice of their namespace. Or the template names none,
and its namespace, or the only mesh that injects, decides; so it is where OpenShift Service Mesh
has enrolled the namespace.

## Fail
The template names a control plane, and its namespace gives the pods another, or keeps
them out: `istio-injection`, also `disabled`, and `istio.io/rev` of a namespace come before
the label of a pod. Or it says `sidecar.istio.io/inject: "true"` and no revision where no
revision is the default, or says `yes` or `on`, which no webhook knows: the pods start without
a sidecar. As a warning: it says `"true"` beside a second mesh, so that whichever is the
default injects; or it says so in a namespace that keeps every mesh out.

## Unknown
The labels of the namespace, or the webhooks, were not all seen.

## Fix
Leave the choice to the namespace, and take the label off the template; or let the
namespace ask for the mesh that is meant, or for none where its pods are to choose.
"""

from itertools import islice

from auditor.api import (
    CHOICES,
    INJECT,
    INJECTORS,
    LEGACY,
    NAMESPACE,
    RESTARTED,
    REVISION,
    RUNNING_MESHES,
    VERSIONS,
    WORKLOADS,
    Choice,
    Cluster,
    Injector,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    asking_of,
    default_set,
    either,
    injecting_meshes,
    is_istiod,
    kept_out_by,
    left_out,
    live_revisions,
    means_yes,
    named_in,
    namespace_asking,
    namespace_let_in,
    pods_choose,
    relabelled,
    rule,
    settled_with_its_namespace,
    shown_by,
    workloads,
)


def workloads_that_ask_for_a_sidecar(cluster: Cluster) -> Seen[Obj]:
    def asks(workload: Obj) -> bool:
        labels = asking_of(workload).labels
        return either(lambda: labels.at(REVISION), lambda: labels.at(INJECT))

    return workloads(cluster).where(lambda it: asks(it) and not is_istiod(it))


@rule(
    id="workload-revision-label",
    family="injection",
    severity=Severity.ERROR,
    over=workloads_that_ask_for_a_sidecar,
    reads=[NAMESPACE, *WORKLOADS, *RESTARTED, CHOICES, INJECTORS, RUNNING_MESHES, VERSIONS],
    references=[
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
        "https://istio.io/latest/docs/setup/upgrade/canary/",
    ],
)
def workload_revision_label(workload: Obj, cluster: Cluster) -> Outcome:
    asking = asking_of(workload)
    asked = asking.labels.at(REVISION)
    choice = cluster.model(CHOICES).of(asking)
    if refused := choice.refused_by or kept_out_by(workload):
        return Outcome.not_applicable("its pods ask for no sidecar", refused)
    if not asked:
        return without_a_revision(workload, choice, cluster)

    shown = shown_by(choice, cluster)
    answering = cluster.model(INJECTORS).where(lambda it: it.answers_for(asked.value))
    if answering.where(lambda it: (it.target, it.place) == choice.outcome):
        return Outcome.passed(f"gets {asked.value}, as it asks", *shown)
    if not answering:
        said = f"nothing answers to {asked.value}, as revision-exists says"
        return Outcome.not_applicable(said, asked)
    said = f"asks for {asked.value}, but {decides(choice, cluster)}"
    remedies = settled_with_its_namespace(workload, asked.value, cluster)
    return Outcome.failed(said, *shown, remedies=remedies)


def without_a_revision(workload: Obj, choice: Choice, cluster: Cluster) -> Outcome:
    around = cluster.model(CHOICES).labels_of(workload.namespace)
    shown = shown_by(choice, cluster)
    if around.at(LEGACY).value == "disabled":
        said = f"asks for a sidecar, but {decides(choice, cluster)}"
        remedies = [pods_choose(workload)]
        return Outcome.failed(said, *shown, remedies=remedies, severity=Severity.WARNING)
    if around.at(LEGACY) or around.at(REVISION):
        return Outcome.passed("leaves the choice to its namespace", *shown)
    if choice.chosen is None:
        return unanswered(workload, choice, cluster)
    nothing, injector = around.holding({}), choice.chosen.injector
    if injector.selects(around, nothing) and not injector.selects(nothing, choice.asking.labels):
        return Outcome.passed("leaves the choice to what enrolled its namespace", *shown)
    meshes = [mesh.id for mesh in islice(injecting_meshes(cluster), 2)]
    if len(meshes) < 2:
        return Outcome.passed(f"gets {injector.target}, of the only mesh that injects", *shown)
    said = f"does not say which of {' and '.join(meshes)} it means"
    said = f"{said}; today its pods get {injector.target}"
    there = live_revisions(cluster.model(INJECTORS)).so_far
    first = [injector.target] if injector.target in there else []
    names = dict.fromkeys((*first, *sorted(there)))
    remedies = [Remedy(f"let it ask for {it}", (relabelled(workload, it),)) for it in names]
    return Outcome.failed(said, *shown, remedies=remedies, severity=Severity.WARNING)


def unanswered(workload: Obj, choice: Choice, cluster: Cluster) -> Outcome:
    """No webhook is called for its pods: they start without a sidecar, and nothing says so."""
    asked, shown = choice.asking.labels.at(INJECT), shown_by(choice, cluster)
    if not means_yes(asked.value):
        return Outcome.not_applicable("its pods ask for no sidecar", asked)
    if not injecting_meshes(cluster):
        return Outcome.not_applicable("no mesh injects", asked)
    if injector := left_out_by(choice, cluster):
        said = f"asks for a sidecar, but {decides(choice, cluster)}"
        selector = injector.webhook.at("namespaceSelector")
        ways = namespace_let_in(workload.namespace, injector, cluster)
        return Outcome.failed(said, *shown, selector, remedies=ways)
    if asked.value != "true":
        said = f"asks for a sidecar by {asked.value}, and webhooks look for true alone"
        return Outcome.failed(said, *shown, remedies=named_in(workload, cluster))
    said = "asks for a sidecar and no revision, and none is the default: its pods get none"
    named = named_in(workload, cluster) or namespace_asking(workload.namespace, cluster)
    return Outcome.failed(said, *shown, remedies=[*default_set(cluster), *named])


def left_out_by(choice: Choice, cluster: Cluster) -> Injector | None:
    """The webhook that would be called for its pods in another namespace with such labels."""
    around = cluster.model(CHOICES).labels_of(choice.asking.namespace)
    return left_out(cluster.model(INJECTORS), around, choice.asking.labels)


def decides(choice: Choice, cluster: Cluster) -> str:
    """What its namespace does about its pods, in words."""
    around = cluster.model(CHOICES).labels_of(choice.asking.namespace)
    if choice.outcome is None and left_out_by(choice, cluster):
        return "the webhook that answers leaves its namespace out"
    labels = [f"{key}={label.value}" for key in (LEGACY, REVISION) if (label := around.at(key))]
    if not labels and choice.outcome is None:
        return "its webhook looks at the labels of namespaces alone"
    given = f"gives it {choice.outcome[0]}" if choice.outcome else "keeps it out"
    return f"{(*labels, 'a webhook that takes any pod')[0]} of its namespace {given}"
