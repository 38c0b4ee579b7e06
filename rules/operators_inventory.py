"""Each operator of Istio acts upon what it supports, and no other acts upon the same.

## Why
An operator that meets what it does not support, or another operator at the same work,
does nothing or undoes what was done, at every reconciliation and without a word in the
custom resource.

## Pass
The operator, its kind and its version are named: SDM's, upstream's in-cluster operator,
Sail's or that of OpenShift Service Mesh 2. Two of one kind are all right where they watch
different namespaces or revisions.

## Fail
A warning: upstream's in-cluster operator, which ends with Istio 1.23, beside an istiod of
1.24 or newer that istioctl installed (the vendor's recipes that apply an IstioOperator to
the cluster do nothing from there on); SDM's operator beside an IstioControlPlane of a
minor that it does not accept; two operators of one kind that watch the same.

## Unknown
The Deployments, the custom resources or the versions could not be read.

## Fix
Remove the operator that an upgrade left behind, once its custom resources are nobody's
work or another one's: `kubectl delete deployment`, never by deleting its IstioOperator,
whose finalizer takes the control plane along. Use the release of SDM's operator that
accepts the version of the IstioControlPlane.
"""

import re
from collections.abc import Callable, Iterator

from auditor.api import (
    COMPLETING,
    IN_CLUSTER,
    INSTALLERS,
    ISTIO,
    ISTIO_CONTROL_PLANE,
    ISTIOCTL,
    OPERATORS,
    RUNNING_MESHES,
    SDM,
    VERSIONS,
    Cluster,
    Command,
    Obj,
    Operator,
    Outcome,
    Remedy,
    Seen,
    Severity,
    accepted_by,
    accepts,
    operators,
    overlapping,
    rule,
    running_control_planes,
    stopped,
)

LAST_OF_UPSTREAM = 23
"""The last minor of Istio that has an in-cluster operator (istio 1.24.6: operator/README.md)."""


@rule(
    id="operators-inventory",
    family="names",
    severity=Severity.WARNING,
    over=operators,
    reads=[OPERATORS, RUNNING_MESHES, VERSIONS, INSTALLERS, ISTIO_CONTROL_PLANE, COMPLETING],
    references=[
        "https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/",
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/controllers/version.go",
    ],
)
def operators_inventory(operator: Operator, cluster: Cluster) -> Outcome:
    said = f"{operator.said} {operator.tag.value or 'of an unknown version'}"
    if not operator.runs:
        return Outcome.passed(f"{said}, scaled to nothing", operator.image)
    alike = operators(cluster).where(lambda it: it.ref != operator.ref and it.runs)
    checks: Seen[Callable[[], Iterator[Outcome]]] = Seen(
        (
            lambda: beside(operator, alike),
            lambda: too_new(operator, cluster),
            lambda: not_accepted(operator, alike, cluster),
        )
    )
    faults = checks.each(lambda check: check())
    if fault := faults.first():
        return fault
    shown = (operator.watches,) if operator.watches else ()
    return Outcome.passed(said, operator.image, *shown)


def beside(operator: Operator, others: Seen[Operator]) -> Iterator[Outcome]:
    """Another operator of its kind that watches the same."""
    if rival := others.where(lambda it: overlapping(operator, it)).first():
        older, _ = sorted((operator, rival), key=age)
        remove = Command("delete it with its roles", f"kubectl delete {older.ref.target}")
        yield Outcome.failed(
            f"{operator.tag.value or 'it'} and {rival.said} {rival.tag.value or ''} watch the same",
            operator.image,
            rival.image,
            *(it.watches for it in (operator, rival) if it.watches),
            remedies=[
                Remedy("stop the older one", (stopped(older),)),
                Remedy("remove the older one, which an upgrade left behind", (remove,)),
            ],
        )


def age(operator: Operator) -> tuple[tuple[int, ...], str]:
    """Orders operators by the numbers in their tags."""
    numbers = tuple(map(int, re.findall(r"\d+", str(operator.tag.value or ""))))
    return numbers, f"{operator.namespace}/{operator.name}"


def too_new(operator: Operator, cluster: Cluster) -> Iterator[Outcome]:
    """An istiod of upstream's installers that no in-cluster operator supports."""
    if operator.kind != IN_CLUSTER:
        return
    watched = str(operator.watches.value or "")
    planes = running_control_planes(cluster).where(
        lambda it: it.family == ISTIO and (not watched or it.namespace in watched.split(","))
    )
    installers = cluster.model(INSTALLERS)
    planes = planes.where(lambda it: any(by.name in BY_SPEC for by in installers.of(it)))
    said = planes.each(cluster.model(VERSIONS).of)
    newer = said.where(lambda it: it.version and it.version.is_since(LAST_OF_UPSTREAM + 1))
    if found := newer.first():
        stop = Remedy("stop the operator, which nothing needs any more", (stopped(operator),))
        delete = Command("delete it with its roles", f"kubectl delete {operator.ref.target}")
        ways = [stop, Remedy("remove the operator", (delete,))]
        text = f"no in-cluster operator supports Istio {found.version}, which runs there"
        yield Outcome.failed(text, operator.image, found.field, remedies=ways)


BY_SPEC = (ISTIOCTL, IN_CLUSTER)
"""The installers of upstream's that read IstioOperators."""


def not_accepted(operator: Operator, others: Seen[Operator], cluster: Cluster) -> Iterator[Outcome]:
    """IstioControlPlanes of a minor that neither this nor another operator of SDM accepts."""
    accepts = accepted_by(operator)
    if operator.kind != SDM:
        return
    everyone = Seen((operator,)) + others.where(lambda it: it.kind == SDM)
    asked = cluster[ISTIO_CONTROL_PLANE].where(lambda it: it.at("spec", "version"))
    if accepts is None and (resource := asked.first()):
        text = f"whether it accepts {resource.ref} its image does not say"
        yield Outcome.unknown(text, operator.image, resource.at("spec", "version"))
    ignored = asked.where(lambda it: not everyone.where(lambda by: may_accept(by, it)))
    if resource := ignored.first():
        version = resource.at("spec", "version")
        text = f"it accepts Istio {accepts} alone, and {resource.ref} asks for {version.value}"
        ways = cluster.model(COMPLETING).ways(resource, ())
        yield Outcome.failed(text, operator.image, version, remedies=ways)


def may_accept(operator: Operator, resource: Obj) -> bool:
    """Whether an operator is, or may be, the one that an IstioControlPlane is meant for."""
    return accepts(operator, str(resource.at("spec", "version").value)) is not False
