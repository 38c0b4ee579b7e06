"""How to let each mesh look at its own namespaces alone."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.kinds import ISTIO_CONTROL_PLANE, POD, SAIL_ISTIO
from auditor.models.acceptance import plane_versions
from auditor.models.installers import HELM, HELM_RELEASE, IN_CLUSTER, INSTALLERS, ISTIOCTL
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import ControlPlane, Mesh
from auditor.models.proxies import proxies_of
from auditor.models.publishing import is_istios_own
from auditor.models.scopes import FIRST_WITH_SCOPING, FIRST_WITH_SCOPING_ON, SCOPES, SCOPING
from auditor.models.versions import VERSIONS
from auditor.objects import Ref
from auditor.remedies.istioctl import install, recorded
from auditor.remedies.telling import declared_for_sail, tell
from auditor.remedies.wanted import Wanted
from auditor.remedy import Command, Remedy, Step
from auditor.seen import Seen

KEY = "istio-discovery"
"""A label of namespaces, for `discoverySelectors` to ask for. Any other key serves as well."""


@dataclass(frozen=True)
class ScopingRemedies:
    """Parts a cluster between meshes by their `discoverySelectors`."""

    cluster: Cluster
    _parts: dict[tuple[str, bool], tuple[Step, ...]] = field(default_factory=dict, compare=False)

    def parted(self, meshes: tuple[Mesh, ...], with_configuration: bool) -> Iterator[Remedy]:
        """Its part of the cluster for each mesh, or for those that look at all of it; none where
        a release parts no configuration, and that is what is wanted.
        """
        oldest = min((minor for mesh in meshes for minor in self._minors(mesh)), default=0)
        if with_configuration and oldest < FIRST_WITH_SCOPING:
            return
        steps: list[Step] = []
        scopes = self.cluster.model(SCOPES)
        for mesh in [it for it in meshes if not scopes.limits(it)] or meshes:
            part = mesh.id, with_configuration
            if part not in self._parts:
                self._parts[part] = tuple(self._part(mesh, with_configuration))
            steps += self._parts[part]
        yield Remedy("let each mesh look at its own namespaces alone", tuple(steps))

    def _part(self, mesh: Mesh, with_configuration: bool) -> Iterator[Step]:
        """What gives a mesh its part, beside whichever other."""
        names = " ".join(shlex.quote(name) for name in self._namespaces(mesh))
        label = shlex.quote(f"{KEY}={mesh.namespace}")
        said = f"label the namespaces of {mesh.id}, those that are missing here too"
        yield Command(said, f"kubectl label namespace {names} {label}")
        yield from (self._select(plane, mesh.namespace) for plane in mesh.control_planes)
        if with_configuration and min(self._minors(mesh), default=0) < FIRST_WITH_SCOPING_ON:
            wanted = Wanted(self.cluster.now, env={SCOPING: "true"})
            for plane in mesh.control_planes:
                yield from tell(self.cluster, plane, wanted)

    def _namespaces(self, mesh: Mesh) -> list[str]:
        """Where its control plane and its proxies are, as far as they were seen."""
        pods = proxies_of(self.cluster, mesh).so_far
        return sorted({mesh.namespace, *(pod.namespace for pod in pods)})

    def _select(self, plane: ControlPlane, value: str) -> Step:
        selectors = [{"matchLabels": {KEY: value}}]
        told = json.dumps(selectors)
        text = f"set meshConfig.discoverySelectors of revision {plane.revision} to {told}"
        installers = Seen((plane,)).each(self.cluster.model(INSTALLERS).of).so_far
        by = installers[0].name if installers else ""
        instances = plane.instances.so_far
        for declaration in plane.declared:
            if declaration.resource.kind == ISTIO_CONTROL_PLANE or by == IN_CLUSTER:
                return Command(text, _patched(declaration.resource.ref, selectors))
        if by == HELM and all(map(is_istios_own, instances)):
            named = [it.thing.annotation(HELM_RELEASE).held for it in instances]
            release = shlex.quote(str(next(filter(None, named), "istiod")))
            said = f"helm upgrade {release} istio/istiod -n {shlex.quote(plane.namespace)}"
            said += "".join(f" --version {it.number}" for it in self._versions(plane))
            values = shlex.quote(f"meshConfig.discoverySelectors={told}")
            return Command(text, f"{said} --reuse-values --set-json {values}")
        if by == ISTIOCTL:
            version = next(iter(self._versions(plane)), None)
            setting = f"meshConfig.discoverySelectors[0].matchLabels.{KEY}={value}"
            options = f"--set {shlex.quote(setting)}"
            run, command = install(version, recorded((plane,)), options)
            return Command(f"{text}: {run}", command)
        if istio := declared_for_sail(self.cluster, plane):
            return Command(text, _patched(istio.ref, selectors, "values"))
        return Command(f"{text}, where its installer keeps it")

    def _versions(self, plane: ControlPlane) -> tuple[Version, ...]:
        """The version of its release, which is that of its chart; none where nothing says it."""
        said = Seen((plane,)).each(self.cluster.model(VERSIONS).of).so_far
        return tuple(it.version for it in said if it.version)[:1]

    def _minors(self, mesh: Mesh) -> tuple[int, ...]:
        """The minors of its control planes, 0 for one that is no release of Istio."""
        planes = Seen(mesh.control_planes)
        said = planes.each(lambda it: plane_versions(self.cluster, it)).so_far
        return tuple(it.version.minor_number if it.version else 0 for it in said)


def _patched(ref: Ref, selectors: list[dict[str, dict[str, str]]], *below: str) -> str:
    spec: dict[str, Any] = {"meshConfig": {"discoverySelectors": selectors}}
    for key in below:
        spec = {key: spec}
    patch = json.dumps({"spec": spec})
    return f"kubectl patch {ref.target} --type merge -p {shlex.quote(patch)}"


SCOPING_REMEDIES = Model(
    "remedies for scopes",
    (INSTALLERS, MESH_CONFIGS, SCOPES, VERSIONS, POD, SAIL_ISTIO),
    ScopingRemedies,
)
