"""The webhook configurations of Istio, and whether an istiod answers behind their services."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import DEPLOYMENT, INJECTOR, POD, SERVICE, VALIDATOR
from auditor.models.containers import pod_template
from auditor.models.hints import called, injecting
from auditor.objects import Field, Obj
from auditor.seen import Seen

DEACTIVATED = "istio.io/deactivated"
READY = {DEPLOYMENT: "readyReplicas", POD: "conditions"}
"""The part of a status that says whether something is ready."""


class Behind(enum.Enum):
    """What is behind a webhook."""

    ISTIOD = "an istiod"
    NOT_READY = "an istiod that is not ready"
    NOTHING = "no istiod"
    NO_SERVICE = "no service"
    BY_URL = "an istiod, by a URL with a name that only pods can resolve"
    OUTSIDE = "something outside the cluster"


@dataclass(frozen=True)
class Backend:
    """One webhook that is called, and what is behind it."""

    webhook: Field
    behind: Behind
    shown: tuple[Field, ...]


@dataclass(frozen=True)
class Backends:
    """Follows a webhook to its Service, and the Service to what it selects."""

    cluster: Cluster

    def of(self, webhook: Field) -> Backend:
        """What is behind a webhook. Raises `Unseen` where that was not seen."""
        whom, client = called(webhook), webhook.at("clientConfig")
        if not whom.service:
            return Backend(webhook, Behind.OUTSIDE, (whom.field,))
        name, namespace = whom.service, whom.place
        url, named = client.at("url"), client.at("service")
        shown = (url,) if url else (named.at("name"), named.at("namespace"))
        service = self.cluster.find(SERVICE, name, namespace)
        if service is None:
            return Backend(webhook, Behind.NO_SERVICE, shown)
        selector = service.at("spec", "selector")
        if not selector.each():
            return Backend(webhook, Behind.OUTSIDE, (*shown, selector))
        found = self._selected(selector, namespace)
        if not found:
            return Backend(webhook, Behind.NOTHING, (*shown, selector))
        ready = found.where(_may_be_ready)
        if not ready:
            states = (it.at("status", READY[it.kind]) for it in found.so_far)
            return Backend(webhook, Behind.NOT_READY, (*shown, *states))
        behind = Behind.BY_URL if url else Behind.ISTIOD
        return Backend(webhook, behind, (*shown, found.so_far[0].at("metadata", "name")))

    def _selected(self, selector: Field, namespace: str) -> Seen[Obj]:
        """The Deployments that run pods of a Service, and such pods themselves."""
        deployments = self.cluster.within(DEPLOYMENT, namespace).where(
            lambda it: it.at("spec", "replicas").value != 0
        )
        pods = self.cluster.within(POD, namespace).where(
            lambda it: it.at("status", "phase").value not in ("Succeeded", "Failed")
        )
        return (deployments + pods).where(lambda it: _carries(it, selector))


def _carries(thing: Obj, selector: Field) -> bool:
    """Whether the pods of a workload carry all the labels that a Service selects."""
    labels = pod_template(thing).at("metadata", "labels")
    wanted = Seen(selector.each())
    return not wanted.where(lambda it: labels.at(*it.path[-1:]).value != it.value)


def _may_be_ready(thing: Obj) -> bool:
    """Whether a Deployment has a ready pod, or a manifest tells nothing of its state."""
    if thing.kind == POD:
        conditions = Seen(thing.at("status", "conditions").each())
        ready = conditions.where(lambda it: it.at("type").value == "Ready")
        return not ready or bool(ready.where(lambda it: it.at("status").value == "True"))
    told = thing.at("status", "replicas")
    return not told or bool(thing.at("status", "readyReplicas").value)


BACKENDS = Model("what is behind webhooks", (SERVICE, DEPLOYMENT, POD), Backends)


def istio_webhooks(configuration: Obj) -> Iterator[Field]:
    """The webhooks of a configuration that Istio calls itself by: injectors and validators."""
    if configuration.kind == INJECTOR:
        yield from injecting(configuration)
        return
    labelled = configuration.label("app").value == "istiod"
    for webhook in configuration.at("webhooks").each():
        if labelled or str(webhook.at("name").value or "").endswith("validation.istio.io"):
            yield webhook


def is_deactivated(webhook: Field) -> bool:
    """Whether istioctl made a webhook match nothing, for the default tag to do its work."""
    return bool(webhook.at("namespaceSelector", "matchLabels", DEACTIVATED))


def istio_webhook_configurations(cluster: Cluster) -> Seen[Obj]:
    """The configurations of Istio's injectors and validators."""
    found = cluster[INJECTOR] + cluster[VALIDATOR]
    return found.where(lambda it: Seen((it,)).each(istio_webhooks))
