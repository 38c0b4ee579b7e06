"""Who claims each cluster-scoped object of Istio: installers by their marks, operators by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from auditor.cluster import Cluster, Model
from auditor.kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, INJECTOR, VALIDATOR
from auditor.models.crd_owners import HELM_NAMESPACE
from auditor.models.installers import HELM, HELM_RELEASE, ISTIOCTL, MANAGED, SAIL
from auditor.models.istiod import OSSM, SDM
from auditor.models.operators import OPERATORS, Operator
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen

KINDS = (CLUSTER_ROLE, CLUSTER_ROLE_BINDING, INJECTOR, VALIDATOR)
ISTIO_NAME = re.compile(r"istio|ztunnel|stable-channel")
"""How the charts of Istio call what they install for the whole cluster."""


@dataclass(frozen=True)
class Claim:
    """An installer that marks an object as its own, and the field that says so."""

    installer: str
    name: str
    said: str = field(compare=False)
    mark: Field = field(compare=False)


@dataclass(frozen=True)
class Claimed:
    """A cluster-scoped object, the installers that mark it, and the operators that it is of."""

    thing: Obj
    claims: Seen[Claim]
    operators: Seen[Operator]
    """Those that call a role or a binding of theirs just so."""

    @property
    def ref(self) -> Ref:
        return self.thing.ref

    @property
    def twice(self) -> Seen[tuple[Claim | Operator, ...]]:
        """Two operators, or two installers, that the object cannot be of at once."""
        alike: tuple[Seen[Any], ...] = (self.operators, self.claims)
        return Seen(alike).each(_first_two)


def _first_two(several: Seen[Any]) -> Iterator[tuple[Claim | Operator, ...]]:
    two = tuple(islice(several, 2))
    if len(two) > 1:
        yield two


def claims_on(thing: Obj) -> Seen[Claim]:
    """The installers that mark an object as theirs.

    `operator.istio.io/component` and an owning resource are no marks: the charts render
    them, so that what Helm installs has them too.
    """
    return Seen((_sdm, _istioctl, _ossm, _helm_or_sail)).each(lambda mark: mark(thing))


def _sdm(thing: Obj) -> Iterator[Claim]:
    if mark := thing.annotation("banzaicloud.io/related-to"):
        yield Claim(SDM, "", "SDM's operator", mark)


def _istioctl(thing: Obj) -> Iterator[Claim]:
    if mark := thing.label(MANAGED):
        yield Claim(ISTIOCTL, "", "istioctl or its in-cluster operator", mark)


def _ossm(thing: Obj) -> Iterator[Claim]:
    if mark := thing.label("maistra.io/owner"):
        namespace = str(mark.value)
        yield Claim(OSSM, namespace, f"OpenShift Service Mesh 2 of {namespace}", mark)


def _helm_or_sail(thing: Obj) -> Iterator[Claim]:
    """A Helm release; one of Sail's operator, which is a Helm of its own, is Sail's."""
    mark, sail = thing.annotation(HELM_RELEASE), thing.label("managed-by")
    if sail.value == "sail-operator":
        yield Claim(SAIL, str(mark.value or ""), "Sail's operator", sail)
    elif mark and ISTIO_NAME.match(thing.name):
        release = f"{thing.annotation(HELM_NAMESPACE).value or ''}/{mark.value}".lstrip("/")
        yield Claim(HELM, release, f"the Helm release {release}", mark)


def _claimed(cluster: Cluster) -> Seen[Claimed]:
    operators = cluster.model(OPERATORS).where(lambda it: it.shares_its_name)

    def of(thing: Obj) -> Iterator[Claimed]:
        named = operators.where(lambda it: _is_called_as(thing, it))
        found = Claimed(thing, claims_on(thing), named)
        if found.thing.rivals or found.claims or found.operators:
            yield found

    things = Seen[Obj]()
    for kind in KINDS:
        things += cluster[kind]
    return things.each(of)


def _is_called_as(thing: Obj, operator: Operator) -> bool:
    """Whether an object is the role of an operator, or its binding, which OSSM calls otherwise."""
    kinds = (CLUSTER_ROLE,) if operator.kind == OSSM else (CLUSTER_ROLE, CLUSTER_ROLE_BINDING)
    return thing.kind in kinds and thing.name == operator.name


CLAIMED: Model[Seen[Claimed]] = Model("claims on names", (*KINDS, OPERATORS), _claimed)
