"""How to make a mesh accept the roots of the others, and its proxies ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from auditor.cluster import Cluster, Model
from auditor.kinds import PROXY_CONFIG, SAIL_ISTIO
from auditor.models.acceptance import (
    FIRST_WITH_MULTIROOT,
    MULTIROOT,
    asks,
    multiroot,
    plane_versions,
)
from auditor.models.agents import ANNOTATION, annotated, running
from auditor.models.anchors import anchors_in, repeated
from auditor.models.certificates import Certificate
from auditor.models.containers import is_on
from auditor.models.installers import INSTALLERS
from auditor.models.mesh_config import MESH_CONFIGS, XDS_AGENT, MeshConfig
from auditor.models.meshes import MESHES, ControlPlane, Mesh
from auditor.models.trust import TRUST, Trust
from auditor.models.versions import VERSIONS, SaidVersion
from auditor.objects import Field, Obj
from auditor.remedies.mesh_writing import own_image
from auditor.remedies.new_root import new_root
from auditor.remedies.restarts import edit, restarts
from auditor.remedies.telling import tell
from auditor.remedies.wanted import Wanted
from auditor.remedy import Command, Patch, Remedy, Step
from auditor.seen import Seen


@dataclass(frozen=True)
class TrustRemedies:
    """What mends the trust of a mesh. What was not seen is left out: a remedy mends what was
    found.
    """

    cluster: Cluster
    _found: dict[str, Remedy] = field(default_factory=dict)

    def accept_others(self, mesh: Mesh) -> Remedy:
        """All that a mesh lacks to accept the roots of the other meshes, in order."""
        if mesh.id not in self._found:
            self._found[mesh.id] = self._accept_others(mesh)
        return self._found[mesh.id]

    def ways_to_accept(self, mesh: Mesh) -> list[Remedy]:
        """The same, and what else helps a mesh whose release takes no root but its own."""
        ways = [self.accept_others(mesh)]
        if _is_too_old(self.cluster, mesh):
            title = f"upgrade {mesh.id} to Istio 1.{FIRST_WITH_MULTIROOT} or later"
            text = "one minor at a time, then audit again: it can be told to accept other roots"
            ways.append(Remedy(title, (Command(text),)))
        return ways

    def _accept_others(self, mesh: Mesh) -> Remedy:
        if _is_too_old(self.cluster, mesh):
            return _one_root(self.cluster, mesh)
        configs = self.cluster.model(MESH_CONFIGS).of_mesh(mesh).so_far
        if any(config.overlooked for config in configs):
            return own_image(mesh.id, mesh.control_planes)
        roots = tuple(_foreign(self.cluster.model(TRUST), mesh))
        told: list[Step] = []
        for plane in mesh.control_planes:
            wanted = _wanted(self.cluster, plane, roots)
            told += tell(self.cluster, plane, wanted)
            if wanted.env and not any(it.version for it in _versions(self.cluster, plane)):
                text = f"see that {plane.ref} is of Istio 1.{FIRST_WITH_MULTIROOT} or later: "
                told.append(Command(text + f"releases before know no {MULTIROOT}"))
        title = f"make {mesh.id} accept the roots of the other meshes"
        return Remedy(title, (*told, *restarts(self.silent(mesh))))

    def mend_anchors(self, mesh: Mesh) -> Remedy:
        """Write the certificates that a mesh accepts anew: those that are of use, and the roots
        of the other meshes.
        """
        roots = tuple(_foreign(self.cluster.model(TRUST), mesh))
        steps: list[Step] = []
        for plane in mesh.control_planes:
            configs = self.cluster.model(MESH_CONFIGS).of(plane).so_far
            wanted = _wanted(self.cluster, plane, roots)
            broken = any(config.problem for config in configs)
            steps += tell(self.cluster, plane, replace(wanted, env={}, agent=broken))
        return Remedy(f"write the caCertificates of {mesh.id} anew", tuple(steps))

    def restart(self, mesh: Mesh, pods: Iterable[Obj]) -> Remedy:
        """Make pods anew whose proxies are older than the settings of their mesh."""
        return Remedy(f"restart the older proxies of {mesh.id}", tuple(restarts(pods)))

    def turn_on(self, told: Field, *pods: Obj) -> Remedy:
        """Turn the setting on in the ProxyConfig that a field is of, and make pods anew."""
        patch = Patch(told.ref, {"spec": {"environmentVariables": {XDS_AGENT: "true"}}})
        return Remedy(f"turn it on in {told.ref}", (patch, *restarts(pods)))

    def without_annotation(self, pod: Obj) -> Remedy:
        """Let a pod be as its mesh says."""
        text = f"take {XDS_AGENT} out of the annotation {ANNOTATION} of its template"
        return Remedy("take it out of the annotation", (Command(text, edit(pod)),))

    def silent(self, mesh: Mesh) -> tuple[Obj, ...]:
        """The pods whose proxies do not ask, but would once they start anew."""
        pods = self.cluster.model(TRUST).proxies(mesh)
        quiet = pods.where(lambda it: not is_on(running(it)))
        return quiet.where(lambda it: not annotated(it) or is_on(annotated(it))).so_far


def _one_root(cluster: Cluster, mesh: Mesh) -> Remedy:
    """What is left to a release that takes no root but its own."""
    meshes = sorted((mesh, *cluster.model(TRUST).others(mesh).so_far), key=lambda it: it.id)
    return Remedy("issue all meshes from one root", tuple(new_root(meshes, cluster)))


def _is_too_old(cluster: Cluster, mesh: Mesh) -> bool:
    versions = [it for plane in mesh.control_planes for it in _versions(cluster, plane)]
    numbers = [it.version.minor_number for it in versions if it.version]
    return bool(numbers) and min(numbers) < FIRST_WITH_MULTIROOT


def _versions(cluster: Cluster, plane: ControlPlane) -> tuple[SaidVersion, ...]:
    """The versions that a control plane was seen to say."""
    return Seen((plane,)).each(lambda it: plane_versions(cluster, it)).so_far


def _foreign(trust: Trust, mesh: Mesh) -> Iterator[Certificate]:
    """The roots of the other meshes that are not among its own."""
    issued = trust.others(mesh).each(trust.issued_from)
    good = issued.where(lambda it: it.holds(trust.cluster.now))
    yield from good.where(lambda it: trust.accepts_as_its_own(mesh, it) is False).so_far


def _wanted(cluster: Cluster, plane: ControlPlane, roots: tuple[Certificate, ...]) -> Wanted:
    off = multiroot(plane).where(lambda it: not is_on(it[1])).so_far
    configs = cluster.model(MESH_CONFIGS).of(plane)
    quiet = configs.where(lambda it: bool(it.problem) or not asks(cluster, it)).so_far
    lists = configs.map(lambda it: anchors_in(it.at("caCertificates")))
    anchors = lists.each(lambda it: it)
    bad = anchors.where(lambda it: any(it.problems(cluster.now)) or it.holds_several).so_far
    twice = lists.each(repeated).so_far
    lacking = configs.each(lambda it: _lacking(it, roots)).so_far
    return Wanted(
        cluster.now,
        env={MULTIROOT: "true"} if off else {},
        agent=bool(quiet),
        roots=tuple(dict.fromkeys(lacking)),
        anew=bool(bad or twice),
    )


def _lacking(config: MeshConfig, roots: tuple[Certificate, ...]) -> Iterator[Certificate]:
    """The roots of which a configuration holds no copy, or only one that is to be replaced.

    Where istiod refuses an item, all are to be written anew.
    """
    anchors = anchors_in(config.at("caCertificates"))
    given = {it.fingerprint for it in anchors.each(lambda it: it.certificates).so_far}
    refused = anchors.where(lambda it: it.refusal).so_far
    yield from (it for it in roots if refused or it.fingerprint not in given)


TRUST_REMEDIES = Model(
    "trust remedies",
    (TRUST, MESHES, MESH_CONFIGS, INSTALLERS, VERSIONS, PROXY_CONFIG, SAIL_ISTIO),
    TrustRemedies,
)
