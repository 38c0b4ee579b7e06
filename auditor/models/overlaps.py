"""Whether two webhooks are called for one pod, one that is there or one that could be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement
from typing import TypeAlias

from auditor.cluster import Cluster, Model
from auditor.kinds import INJECTOR, NAMESPACE, POD
from auditor.models.containers import pod_template
from auditor.models.injection import (
    LEGACY,
    NAME_LABEL,
    Injector,
    injectors_in,
    namespace_labels,
)
from auditor.models.istiod import REVISION, is_istiod
from auditor.models.selectors import OTHER, keys_of, labels_for
from auditor.models.workloads import INJECT, WORKLOADS
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen

OF_NAMESPACES = {LEGACY: True, REVISION: True, NAME_LABEL: False}
"""The labels of namespaces by which Istio chooses, and whether they may be absent."""
OF_PODS = {INJECT: True, REVISION: True}

Labels = Mapping[str, str]
MadeUp: TypeAlias = "tuple[Labels, Labels] | None"
"""Labels of a namespace and of a pod that two webhooks are called for, if Istio's own suffice."""


@dataclass(frozen=True)
class Together:
    """Two configurations of injectors, in the order in which they are called; or one alone."""

    first: Obj
    second: Obj

    @property
    def ref(self) -> Ref:
        if self.first.name == self.second.name:
            return self.first.ref
        return Ref("Webhooks", f"{self.first.name} and {self.second.name}")

    @property
    def webhooks(self) -> Seen[tuple[Injector, Injector]]:
        """Each webhook of the first beside each of the second."""
        ones, twos = injectors_in(self.first), injectors_in(self.second)
        if self.first.name == self.second.name:
            return Seen(tuple(combinations(ones.so_far, 2)), ones.gaps)
        return ones.each(lambda one: twos.map(lambda two: (one, two)))


@dataclass(frozen=True)
class Witness:
    """A namespace whose pods two webhooks are called for; all of them, or what `thing` makes."""

    namespace: Obj
    thing: Obj | None = None


Meeting: TypeAlias = tuple[MadeUp, Seen[Witness]]


@dataclass(frozen=True)
class Overlap:
    """Two webhooks that are called for one pod."""

    first: Injector
    second: Injector
    witnesses: Seen[Witness]
    made_up: MadeUp

    @property
    def witness(self) -> Witness | None:
        """The best of what was seen: a namespace all of whose pods they are called for."""
        seen = self.witnesses.so_far
        return next((it for it in seen if it.thing is None), seen[0] if seen else None)

    @property
    def calls_one(self) -> bool:
        """Whether both are known to call one istiod, which makes the matter milder."""
        return bool(Seen((self.first,)).where(lambda it: it.calls_as(self.second)).so_far)

    @property
    def shown(self) -> tuple[Field, ...]:
        """The selectors, and the labels of the witness that they ask about."""
        both = (self.first.webhook, self.second.webhook)
        around = [it.at("namespaceSelector") for it in both]
        pods = [it.at("objectSelector") for it in both]
        labels: list[Field] = []
        if witness := self.witness:
            asked = sorted(set[str]().union(*map(keys_of, around)))
            labels += [witness.namespace.label(key) for key in asked]
            if witness.thing:
                own = pod_template(witness.thing).at("metadata", "labels")
                labels += [own.at(key) for key in sorted(set[str]().union(*map(keys_of, pods)))]
        of_pods = pods if self.made_up and self.made_up[1] else []
        return (*around, *of_pods, *(it for it in labels if it.held is not None))


