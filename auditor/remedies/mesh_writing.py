"""How to give a control plane a mesh configuration that it takes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from auditor.cluster import Cluster, Model
from auditor.kinds import SAIL_ISTIO
from auditor.models.installers import HELM, HELM_RELEASE, INSTALLERS
from auditor.models.instances import Instance
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig, config_name
from auditor.models.mesh_types import IN_QUOTES, SWITCH, Mistyped, mistyped
from auditor.models.meshes import MESHES, ControlPlane
from auditor.models.texts import parsed
from auditor.models.versions import VERSIONS
from auditor.objects import Field, dotted
from auditor.remedies.telling import tell
from auditor.remedies.wanted import Wanted
from auditor.remedy import Command, Remedy, merged
from auditor.seen import Seen

UNKNOWN = object()


@dataclass(frozen=True)
class MeshWriting:
    """What was meant is written where the installer keeps it; what else is wrong, by hand."""

    cluster: Cluster

    def mended(self, config: MeshConfig) -> Remedy:
        """A configuration as it was meant, where that can be told."""
        plane, place = config.plane, config.text.ref
        if config.overlooked:
            return own_image(f"{plane.family}.{plane.namespace}", (plane,))
        whole = parsed(config.text)
        faults = () if whole.gap else Seen((whole,)).each(mistyped).so_far
        if settings := _meant(faults, config.text):
            wanted = Wanted(self.cluster.now, settings=settings)
            return Remedy(f"mend {place}", tell(self.cluster, plane, wanted))
        text = "mend its data.mesh, there and where its installer keeps it"
        if faults:
            said = "; ".join(f"{_below(it.field, config.text)} as {it.expected}" for it in faults)
            text = f"write {said}, there and where its installer keeps it"
        else:
            place = config.fault.ref
        return Remedy(f"mend {place}", (Command(text, f"kubectl edit {place.target}"),))

    def written(self, instance: Instance, plane: ControlPlane) -> Remedy:
        """A configuration under the name that an istiod reads."""
        name = config_name(instance)
        title = f"give it the ConfigMap {name}"
        place = shlex.quote(plane.namespace)
        installers = Seen((plane,)).each(self.cluster.model(INSTALLERS).of).so_far
        if not installers:
            text = "write its configuration into a file, YOUR-MESH.yaml here, and create it"
            command = f"kubectl create configmap {shlex.quote(name)} -n {place}"
            return Remedy(title, (Command(text, f"{command} --from-file=mesh=YOUR-MESH.yaml"),))
        release = instance.thing.annotation(HELM_RELEASE).held
        if installers[0].name == HELM and release:
            said = f"helm upgrade {shlex.quote(str(release))} istio/istiod -n {place}"
            said += "".join(f" --version {number}" for number in self._numbers(plane))
            text = "let the release write it, unless it is meant to run without"
            said += " --reuse-values --set pilot.configMap=true"
            return Remedy(title, (Command(text, said),))
        text = "let its installer write it again, from what it is declared by"
        declared = [it.resource.ref for it in plane.declared]
        command = f"kubectl describe {declared[0].target}" if declared else ""
        return Remedy(title, (Command(text, command),))

    def _numbers(self, plane: ControlPlane) -> tuple[str, ...]:
        """The number of its release, which is that of its chart."""
        said = Seen((plane,)).each(self.cluster.model(VERSIONS).of).so_far
        return tuple(it.version.number for it in said if it.version)[:1]


def own_image(whose: str, planes: Iterable[ControlPlane]) -> Remedy:
    """What is left where another image runs than the installer counted on."""
    text = "give it an image of Cisco's istiod under spec.istiod.deployment.image"
    declared = [it.resource.ref for plane in planes for it in plane.declared]
    commands = [f"kubectl edit {ref.target}" for ref in declared] or [""]
    steps = tuple(Command(text, command) for command in commands)
    return Remedy(f"run the istiod that {whose} is configured for", steps)


def _meant(faults: Iterable[Mistyped], text: Field) -> dict[str, Any]:
    """What to merge so that each field is of its type; nothing where one cannot be guessed."""
    settings: dict[str, Any] = {}
    for fault in faults:
        value = _guessed(fault)
        path = fault.field.path[len(text.path) :]
        if value is UNKNOWN or not all(isinstance(step, str) for step in path):
            return {}
        for step in reversed(path):
            value = {step: value}
        settings = merged(settings, value)
    return settings


def _guessed(fault: Mistyped) -> Any:
    held = fault.field.held
    if fault.expected == IN_QUOTES and isinstance(held, bool | int | float):
        return json.dumps(held)
    if fault.expected == SWITCH and held in ("true", "false"):
        return held == "true"
    if "OFF" in fault.expected and held is False:
        return "OFF"
    return UNKNOWN


def _below(field: Field, text: Field) -> str:
    return dotted(field.path[len(text.path) :])


MESH_WRITING = Model(
    "mesh writing", (MESHES, MESH_CONFIGS, INSTALLERS, VERSIONS, SAIL_ISTIO), MeshWriting
)
