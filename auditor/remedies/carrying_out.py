"""How to bring a custom resource and what runs of it together."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from auditor.cluster import Cluster
from auditor.kinds import SAIL_ISTIO
from auditor.models.differences import BY_DEFAULT, DIFFERENCES, LISTS, Difference
from auditor.models.installers import IGNORED
from auditor.models.istiod import SDM
from auditor.models.meshes import ControlPlane, control_planes
from auditor.models.written_values import alike, as_variable
from auditor.objects import Obj, Ref
from auditor.remedies.wanted import Wanted, effects
from auditor.remedy import Command, Consequence, Remedy, merged

Differences = tuple[Difference, ...]


def carried_out(
    resource: Obj, plane: ControlPlane, differences: Differences, cluster: Cluster
) -> Iterator[Remedy]:
    """What it says is carried out, or it says what runs."""
    target = resource.ref.target
    then = outstanding(plane, differences, cluster)
    by_default = [it for it in differences if it.declared.path[-2:] == BY_DEFAULT]
    if resource.annotation(IGNORED).held == "true":
        file = shlex.quote(f"{resource.name}.yaml")
        text = "install again from your own file, or from what istioctl recorded"
        if by_default:
            text += ", with a release that is not 1.12.0 or 1.12.1, whose default tag forgets it"
        command = f"kubectl get {target} -o yaml > {file} && istioctl install -f {file}"
        yield Remedy(f"carry {resource.ref} out", (Command(text, command, then),))
    else:
        text = "see in its status, and in the log of its operator, why it is not carried out"
        step = Command(text, f"kubectl describe {target}", then)
        yield Remedy(f"have {resource.ref} carried out", (step,))
        said = "write into it what runs, where that is to stay"
        yield Remedy("let it say what runs", (Command(said, f"kubectl edit {_written(resource)}"),))
    if by_default:
        label = "label with istio-injection=enabled each namespace that is to be injected, and "
        label += "restart what runs there; this shows which have a label"
        command = "kubectl get namespace -L istio-injection,istio.io/rev"
        yield Remedy("ask for injection by label", (Command(label, command),))


def once_carried_out(resource: Obj, cluster: Cluster) -> Iterator[Consequence]:
    """What an operator makes of a resource of which it was told something else before.

    For rules that read DIFFERENCES, MESHES and MESH_CONFIGS.
    """
    declaring = control_planes(cluster).where(
        lambda plane: any(it.resource.ref == resource.ref for it in plane.declared)
    )
    for plane in declaring.where(lambda it: it.runs).so_far:
        differences = cluster.model(DIFFERENCES).of(resource, plane).so_far
        yield from outstanding(plane, differences, cluster)


def outstanding(
    plane: ControlPlane, differences: Differences, cluster: Cluster
) -> tuple[Consequence, ...]:
    """What becomes of the objects of a control plane once all that differs is carried out.

    None where it is not known of all; SDM's operator leaves out what is false.
    """
    variables: dict[str, str] = {}
    settings: dict[str, Any] = {}
    for it in differences:
        dropped = plane.family == SDM and it.declared.held is False
        if not (it.variable or it.setting) or dropped or it.declared.gap:
            return ()
        if it.variable:
            variables[it.variable] = as_variable(it.declared.held)
        else:
            settings = merged(settings, _below(it.setting, _wanted(it, plane)))
    wanted = Wanted(cluster.now, env=variables, settings=settings)
    return effects(cluster, plane, wanted)


def _wanted(difference: Difference, plane: ControlPlane) -> Any:
    """The value that is wanted; SDM's operator keeps the roots of peers beside it."""
    wanted, runs = difference.declared.held, difference.effective.held
    if plane.family != SDM or difference.setting[-1] != LISTS or not isinstance(runs, list):
        return wanted
    return [*wanted, *(it for it in runs if not any(alike(it, other) for other in wanted))]


def _below(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for step in reversed(path):
        value = {step: value}
    return dict(value)


def _written(resource: Obj) -> str:
    """What a person writes: an IstioRevision is made by Sail's operator from an Istio."""
    for owner in resource.at("metadata", "ownerReferences").each():
        if owner.at("kind").held == SAIL_ISTIO.name:
            return Ref(SAIL_ISTIO.name, str(owner.at("name").held), "", SAIL_ISTIO.group).target
    return resource.ref.target
