"""How operators of Istio are made to write, and what ends a quarrel over their names."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from auditor.cluster import Cluster
from auditor.models.istiod import SDM
from auditor.models.operators import OPERATORS, Operator
from auditor.remedy import Command, Remedy


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


def told_apart(rivals: Iterable[Operator]) -> Remedy:
    """SDM's operator takes another name; of two that are upstream's, the older one goes."""
    first, second = sorted(rivals, key=lambda it: (it.kind != SDM, _minor(it)))
    if first.kind == SDM:
        name = "set fullnameOverride: sdm-istio-operator in SDM's ApplicationManifest"
        again = f"then write the ClusterRole and the binding of {second.said} again"
        return Remedy("give SDM's operator a name of its own", (Command(name), Command(again)))
    said = f"remove {first.said}, then let the installer of the other write its role again"
    return Remedy("keep one of them", (Command(said, f"kubectl delete {first.ref.target}"),))


def bound_again(operator: Operator, role_is_its_own: bool) -> Remedy:
    """Its account is bound to the role of its name, where that still suffices."""
    title = "give it its rights back"
    if not role_is_its_own:
        said = f"let the installer of {operator.said} write its role and its binding anew"
        return Remedy(title, (Command(said),))
    name = shlex.quote(operator.name)
    account = shlex.quote(f"{operator.namespace}:{operator.account.held or 'default'}")
    command = f"kubectl create clusterrolebinding {name}-{shlex.quote(operator.namespace)}"
    command += f" --clusterrole {name} --serviceaccount {account}"
    said = "bind its account to its role, under a name that nobody else has"
    return Remedy(title, (Command(said, command),))


def _minor(operator: Operator) -> int:
    return operator.release.minor_number if operator.release else 0
