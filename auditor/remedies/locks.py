"""How to let each operator of Istio hold its lock where it runs itself."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from auditor.cluster import Cluster
from auditor.kinds import APPLICATION_MANIFEST
from auditor.models.istiod import SDM
from auditor.models.operator_locks import NAMESPACE, VARIABLE, Lock
from auditor.models.texts import parsed
from auditor.objects import Obj
from auditor.remedies.wanted import with_variables
from auditor.remedy import Command, Consequence, Patch, Remedy, Step

KEY, OVERRIDE = "leaderElection", "fullnameOverride"


def locked_at_home(lock: Lock, cluster: Cluster) -> Remedy:
    """Its lock moves to its own namespace, or where it is there already, takes another name."""
    operator = lock.operator
    title = f"let {operator.said} hold its lock in {operator.namespace}"
    if lock.is_at_home:
        value = f"{KEY}.nameOverride" if operator.kind == SDM else "revision"
        text = f"give it another lock by the {value} among the values of its chart"
        return Remedy(f"give the lock of {operator.said} another name", (Command(text),))
    if operator.kind == SDM:
        return Remedy(title, tuple(_of_sdm(lock, cluster)))
    target = f"deployment/{shlex.quote(operator.name)} -n {shlex.quote(operator.namespace)}"
    variable = f"{VARIABLE}={shlex.quote(operator.namespace)}"
    container = shlex.quote(str(operator.container.at("name").held))
    text = "change its Deployment, and where its manifest comes from"
    command = f"kubectl set env {target} -c {container} {variable}"
    return Remedy(title, (Command(text, command, (_with_variable(lock),)),))


def _of_sdm(lock: Lock, cluster: Cluster) -> Iterator[Step]:
    """SDM's ApplicationManifest holds the values of the operator's chart, as a text."""
    namespace = lock.operator.namespace
    text = f"set {KEY}.namespace to {namespace} in the values of the operator's chart"
    within = f"{text}, which are the text in spec.istioOperator.valuesOverride"
    for manifest in cluster[APPLICATION_MANIFEST].so_far:
        operator = manifest.at("spec", "istioOperator")
        if operator.at("namespace").held != namespace:
            continue
        after = _values(manifest, namespace)
        if after is None:
            yield Command(within, f"kubectl edit {manifest.ref.target}", (_with_argument(lock),))
            return
        yield Patch(manifest.ref, {"spec": {"istioOperator": {"valuesOverride": after}}})
        yield _with_argument(lock)
        return
    yield Command(text, effects=(_with_argument(lock),))


def _values(manifest: Obj, namespace: str) -> str | None:
    """The text with the namespace behind it; None where something there is in the way.

    A text that names no operator yet is to be changed for that too, by a command that knows
    nothing of this: what one of them writes the other would take away.
    """
    text = manifest.at("spec", "istioOperator", "valuesOverride")
    held = parsed(text).held
    if not isinstance(text.held, str) or not isinstance(held, dict):
        return None
    if KEY in held or OVERRIDE not in held or text.held.lstrip().startswith("{"):
        return None
    return f"{text.held.rstrip()}\n{KEY}:\n  namespace: {namespace}\n"


def _with_argument(lock: Lock) -> Consequence:
    """The Deployment once the operator's chart was told."""
    operator = lock.operator
    at = int(lock.field.path[-1])
    arguments = [*operator.container.at("args").held]
    arguments[at] = f"{NAMESPACE}={operator.namespace}"
    *_, of, index = operator.container.path
    held: list[Any] = list(operator.deployment.at("spec", "template", "spec", str(of)).held)
    held[int(index)] = {**operator.container.held, "args": arguments}
    patch = {"spec": {"template": {"spec": {of: held}}}}
    text = f"{operator.deployment.ref} then holds its lock there"
    return Consequence(operator.ref, patch, text)


def _with_variable(lock: Lock) -> Consequence:
    operator = lock.operator
    variables = [it.held for it in operator.container.at("env").each()]
    kept = [it for it in variables if it.get("name") != VARIABLE]
    kept.append({"name": VARIABLE, "value": operator.namespace})
    patch = with_variables(operator.deployment, operator.container, kept)
    return Consequence(operator.ref, patch, f"{operator.deployment.ref} then starts anew")
