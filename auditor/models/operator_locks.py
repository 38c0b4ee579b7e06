"""The lock by which the replicas of an operator of Istio choose the one that acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.models.containers import env
from auditor.models.installers import IN_CLUSTER
from auditor.models.istiod import SDM
from auditor.models.operators import Operator
from auditor.objects import Field
from auditor.seen import Gap, Seen, Unseen
from auditor.withheld import Withheld

ENABLED = "--leader-election-enabled"
NAMESPACE, NAME = "--leader-election-namespace", "--leader-election-name"
"""Arguments of SDM's operator; where they are missing it has names that are built in
(banzaicloud/istio-operator v2.17.4: main.go)."""

VARIABLE = "LEADER_ELECTION_NAMESPACE"
UPSTREAM_NAME = "istio-operator-lock"
"""Upstream's, without the variable, elects nobody; its revision stands behind the name since
1.9 (istio 1.23.6: operator/cmd/operator/server.go)."""


@dataclass(frozen=True)
class Lock:
    """Where an operator holds its lock, and under which name."""

    operator: Operator
    namespace: str
    name: str
    field: Field
    """What names the namespace."""

    @property
    def is_at_home(self) -> bool:
        """Whether it lies where the operator itself runs."""
        return self.namespace == self.operator.namespace


def lock_of(operator: Operator) -> Lock | None:
    """The lock of an operator that runs; None for one that elects nobody.

    Sail's and that of OpenShift Service Mesh 2 are told nothing, and keep theirs at home.
    """
    if operator.kind == SDM:
        return _of_sdm(operator)
    if operator.kind != IN_CLUSTER:
        return None
    told = env(operator.container, VARIABLE)
    if not told:
        return None
    revision = str(operator.revision.value or "")
    name = f"{UPSTREAM_NAME}-{revision}" if revision else UPSTREAM_NAME
    return Lock(operator, str(told.value or operator.namespace), name, told)


def locks_of(operators: Seen[Operator]) -> Seen[Lock]:
    """The locks of all operators that run."""
    running = operators.where(lambda it: it.runs)
    return running.each(lambda it: Seen((lock_of(it),))).each(lambda it: (it,) if it else ())


def _of_sdm(operator: Operator) -> Lock | None:
    arguments = dict(_arguments(operator))
    enabled = arguments.get(ENABLED)
    if enabled is None or str(enabled.value).endswith("=false"):
        return None
    namespace, name = arguments.get(NAMESPACE), arguments.get(NAME)
    if namespace is None:
        what = f"the namespace of the lock of {operator.said}"
        raise Unseen(Gap(what, "its arguments name none, and one counts that is built in"))
    return Lock(operator, _told(namespace), _told(name) if name else "", namespace)


def _arguments(operator: Operator) -> Iterator[tuple[str, Field]]:
    """The arguments that are not kept from us as private, by their names."""
    for argument in operator.container.at("args").each():
        if not (isinstance(argument.held, Withheld) and argument.held.there):
            yield str(argument.value).partition("=")[0], argument


def _told(argument: Field) -> str:
    return str(argument.value).partition("=")[2]
