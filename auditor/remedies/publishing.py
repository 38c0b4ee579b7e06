"""How to keep two meshes from publishing their roots in one ConfigMap."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.kinds import ISTIO_CONTROL_PLANE
from auditor.models.acceptance import plane_versions
from auditor.models.installers import HELM, HELM_RELEASE, INSTALLERS, ISTIOCTL
from auditor.models.istiod import SDM
from auditor.models.meshes import ControlPlane, Mesh
from auditor.models.versions import VERSIONS
from auditor.remedies.istioctl import install, recorded
from auditor.remedies.new_root import new_root
from auditor.remedies.restarts import restarted
from auditor.remedies.scoping import SCOPING_REMEDIES
from auditor.remedy import Command, Remedy, Step
from auditor.seen import Seen

FIRST_RENAMING = 27
"""Since then `global.trustBundleName` renames both what istiod writes and what proxies read
(istio 1.27.9: istio-discovery/templates/deployment.yaml, files/injection-template.yaml)."""


@dataclass(frozen=True)
class PublishingRemedies:
    """The ways to keep the roots of two meshes apart, or to have only one."""

    cluster: Cluster

    def apart(self, meshes: tuple[Mesh, ...]) -> Iterator[Remedy]:
        """A name of its own for one of them, else a part of the cluster for each, or one root."""
        for mesh in meshes:
            steps = tuple(self._renamed(mesh))
            if steps:
                restart = restarted(self.cluster, mesh, "which then look for that name")
                yield Remedy(f"give the root of {mesh.id} a name of its own", (*steps, *restart))
        yield from self.cluster.model(SCOPING_REMEDIES).parted(meshes, with_configuration=True)
        steps = tuple(new_root(meshes, self.cluster))
        yield Remedy("issue both meshes from one root", steps)

    def _renamed(self, mesh: Mesh) -> Iterator[Step]:
        for plane in mesh.control_planes:
            if plane.family == SDM:
                yield from _as_cisco(plane)
            elif all(minor >= FIRST_RENAMING for minor in self._minors(plane)):
                yield self._by_value(plane, f"{mesh.namespace}-ca-root-cert")

    def _by_value(self, plane: ControlPlane, name: str) -> Step:
        setting = shlex.quote(f"global.trustBundleName={name}")
        installers = Seen((plane,)).each(self.cluster.model(INSTALLERS).of).so_far
        by = installers[0].name if installers else ""
        text = f"set global.trustBundleName of revision {plane.revision} to {name}"
        if by == HELM:
            named = [it.thing.annotation(HELM_RELEASE).held for it in plane.instances.so_far]
            release = shlex.quote(str(next(filter(None, named), "istiod")))
            said = f"helm upgrade {release} istio/istiod -n {shlex.quote(plane.namespace)}"
            said += "".join(f" --version {it.number}" for it in self._versions(plane))
            return Command(text, f"{said} --reuse-values --set {setting}")
        if by == ISTIOCTL:
            version = next(iter(self._versions(plane)), None)
            run, command = install(version, recorded((plane,)), f"--set values.{setting}")
            return Command(f"{text}: {run}", command)
        return Command(f"{text}, where its installer keeps its values")

    def _versions(self, plane: ControlPlane) -> tuple[Version, ...]:
        """The version of its release, which is that of its chart; none where nothing says it."""
        said = Seen((plane,)).each(self.cluster.model(VERSIONS).of).so_far
        return tuple(it.version for it in said if it.version)[:1]

    def _minors(self, plane: ControlPlane) -> tuple[int, ...]:
        said = Seen((plane,)).each(lambda it: plane_versions(self.cluster, it)).so_far
        return tuple(it.version.minor_number if it.version else 0 for it in said) or (0,)


def _as_cisco(plane: ControlPlane) -> Iterator[Step]:
    """Only the distribution `cisco`, with Cisco's istiod, has the name of its own."""
    for declaration in plane.declared:
        if declaration.resource.kind == ISTIO_CONTROL_PLANE:
            target = declaration.resource.ref.target
            if declaration.resource.at("spec", "distribution").held == "cisco":
                text = "give it an image of Cisco's istiod under spec.istiod.deployment.image"
                yield Command(text, f"kubectl edit {target}")
                return
            patch = shlex.quote('{"spec": {"distribution": "cisco"}}')
            text = "make its distribution cisco, with an image of Cisco's istiod"
            yield Command(text, f"kubectl patch {target} --type merge -p {patch}")


PUBLISHING_REMEDIES = Model(
    "remedies for published roots", (INSTALLERS, VERSIONS, SCOPING_REMEDIES), PublishingRemedies
)
