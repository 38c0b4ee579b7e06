"""How a namespace or a workload comes to ask for a revision: labels, then a restart."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from auditor.asked import asked_once
from auditor.cluster import Cluster
from auditor.kinds import POD
from auditor.models.askings import maker_of
from auditor.models.choices import CHOICES
from auditor.models.containers import pod_template
from auditor.models.injection import (
    INJECTORS,
    LEGACY,
    NAME_LABEL,
    Injector,
    live_revisions,
    namespace_labels,
    wanted_by,
)
from auditor.models.istiod import REVISION
from auditor.models.proxies import injected_revision
from auditor.models.selectors import keys_of
from auditor.models.workloads import restart_of, restarts
from auditor.objects import Obj, Ref
from auditor.remedy import Command, Label, Patch, Remedy
from auditor.seen import Seen


def ways_to_choose(namespace: Obj, cluster: Cluster) -> list[Remedy]:
    """A remedy for each revision and tag that the namespace may ask for, the likeliest first.

    For rules that read the injectors and the workloads. It goes by what was seen.
    """
    injectors = cluster.model(INJECTORS)
    others = namespace_labels(namespace, without=(LEGACY, REVISION))
    there = set(live_revisions(injectors, others).so_far)
    named = str(namespace.label(REVISION).held or "")
    got = [n for it in wanted_by(injectors, namespace).so_far for n in (it.target, it.answers_to)]
    first = [name for name in (named, *got) if name in there]
    names = dict.fromkeys((*first, *most_alike(named, there)))
    return [asking_for(namespace, name, cluster) for name in names]


def asking_for(namespace: Obj, name: str, cluster: Cluster) -> Remedy:
    """A namespace made to ask for a revision or tag, and its workloads restarted."""
    return Remedy(f"let it ask for {name}", tuple(_steps(namespace, name, cluster)))


def let_in(namespace: Obj, injector: Injector, cluster: Cluster) -> list[Remedy]:
    """What a namespace is labelled with beside Istio's labels, for which a webhook leaves it out.

    A person decides: controllers put such labels on namespaces, and clouds such expressions
    into webhooks, each for a reason of its own.
    """
    asked = keys_of(injector.webhook.at("namespaceSelector")) - {LEGACY, REVISION, NAME_LABEL}
    keys = sorted(key for key in asked if namespace.label(key).held is not None)
    gone = " ".join(f"{shlex.quote(key)}-" for key in keys)
    command = f"kubectl label namespace {shlex.quote(namespace.name)} {gone}" if keys else ""
    said = f"take {', '.join(keys)} off it, if nothing else needs that, or put them elsewhere"
    first = Command(said if keys else "put its workloads into another namespace", command)
    again = (Command("restart its workloads", it) for it in restarts(cluster, namespace.name))
    return [Remedy("let the webhook see its pods", (first, *again))]


def most_alike(name: str, names: Iterable[str]) -> list[str]:
    """Names in the order of their likeness to one that is not there."""
    return sorted(names, key=lambda it: (-SequenceMatcher(None, name, it).ratio(), it))


def relabelled(workload: Obj, name: str | None) -> Patch:
    """The pods of a workload made to ask for a revision or, with None, for none."""
    patch: dict[str, Any] = {"metadata": {"labels": {REVISION: name}}}
    for step in reversed(pod_template(workload).path):
        patch = {str(step): patch}
    return Patch(workload.ref, patch)


def made_again(pod: Obj, cluster: Cluster) -> Command:
    """How a pod is made again, with the sidecar that its labels choose by then."""
    if maker := maker_of(pod, cluster):
        return Command(f"restart {maker.ref}", restart_of(maker))
    if not pod.at("metadata", "ownerReferences").each():
        said = "keep its manifest, delete it and apply that again: nothing makes it by itself"
        return Command(said, f"kubectl delete {pod.ref.target}")
    return Command("delete it, for its owner to make it again", f"kubectl delete {pod.ref.target}")


def kept_in(pod: Obj, cluster: Cluster) -> list[Remedy]:
    """Labels by which a pod chooses the control plane whose sidecar it runs, where that is live.

    For rules that read the choices, the pods and the workloads. It goes by what was seen.
    """
    revision, choices = str(injected_revision(pod).held), cluster.model(CHOICES)
    around = choices.labels_of(pod.namespace)
    there = choices.names_for(revision, pod.namespace)
    if not there:
        return []
    name = revision if revision in there else most_alike(revision, there)[0]
    maker = maker_of(pod, cluster)
    if maker and pod_template(maker).at("metadata", "labels", REVISION):
        steps: list[Label | Patch | Command] = [relabelled(maker, name)]
    else:
        ref = Ref("Namespace", pod.namespace, version="v1")
        steps = [Label(ref, LEGACY)] if around.at(LEGACY) else []
        steps.append(Label(ref, REVISION, name))
        if _told(cluster.within(POD, pod.namespace)) - {revision}:
            said = "restart what runs there without it, or with another sidecar"
            steps += [Command(said, it) for it in restarts(cluster, pod.namespace)] or [
                Command(said)
            ]
    return [Remedy(f"stay with {revision}", tuple(steps))]


@asked_once
def _told(pods: Seen[Obj]) -> frozenset[str | None]:
    """The revisions that some pods run with; None where one has none, or it cannot be told."""
    told: set[str | None] = set()
    for pod in pods.so_far:
        known = Seen((pod,)).map(injected_revision).where(lambda it: isinstance(it.value, str))
        told.add(next((it.value for it in known.so_far), None))
    return frozenset(told)


def _steps(namespace: Obj, name: str, cluster: Cluster) -> Iterator[Label | Command]:
    if namespace.label(LEGACY):
        yield Label(namespace.ref, LEGACY)
    if namespace.label(REVISION).held != name:
        yield Label(namespace.ref, REVISION, name)
    for command in restarts(cluster, namespace.name):
        yield Command("restart its workloads", command)
