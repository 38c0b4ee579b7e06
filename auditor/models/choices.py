"""What a new pod would be given: which webhooks are called for it, and what istiod makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditor.cluster import Cluster, Model
from auditor.kinds import NAMESPACE
from auditor.models.injection import INJECTORS, LEGACY, Injector, live_revisions, namespace_labels
from auditor.models.istiod import REVISION
from auditor.models.istiods_answer import ERAS, wanted
from auditor.models.meshes import RUNNING_MESHES, ControlPlane
from auditor.models.selectors import keys_of
from auditor.models.versions import VERSIONS
from auditor.models.workloads import INJECT
from auditor.objects import Field, Obj, Ref
from auditor.seen import Gap, Seen, Unseen
from auditor.withheld import Withheld


@dataclass(frozen=True)
class Asking:
    """What of a pod, or of a template, decides over its injection."""

    namespace: str
    pod: Field
    """Its `metadata` and its `spec`."""
    labels: Field

    @property
    def annotation(self) -> Field:
        return self.pod.at("metadata", "annotations", INJECT)

    @property
    def network(self) -> Field:
        return self.pod.at("spec", "hostNetwork")


@dataclass(frozen=True)
class Answer:
    """What the istiod behind a webhook that is called for a pod makes of it."""

    injector: Injector
    wanted: bool | None
    """Whether the pod itself says that it is to be injected; None where it leaves that open."""
    path: tuple[str, ...] = ()
    """Where the pod says so."""


@dataclass(frozen=True)
class Choice:
    """What a new pod would be given, by its labels and those of its namespace."""

    asking: Asking
    answers: tuple[Answer, ...] = ()
    """Of each webhook that is called, in the order in which the API server calls them."""

    @property
    def called(self) -> tuple[Injector, ...]:
        return tuple(answer.injector for answer in self.answers)

    @property
    def chosen(self) -> Answer | None:
        """The last that injects: it throws out what those before it put in
        (istio 1.30.3: pkg/kube/inject/inject.go reinsertOverrides, stripPod).
        """
        return next((it for it in reversed(self.answers) if it.wanted is not False), None)

    @property
    def outcome(self) -> tuple[str, str] | None:
        """The revision and the place of the control plane whose proxy the pod is given."""
        chosen = self.chosen
        return (chosen.injector.target, chosen.injector.place) if chosen else None

    @property
    def refused_by(self) -> Field | None:
        """What of the pod makes each istiod that is called for it leave it alone."""
        if not self.answers or self.chosen:
            return None
        return self.asking.pod.at(*self.answers[-1].path)


@dataclass(frozen=True)
class Choices:
    """Decides for each pod, once for all that are alike in what decides."""

    cluster: Cluster
    _alike: dict[tuple[str, ...], tuple[Answer, ...] | tuple[Gap, ...]] = field(
        default_factory=dict, compare=False
    )
    _minors: dict[object, tuple[int, ...]] = field(default_factory=dict, compare=False)
    _names: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, compare=False)
    _labels: dict[str, Field] = field(default_factory=dict, compare=False)

    def of(self, asking: Asking) -> Choice:
        """What a pod that asks so is given. Raises `Unseen` where that cannot be told."""
        looked_at = [asking.labels.at(key) for key in self._keys]
        looked_at += [asking.annotation, asking.network]
        if any(isinstance(it.held, Withheld) for it in looked_at):
            return Choice(asking, self._answers(asking))
        key = (asking.namespace, *(repr(it.held) for it in looked_at))
        if key not in self._alike:
            try:
                self._alike[key] = self._answers(asking)
            except Unseen as unseen:  # remembered, for the many pods that are alike
                self._alike[key] = unseen.gaps
        known = self._alike[key]
        if gaps := tuple(it for it in known if isinstance(it, Gap)):
            raise Unseen(*gaps)
        return Choice(asking, tuple(it for it in known if isinstance(it, Answer)))

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        """The labels of pods that some webhook, or istiod, looks at."""
        keys = {INJECT}
        for injector in self.cluster.model(INJECTORS).so_far:  # what is unseen has none to add
            keys |= keys_of(injector.webhook.at("objectSelector"))
        return tuple(sorted(keys))

    @cached_property
    def _namespaces(self) -> dict[str, Obj]:
        return {namespace.name: namespace for namespace in self.cluster[NAMESPACE].so_far}

    def labels_of(self, namespace: str) -> Field:
        """The labels of a namespace; withheld, with the reason, where it was not seen."""
        if namespace not in self._labels:
            self._labels[namespace] = self._labels_of(namespace)
        return self._labels[namespace]

    def names_for(self, revision: str, namespace: str) -> tuple[str, ...]:
        """The values of `istio.io/rev` by which pods get a revision, as far as was seen."""
        key = revision, namespace
        if key not in self._names:
            labels = self.labels_of(namespace)
            held = labels.held if isinstance(labels.held, Mapping) else {}
            bare = {key: it for key, it in held.items() if key not in (LEGACY, REVISION)}
            injectors = self.cluster.model(INJECTORS).where(lambda it: it.target == revision)
            self._names[key] = live_revisions(injectors, labels.holding(bare)).so_far
        return self._names[key]

    def _labels_of(self, namespace: str) -> Field:
        if seen := self._namespaces.get(namespace):
            return namespace_labels(seen)
        labels = Field(Ref(NAMESPACE.name, namespace, version="v1"), ("metadata", "labels"))
        for gap in self.cluster[NAMESPACE].gaps:
            return labels.withheld(gap.why, get=gap.get)
        return labels.withheld("it was not found")

    def _answers(self, asking: Asking) -> tuple[Answer, ...]:
        namespace = self.labels_of(asking.namespace)
        called = self.cluster.model(INJECTORS).where(
            lambda it: it.selects(namespace, asking.labels)
        )
        ordered = sorted(called, key=lambda it: (it.configuration.name, it.webhook.path))
        return tuple(self._answer(injector, asking) for injector in ordered)

    def _answer(self, injector: Injector, asking: Asking) -> Answer:
        """The answer in each version that the istiod may have: most often they agree."""
        label = asking.labels.at(INJECT).value
        said = (label, asking.annotation.value, asking.network.value, asking.namespace)
        minors = self._minors_of(injector)
        answers = {wanted(*said, minor) for minor in minors or ERAS}
        if len({it is False for it, _ in answers}) > 1:
            what = f"the version of the istiod that {injector.configuration.ref} calls"
            raise Unseen(Gap(what, "it decides whether the pod is injected, and is not known"))
        decided = {it for it, _ in answers}
        path = min(it for _, it in answers)
        return Answer(injector, decided.pop() if len(decided) == 1 else None, path)

    def planes_of(self, injector: Injector) -> Seen[ControlPlane]:
        """The control plane that an injector calls, where it runs."""
        meshes = self.cluster.model(RUNNING_MESHES).where(injector.calls)
        planes = meshes.each(lambda mesh: mesh.control_planes)
        return planes.where(lambda plane: plane.revision == injector.target)

    def _minors_of(self, injector: Injector) -> tuple[int, ...]:
        """The minors of 1.x that its istiods run; none where not all are known."""
        key = injector.configuration.name, injector.webhook.path
        if key not in self._minors:
            versions = self.cluster.model(VERSIONS)
            said = self.planes_of(injector).each(versions.of)
            known = {it.version.minor_number for it in said.so_far if it.version}
            whole = not said.gaps and all(it.version for it in said.so_far)
            self._minors[key] = tuple(sorted(known)) if whole else ()
        return self._minors[key]


def shown_by(choice: Choice, cluster: Cluster) -> tuple[Field, ...]:
    """The labels that decide over pods, and whom the webhook calls that is called for them."""
    around, asking = cluster.model(CHOICES).labels_of(choice.asking.namespace), choice.asking
    labels = (around.at(LEGACY), around.at(REVISION), *map(asking.labels.at, (REVISION, INJECT)))
    called = choice.chosen
    revision = (called.injector.revision,) if called else ()
    refused = (choice.refused_by,) if choice.refused_by else ()
    there = (it for it in labels if it.gap is None and it)
    return tuple(dict.fromkeys((*there, *refused, *revision)))


CHOICES = Model("choices", (INJECTORS, NAMESPACE, RUNNING_MESHES, VERSIONS), Choices)
