"""Which injector would answer for a pod."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from auditor.asked import asked_once
from auditor.cluster import Cluster, Model
from auditor.kinds import INJECTOR, NAMESPACE
from auditor.models.hints import OUTSIDE, Called, called, injecting, revision_label
from auditor.models.istiod import REVISION, TAG
from auditor.models.known_selectors import Selector
from auditor.models.meshes import RUNNING_MESHES, Mesh
from auditor.models.selectors import admits_new_pods
from auditor.objects import Field, Obj
from auditor.seen import Seen, either

LEGACY = "istio-injection"
NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class Injector:
    """One webhook that injects sidecars, and the revision it injects."""

    configuration: Obj
    webhook: Field

    @cached_property
    def revision(self) -> Field:
        """The label that says which control plane it belongs to; a tag's says its target."""
        return self.configuration.label(REVISION)

    @cached_property
    def target(self) -> str:
        """The revision whose control plane it calls."""
        return revision_label(self.configuration)

    @cached_property
    def tag(self) -> Field:
        """The label that makes it a tag's, absent where it is a revision's own."""
        return self.configuration.label(TAG)

    @cached_property
    def answers_to(self) -> str:
        """The value of `istio.io/rev` that it was made to answer to."""
        return str(self.tag.value or self.target)

    def calls(self, mesh: Mesh) -> bool:
        """Whether it calls a control plane of a mesh."""
        if self.target not in mesh.revisions or self.place != mesh.namespace:
            return False
        return mesh.family == OUTSIDE or bool(self.called.service)

    @cached_property
    def called(self) -> Called:
        """Whom it calls: a Service, or a host outside the cluster."""
        return called(self.webhook)

    @property
    def place(self) -> str:
        """The namespace of the control plane that it calls, or the host outside the cluster."""
        return self.called.place

    def calls_as(self, other: Injector) -> bool:
        """Whether it calls what another injector calls."""
        one, two = self.called, other.called
        if (self.target, one.place) != (other.target, two.place):
            return False
        return bool(one.service and two.service) or one.field.value == two.field.value

    @cached_property
    def namespaces(self) -> Selector:
        """Which namespaces it is called in, by their labels."""
        return Selector(self.webhook.at("namespaceSelector"))

    @cached_property
    def pods(self) -> Selector:
        """Which pods it is called for there, by their labels."""
        return Selector(self.webhook.at("objectSelector"))

    def selects(self, namespace: Field, pod: Field) -> bool:
        """Whether it is called for a pod, by the labels of its namespace and its own.

        Raises `Unseen` where `matchConditions` decide, which are programs of their own.
        """
        if self.namespaces.misses(namespace) or self.pods.misses(pod):
            return False
        chosen = not either(
            lambda: not self.namespaces.matches(namespace),
            lambda: not self.pods.matches(pod),
        )
        conditions = self.webhook.at("matchConditions")
        if chosen and conditions.each():
            return bool(conditions.withheld("its matchConditions are not evaluated", get="").value)
        return chosen

    def answers_for(self, revision: str, beside: Field | None = None) -> bool:
        """Whether it is called for a pod because the pod, or its namespace, asks for a revision
        or tag. `beside` are the other labels of the namespace.

        One that is called for any pod, whatever revision it asks for, answers for none.
        """
        if self.namespaces.denies(REVISION, revision) and self.pods.denies(REVISION, revision):
            return False
        none = self.labels({})
        others = none if beside is None else beside
        asking = {**(others.held or {}), REVISION: revision}
        return either(
            lambda: self.selects(self.labels(asking), none),
            lambda: self.selects(others, self.labels({REVISION: revision})),
        ) and not self.selects(others, none)

    def labels(self, labels: Mapping[str, object]) -> Field:
        """Made-up labels, to ask a selector about."""
        return self.webhook.holding(dict(labels))


@asked_once
def namespace_labels(namespace: Obj, without: Collection[str] = ()) -> Field:
    """The labels of a namespace, with the one of its name that Kubernetes always sets."""
    labels = namespace.at("metadata", "labels")
    if labels.held is None or isinstance(labels.held, Mapping):
        held = {key: value for key, value in (labels.held or {}).items() if key not in without}
        return labels.holding({**held, NAME_LABEL: namespace.name})
    return labels


def wanted_by(injectors: Seen[Injector], namespace: Obj) -> Seen[Injector]:
    """Those that are called for a pod of a namespace which carries no labels of its own."""
    labels = namespace_labels(namespace)
    return injectors.where(lambda it: it.selects(labels, it.labels({})))


def left_out(injectors: Seen[Injector], around: Field, pod: Field) -> Injector | None:
    """One that would be called for a pod by the labels of Istio that its namespace has, and
    that leaves the namespace out for something else. To quote: it goes by what was seen.
    """
    asked = {key: around.at(key).held for key in (LEGACY, REVISION)}
    bare = around.holding({key: value for key, value in asked.items() if value is not None})
    answering = injectors.where(lambda it: it.selects(bare, pod) and not it.selects(around, pod))
    return next(iter(answering.so_far), None)


def decided_by_namespace(workload: Obj, cluster: Cluster) -> Field | None:
    """What decides over the pods of a workload whatever they ask for themselves.

    A label of their namespace, or a webhook that is called for any pod there. It makes a
    finding milder, so it goes by what was seen.
    """
    for namespace in cluster.shown(NAMESPACE, workload.namespace):
        labels = tuple(namespace.label(key) for key in (LEGACY, REVISION))
        called = wanted_by(cluster.model(INJECTORS), namespace).so_far
        return next((it for it in (*labels, *(it.revision for it in called)) if it), None)
    return None


def live_revisions(injectors: Seen[Injector], beside: Field | None = None) -> Seen[str]:
    """The values of `istio.io/rev` that are answered to, in a namespace with other labels."""
    if beside is None:
        return _live_anywhere(injectors)
    return _live(injectors, beside)


@asked_once
def _live_anywhere(injectors: Seen[Injector]) -> Seen[str]:
    return _live(injectors, None)


def _live(injectors: Seen[Injector], beside: Field | None) -> Seen[str]:
    made_for: dict[str, list[Injector]] = {}
    for name, injector in injectors.map(lambda it: (it.answers_to, it)).so_far:
        made_for.setdefault(name, []).append(injector)

    @cache
    def is_answered(name: str) -> bool:
        likely = Seen(tuple(made_for[name]))  # asked first: most often it is one of them
        if likely.where(lambda it: it.answers_for(name, beside)).so_far:
            return True
        return injectors.some(lambda it: it.answers_for(name, beside))

    return injectors.map(lambda it: it.answers_to).where(is_answered)


def injecting_meshes(cluster: Cluster) -> Seen[Mesh]:
    """The meshes that run and that some injector calls. A pilot inside another product has none."""
    injectors = cluster.model(INJECTORS)
    running = cluster.model(RUNNING_MESHES)
    return running.where(lambda mesh: injectors.where(lambda it: it.calls(mesh)))


def _injectors(cluster: Cluster) -> Seen[Injector]:
    return cluster[INJECTOR].each(injectors_in)


@asked_once
def injectors_in(configuration: Obj) -> Seen[Injector]:
    """The webhooks of one configuration that inject."""
    return Seen((configuration,)).each(_of)


def _of(configuration: Obj) -> Iterator[Injector]:
    for webhook in Seen(tuple(injecting(configuration))).where(admits_new_pods):
        yield Injector(configuration, webhook)


INJECTORS = Model("injectors", (INJECTOR,), _injectors)
