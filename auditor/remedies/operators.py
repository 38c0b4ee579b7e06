"""What ends a quarrel of two operators of Istio over their names and their rights."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from auditor.models.istiod import SDM
from auditor.models.operators import Operator
from auditor.remedy import Command, Remedy


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
