"""How operators of Istio are made to write, and what ends a quarrel over their names."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from auditor.cluster import Cluster
from auditor.kinds import APPLICATION_MANIFEST
from auditor.models.installers import IN_CLUSTER
from auditor.models.istiod import SDM
from auditor.models.operators import OPERATORS, Operator
from auditor.remedies.overriding import named_apart
from auditor.remedy import Command, Consequence, Remedy


def written_by_sdm(cluster: Cluster, hastens: bool = False) -> tuple[Command, ...]:
    """What makes SDM's operator write its CRDs, for rules that read OPERATORS.

    It does when it reconciles an IstioControlPlane, so at its start, and of itself only from
    time to time (banzai istio-operator v2.17.4: internal/components/base/reconcile.go).
    """
    running = cluster.model(OPERATORS).where(lambda it: it.kind == SDM and it.runs).so_far
    if not running:
        said = "restart SDM's operator, which writes its CRDs at its start; this finds it"
        find = "kubectl get deployment -A -o wide | grep istio-operator"
        return (Command(said, find, hastens=hastens),)
    said = "restart {}, which writes its CRDs at its start"
    return tuple(
        Command(said.format(it.said), f"kubectl rollout restart {it.ref.target}", hastens=hastens)
        for it in running
    )


def told_apart(rivals: Iterable[Operator], cluster: Cluster) -> Remedy:
    """SDM's operator takes another name; of two that are upstream's, the older one goes.

    For rules that read OPERATORS and the manifests of SDM.
    """
    first, second = sorted(rivals, key=lambda it: (it.kind != SDM, _minor(it)))
    if first.kind == SDM:
        steps = (*named_apart(first, cluster), role_written(second))
        return Remedy("give SDM's operator a name of its own", steps)
    stopped = Command(f"stop {first.said}", f"kubectl scale {first.ref.target} --replicas=0")
    gone = Command("and when all is well, delete it", f"kubectl delete {first.ref.target}")
    return Remedy("keep one of them", (stopped, role_written(second), gone))


def stopped(operator: Operator) -> Command:
    """An operator scaled to nothing, which can be undone."""
    said = f"{operator.ref} then has no pods, and its roles stay for it to come back"
    effect = Consequence(operator.ref, {"spec": {"replicas": 0}}, said)
    command = f"kubectl scale {operator.ref.target} --replicas=0"
    return Command(f"stop {operator.said}", command, (effect,))


def bound_again(operator: Operator, role_is_its_own: bool, cluster: Cluster) -> Remedy:
    """Its account is bound to the role of its name, where that still suffices."""
    title = "give it its rights back"
    if not role_is_its_own:
        others = cluster.model(OPERATORS).where(lambda it: it.ref != operator.ref)
        alike = others.where(lambda it: it.name == operator.name and it.shares_its_name).so_far
        if operator.kind != SDM or not alike:
            return Remedy(title, (role_written(operator),))
        then = Command("SDM then writes its ClusterRole and its binding under that name")
        return Remedy(title, (*named_apart(operator, cluster), then))
    name = shlex.quote(operator.name)
    account = shlex.quote(f"{operator.namespace}:{operator.account.held or 'default'}")
    command = f"kubectl create clusterrolebinding {name}-{shlex.quote(operator.namespace)}"
    command += f" --clusterrole {name} --serviceaccount {account}"
    said = "bind its account to its role, under a name that nobody else has"
    return Remedy(title, (Command(said, command),))


def role_written(operator: Operator) -> Command:
    """What makes the installer of an operator write its ClusterRole and its binding again."""
    said = f"write the ClusterRole and the binding of {operator.said} again"
    if operator.kind == SDM:
        finds = f"kubectl get {APPLICATION_MANIFEST.word} -A"
        return Command(f"let SDM {said}, by its ApplicationManifest, which this finds", finds)
    if operator.kind != IN_CLUSTER:
        return Command(f"let its installer {said}")
    number = f" {operator.release.number}" if operator.release else " of its release"
    command = f"istioctl operator init --operatorNamespace {shlex.quote(operator.namespace)}"
    if watched := operator.watches.held:
        command += f" --watchedNamespaces {shlex.quote(str(watched))}"
    if revision := operator.revision.held:
        command += f" --revision {shlex.quote(str(revision))}"
    return Command(f"{said}, with istioctl{number}", command)


def _minor(operator: Operator) -> int:
    return operator.release.minor_number if operator.release else 0