@dataclass(frozen=True)
class Overlaps:
    """Compares webhooks: each pair in no time where no labels please both, which is nearly always
    so, and else once for all whose selectors say the same.
    """

    cluster: Cluster
    _selected: dict[object, Seen[Obj]] = field(default_factory=dict, compare=False)
    _meetings: dict[object, Meeting | None] = field(default_factory=dict, compare=False)

    def of(self, first: Injector, second: Injector) -> Overlap | None:
        """Where two webhooks meet. Raises `Unseen` where that cannot be told.

        All possible values of Istio's own labels are tried, as `istioctl analyze` does; where
        other labels are needed for both to match, whatever is there is looked at
        (istio 1.30.3: pkg/config/analysis/analyzers/webhook/webhook.go).
        """
        if _are_apart(first, second) or (meeting := self._meeting(first, second)) is None:
            return None
        made_up, witnesses = meeting
        if made_up is None and not witnesses:
            return None
        for injector in (first, second):
            conditions = injector.webhook.at("matchConditions")
            if conditions.each():
                _ = conditions.withheld("its matchConditions are not evaluated", get="").value
        return Overlap(first, second, witnesses, made_up)

    def _meeting(self, first: Injector, second: Injector) -> Meeting | None:
        selectors = (first.namespaces, first.pods, second.namespaces, second.pods)
        contents = tuple(it.content for it in selectors)
        if None in contents:
            return self._met(first, second)
        if contents not in self._meetings:
            self._meetings[contents] = self._met(first, second)
        return self._meetings[contents]

    def _met(self, first: Injector, second: Injector) -> Meeting | None:
        made_up = _labels_for(first, second, of_istio=True)
        if made_up is None and _labels_for(first, second, of_istio=False) is None:
            return None
        return made_up, self._witnesses(first, second)

    def _witnesses(self, first: Injector, second: Injector) -> Seen[Witness]:
        there = {it.name for it in self._namespaces(second).so_far}
        shared = self._namespaces(first).where(lambda it: it.name in there)
        both = Seen(shared.so_far, shared.gaps + self._namespaces(second).gaps)
        return both.each(lambda it: self._in(it, first, second))

    def _namespaces(self, injector: Injector) -> Seen[Obj]:
        key = injector.namespaces.content or (injector.configuration.name, injector.webhook.path)
        if key not in self._selected:
            self._selected[key] = self.cluster[NAMESPACE].where(
                lambda it: injector.namespaces.matches(namespace_labels(it))
            )
        return self._selected[key]

    def _in(self, namespace: Obj, first: Injector, second: Injector) -> Iterator[Witness]:
        def both(labels: Field) -> bool:
            return first.pods.matches(labels) and second.pods.matches(labels)

        if both(first.labels({})):
            yield Witness(namespace)
            return
        for kind in (*WORKLOADS, POD):
            for thing in self.cluster.within(kind, namespace.name).where(
                lambda it: not is_istiod(it)
            ):
                if both(pod_template(thing).at("metadata", "labels")):
                    yield Witness(namespace, thing)


def _are_apart(first: Injector, second: Injector) -> bool:
    """Whether it is certain, at a glance, that no labels exist which both are called for."""
    if first.namespaces.known is None or second.namespaces.known is None:
        return False  # what is withheld of them is told before anything of pods
    return first.namespaces.excludes(second.namespaces) or first.pods.excludes(second.pods)


def _labels_for(first: Injector, second: Injector, of_istio: bool) -> MadeUp:
    """Labels of a namespace and a pod that both are called for; Istio's own alone, or any."""
    found = []
    around = first.namespaces.field, second.namespaces.field
    pods = first.pods.field, second.pods.field
    for both, own in ((around, OF_NAMESPACES), (pods, OF_PODS)):
        asked = set[str]().union(*map(keys_of, both))
        labels = labels_for(both, own if of_istio else {**dict.fromkeys(asked, True), **own})
        if labels is None:
            return None
        found.append({k: v for k, v in labels.items() if (k, v) != (NAME_LABEL, OTHER)})
    return found[0], found[1]


OVERLAPS = Model("overlaps of webhooks", (NAMESPACE, POD, *WORKLOADS), Overlaps)


def injectors_together(cluster: Cluster) -> Seen[Together]:
    """Every configuration of injectors, alone and beside every other."""
    found = cluster[INJECTOR].where(injectors_in)
    ordered = sorted(found.so_far, key=lambda it: it.name)
    pairs = combinations_with_replacement(ordered, 2)
    return Seen(tuple(Together(*pair) for pair in pairs), found.gaps)
