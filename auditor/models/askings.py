"""What of a pod asks for injection: its own labels, and those of the template that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.cluster import Cluster
from auditor.kinds import DAEMON_SET, DEPLOYMENT, STATEFUL_SET
from auditor.models.choices import CHOICES, Asking, Choice
from auditor.models.containers import pod_template
from auditor.models.istiod import REVISION
from auditor.models.proxies import injected_revision
from auditor.objects import Field, Obj
from auditor.seen import Gap, Unseen

TEMPLATES = "inject.istio.io/templates"
OWNERS = {it.name: it for it in (STATEFUL_SET, DAEMON_SET)}


def asking_of(thing: Obj) -> Asking:
    """How the pods of a workload, or a pod that was written by hand, ask."""
    pod = pod_template(thing)
    return Asking(thing.namespace, pod, pod.at("metadata", "labels"))


def choice_of_pod(pod: Obj, cluster: Cluster) -> Choice:
    """What a pod would be given were it made again now.

    For rules that read CHOICES and the kinds of RESTARTED. Raises `Unseen` where its own
    labels and those of its template choose differently: something changed either of them.
    """
    choices = [cluster.model(CHOICES).of(asking) for asking in _askings(pod, cluster)]
    if len({choice.outcome for choice in choices}) > 1:
        what = f"the labels that {pod.ref} was made with"
        why = "its injector or another hand may have changed them since, and that decides"
        raise Unseen(Gap(what, why))
    return choices[0]


def maker_of(pod: Obj, cluster: Cluster) -> Obj | None:
    """The workload that a pod comes from; None for one that was made otherwise.

    A ReplicaSet is named after its Deployment, and a hash.
    """
    for owner in pod.at("metadata", "ownerReferences").each():
        kind, name = owner.at("kind").value, str(owner.at("name").value)
        if kind == "ReplicaSet":
            return cluster.find(DEPLOYMENT, name.rpartition("-")[0], pod.namespace)
        if kind in OWNERS:
            return cluster.find(OWNERS[kind], name, pod.namespace)
    return None


def _askings(pod: Obj, cluster: Cluster) -> Iterator[Asking]:
    """Each way in which the pod may ask."""
    own, maker = asking_of(pod), maker_of(pod, cluster)
    template = asking_of(maker) if maker else None
    asked = template.labels.at(REVISION) if template else None
    if not asked and _may_be_written(pod):
        yield Asking(own.namespace, own.pod, _without_revision(own.labels))
    if asked or template is None or not _may_be_written(pod):
        yield own
    if template:
        yield template


def _may_be_written(pod: Obj) -> bool:
    """Whether the injector may have written the pod's `istio.io/rev`: its own revision then.

    SDM's template does, whose revisions have a dot, that of Istio 1.9 and 1.10, which told no
    revision in its status, and that of gateways until 1.17
    (banzaicloud/istio-operator v2.17.4: resources/injection-template.yaml;
    istio 1.10.8, 1.17.8: files/injection-template.yaml, files/gateway-injection-template.yaml).
    """
    label = pod.label(REVISION)
    if not label or label.value != injected_revision(pod).value:
        return False
    told = injected_revision(pod).path[-1:] == ("revision",)
    return "." in str(label.value) or not told or bool(pod.annotation(TEMPLATES))


def _without_revision(labels: Field) -> Field:
    if not isinstance(labels.held, Mapping):
        return labels
    return labels.holding({key: it for key, it in labels.held.items() if key != REVISION})
