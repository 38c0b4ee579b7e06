"""Which injector would answer for a pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import INJECTOR
from auditor.models.hints import OUTSIDE, injecting, revision_label
from auditor.models.istiod import REVISION, TAG
from auditor.models.meshes import Mesh
from auditor.models.selectors import selects
from auditor.objects import Field, Obj
from auditor.seen import Seen, either

LEGACY = "istio-injection"
NAME_LABEL = "kubernetes.io/metadata.name"
DEACTIVATED = "istio.io/deactivated"
"""The label by which istioctl makes a webhook match nothing."""


@dataclass(frozen=True)
class Injector:
    """One webhook that injects sidecars, and the revision it injects."""

    configuration: Obj
    webhook: Field

    @property
    def revision(self) -> Field:
        """The label that says which control plane it belongs to; a tag's says its target."""
        return self.configuration.label(REVISION)

    @property
    def target(self) -> str:
        """The revision whose control plane it calls."""
        return revision_label(self.configuration)

    @property
    def tag(self) -> Field:
        """The label that makes it a tag's, absent where it is a revision's own."""
        return self.configuration.label(TAG)

    @property
    def answers_to(self) -> str:
        """The value of `istio.io/rev` that it was made to answer to."""
        return str(self.tag.value or self.target)

    def calls(self, mesh: Mesh) -> bool:
        """Whether it calls a control plane of a mesh."""
        if self.target not in mesh.revisions:
            return False
        url = self.webhook.at("clientConfig", "url")
        if url:
            return mesh.family == OUTSIDE
        place = self.webhook.at("clientConfig", "service", "namespace")
        return bool(place.value == mesh.namespace)

    def selects(self, namespace: Field, pod: Field) -> bool:
        """Whether it is called for a pod, by the labels of its namespace and its own.

        Raises `Unseen` where `matchConditions` decide, which are programs of their own.
        """
        chosen = selects(self.webhook.at("namespaceSelector"), namespace) and selects(
            self.webhook.at("objectSelector"), pod
        )
        conditions = self.webhook.at("matchConditions")
        if chosen and conditions.each():
            return bool(conditions.withheld("its matchConditions are not evaluated").value)
        return chosen

    def answers_for(self, revision: str) -> bool:
        """Whether it is called for a pod whose namespace, or itself, asks for a revision or tag."""
        none, asking = self.labels({}), self.labels({REVISION: revision})
        return either(lambda: self.selects(asking, none), lambda: self.selects(none, asking))

    @property
    def is_active(self) -> bool:
        """Whether it can match anything: istioctl deactivates the webhook that a tag replaces."""
        selector = self.webhook.at("namespaceSelector", "matchLabels", DEACTIVATED)
        return not selector

    def labels(self, labels: Mapping[str, str]) -> Field:
        """Made-up labels, to ask a selector about."""
        return self.webhook.holding(dict(labels))


def namespace_labels(namespace: Obj) -> Field:
    """The labels of a namespace, with the one of its name that Kubernetes always sets."""
    labels = namespace.at("metadata", "labels")
    if labels.held is None or isinstance(labels.held, Mapping):
        return labels.holding({**(labels.held or {}), NAME_LABEL: namespace.name})
    return labels


def _injectors(cluster: Cluster) -> Seen[Injector]:
    return cluster[INJECTOR].each(_of)


def _of(configuration: Obj) -> Iterator[Injector]:
    for webhook in injecting(configuration):
        yield Injector(configuration, webhook)


INJECTORS = Model("injectors", (INJECTOR,), _injectors)
