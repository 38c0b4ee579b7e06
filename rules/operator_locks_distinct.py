"""Each operator of Istio holds its lock where no other mesh can take it along.

## Why
An operator acts only while it holds its lock, and of two that want the same one acts.
SDM's operator holds its own in `istio-system` unless it is told otherwise: whoever
uninstalls upstream with that namespace, or never has one, stops SDM's operator, and
nothing in SDM's resources says why.

## Pass
The lock lies in the operator's own namespace, or in one where no other mesh runs, and no
other operator has the same.

## Fail
A warning: the lock lies where a mesh runs that the operator has nothing to do with; in a
namespace that does not exist; or another operator that runs has a lock of the same name
there.

## Unknown
The operators, their arguments, the meshes or the namespaces were not all seen.

## Fix
For SDM set `leaderElection.namespace` in `spec.istioOperator.valuesOverride` of its
ApplicationManifest to the namespace of its operator, beside `fullnameOverride`. Upstream's
operator is told by the variable `LEADER_ELECTION_NAMESPACE`.
"""

from auditor.api import (
    APPLICATION_MANIFEST,
    IN_CLUSTER,
    ISTIO,
    NAMESPACE,
    OPERATORS,
    RUNNING_MESHES,
    SDM,
    Cluster,
    Lock,
    Operator,
    Outcome,
    Seen,
    Severity,
    lock_of,
    locked_at_home,
    locks_of,
    operators,
    rule,
    running_meshes,
)

MESHES_OF = {SDM: SDM, IN_CLUSTER: ISTIO}
"""The family of the meshes that an operator of a kind makes."""


@rule(
    id="operator-locks-distinct",
    family="names",
    severity=Severity.WARNING,
    over=operators,
    reads=[APPLICATION_MANIFEST, NAMESPACE, OPERATORS, RUNNING_MESHES],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/deploy/charts/istio-operator/values.yaml",
        "https://kubernetes.io/docs/concepts/architecture/leases/",
    ],
)
def operator_locks_distinct(operator: Operator, cluster: Cluster) -> Outcome:
    if not operator.runs:
        return Outcome.not_applicable("it is scaled to nothing")
    if operator.kind not in MESHES_OF:
        return Outcome.not_applicable("its kind holds its lock in its own namespace")
    lock = lock_of(operator)
    if lock is None:
        return Outcome.not_applicable("it elects no leader", operator.image)
    if not lock.is_at_home and (said := amiss(lock, cluster)):
        return Outcome.failed(said, lock.field, remedies=[locked_at_home(lock, cluster)])
    if rival := rivals(lock, cluster).first():
        ways = [it for it in (lock, rival) if not it.is_at_home] or [lock]
        return Outcome.failed(
            f"{rival.operator.said} wants the same lock, {lock.namespace}/{lock.name}",
            lock.field,
            rival.field,
            remedies=[locked_at_home(it, cluster) for it in ways],
        )
    where = "its own namespace" if lock.is_at_home else lock.namespace
    return Outcome.passed(f"it holds its lock in {where}", lock.field)


def amiss(lock: Lock, cluster: Cluster) -> str:
    """What is wrong with the namespace of a lock; nothing where all is well."""
    own = MESHES_OF[lock.operator.kind]
    there = running_meshes(cluster).where(lambda it: it.namespace == lock.namespace)
    if foreign := there.where(lambda it: it.family != own).first():
        return f"it holds its lock in {lock.namespace}, where {foreign.id} runs"
    if cluster.find(NAMESPACE, lock.namespace) is None:
        return f"it can hold no lock: there is no namespace {lock.namespace}"
    return ""


def rivals(lock: Lock, cluster: Cluster) -> Seen[Lock]:
    """The same lock, wanted by another operator."""
    others = operators(cluster).where(lambda it: it.ref != lock.operator.ref)
    return locks_of(others).where(lambda it: (it.namespace, it.name) == (lock.namespace, lock.name))
