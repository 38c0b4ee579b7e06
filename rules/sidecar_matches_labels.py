"""Each pod runs the sidecar that its labels choose today.

## Why
A pod whose labels, or whose namespace's, were changed after it started keeps the sidecar
of the old mesh, or none, until its next restart moves it without a word. Until then its
certificates, its settings and its control plane are those of a mesh that it has left.

## Pass
The webhook that would be called for the pod today belongs to the control plane whose
sidecar the pod runs. Tags are followed to their revision, and of two webhooks the later
by name counts, since it throws out what the first put in.

## Fail
The pod runs the sidecar of another control plane, or one though nothing chooses any, or
none though a webhook would give it one. As a warning: both control planes are revisions
of one mesh that run, as in the middle of a canary upgrade.

What decides are the labels of its namespace, and the labels, the annotation
`sidecar.istio.io/inject` and the network of the template that it was made from. SDM's
injector labels each pod with its own revision; that is no choice of anybody.

## Unknown
The labels, or the webhooks, were not all seen; the pod's labels and those of its template
choose differently; a webhook has `matchConditions`; or the pod has no sidecar, and
whether its injector's own policy leaves it out was not seen.

## Fix
Restart the pod, which gives it what its labels choose; where they choose none, that takes
its sidecar away. Or let the labels name the revision that it runs with. Where no istiod is
behind the webhook that they choose, a restart would have it rejected: correct the labels.
"""

from auditor.api import (
    CHOICES,
    INJECTORS,
    POD,
    POLICIES,
    PROXY,
    RESTARTED,
    RUNNING_MESHES,
    STATUS,
    Choice,
    Cluster,
    Field,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    choice_of_pod,
    container,
    given_by,
    injected_revision,
    is_istiod,
    kept_in,
    made_again,
    maker_of,
    pod_template,
    revision_shown,
    rule,
    running_control_planes,
    shown_by,
)


def pods_that_run(cluster: Cluster) -> Seen[Obj]:
    return cluster[POD].where(
        lambda pod: (
            pod.at("status", "phase").value not in ("Succeeded", "Failed") and not is_istiod(pod)
        )
    )


@rule(
    id="sidecar-matches-labels",
    family="injection",
    severity=Severity.ERROR,
    over=pods_that_run,
    reads=[POD, CHOICES, POLICIES, INJECTORS, RUNNING_MESHES, *RESTARTED],
    references=[
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
        "https://istio.io/latest/docs/setup/upgrade/canary/",
    ],
)
def sidecar_matches_labels(pod: Obj, cluster: Cluster) -> Outcome:
    if not pod.annotation(STATUS):
        return without_a_sidecar(pod, cluster)
    revision = injected_revision(pod)
    maker = maker_of(pod, cluster)
    if maker and (written := pod_template(maker).at("metadata", "annotations", STATUS)):
        return Outcome.not_applicable("its template holds the sidecar", revision, written)

    choice = choice_of_pod(pod, cluster)
    shown = (revision_shown(pod), *shown_by(choice, cluster))
    if choice.outcome and given_by(pod, *choice.outcome):
        return Outcome.passed(f"runs the sidecar of {revision.value}, as its labels choose", *shown)
    if service := unanswered(choice, cluster):
        said = f"runs the sidecar of {revision.value}; no istiod answers the webhook of its labels"
        called = (service.at("name"), service.at("namespace"))
        return Outcome.failed(said, *shown, *called, remedies=kept_in(pod, cluster))
    if choice.outcome:
        said = f"runs the sidecar of {revision.value}; its labels choose {chosen(choice, pod)}"
        mild = Severity.WARNING if within_one_mesh(pod, choice, cluster) else None
        again = Remedy("give it what its labels choose", (made_again(pod, cluster),))
        kept = [] if choice.outcome[0] == revision.value else kept_in(pod, cluster)
        return Outcome.failed(said, *shown, remedies=[again, *kept], severity=mild)
    said = f"runs the sidecar of {revision.value}; its labels choose none"
    again = Remedy("let it lose its sidecar", (made_again(pod, cluster),))
    return Outcome.failed(said, *shown, remedies=[*kept_in(pod, cluster), again])


def without_a_sidecar(pod: Obj, cluster: Cluster) -> Outcome:
    if proxy := container(pod, PROXY):
        return Outcome.not_applicable("no webhook gave it its proxy", proxy.at("image"))
    choice = choice_of_pod(pod, cluster)
    shown = shown_by(choice, cluster)
    if choice.outcome is None:
        return Outcome.not_applicable("has no sidecar, and its labels choose none", *shown)
    if refusing := cluster.model(POLICIES).refuses(choice):
        said = "has no sidecar; its injector leaves such pods alone"
        return Outcome.not_applicable(said, refusing, *shown)
    said = f"has no sidecar; its labels choose {choice.outcome[0]}"
    again = Remedy("give it what its labels choose", (made_again(pod, cluster),))
    return Outcome.failed(said, *shown, remedies=[again])


def chosen(choice: Choice, pod: Obj) -> str:
    """The control plane in words; by its place where its revision tells nothing apart."""
    revision, place = choice.outcome or ("", "")
    same = injected_revision(pod).value == revision
    return f"that of {place}" if same else revision


def unanswered(choice: Choice, cluster: Cluster) -> Field | None:
    """The Service that the pod's webhook calls and no istiod is behind: a restart would have
    the pod rejected.
    """
    if not choice.chosen:
        return None
    injector = choice.chosen.injector
    planes = cluster.model(CHOICES).planes_of(injector)
    missing = not planes.so_far and not planes.gaps
    return injector.webhook.at("clientConfig", "service") if missing else None


def within_one_mesh(pod: Obj, choice: Choice, cluster: Cluster) -> bool:
    """Whether what it runs and what it should are revisions of a mesh that both run."""
    answer = choice.chosen
    planes = running_control_planes(cluster).so_far  # a milder case needs a witness
    return any(
        answer
        and answer.injector.place == plane.namespace
        and given_by(pod, plane.revision, plane.namespace)
        for plane in planes
    )
