"""Which roots a mesh issues from, and which it accepts beside its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.cluster import Cluster, Model
from auditor.kinds import POD, PROXY_CONFIG
from auditor.models import roots as root_places
from auditor.models.acceptance import (
    FIRST_WITH_MULTIROOT,
    MULTIROOT,
    Acceptance,
    Fault,
    asks,
    multiroot,
    plane_versions,
)
from auditor.models.agents import Agents
from auditor.models.anchors import Anchor, anchors_in
from auditor.models.certificates import Certificate
from auditor.models.containers import is_on
from auditor.models.instances import Instance
from auditor.models.istiod import setting
from auditor.models.meeting import MEETING
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.models.proxies import proxies_of
from auditor.models.roots import RootPlace, Roots, issued_from
from auditor.models.versions import VERSIONS, SaidVersion
from auditor.objects import Field, Obj
from auditor.seen import Seen, either


@dataclass(frozen=True)
class Trust:
    """What the evidence says of the trust of each mesh."""

    cluster: Cluster
    _places: dict[str, Seen[RootPlace]] = field(default_factory=dict, compare=False)
    _proxies: dict[str, Seen[Obj]] = field(default_factory=dict, compare=False)
    _needs: dict[str, bool | None] = field(default_factory=dict, compare=False)
    _shown: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    _accepting: dict[str, Acceptance] = field(default_factory=dict, compare=False)
    _links: dict[str, Seen[Certificate]] = field(default_factory=dict, compare=False)
    _issued: dict[str, tuple[Certificate, ...]] = field(default_factory=dict, compare=False)

    def places(self, mesh: Mesh) -> Seen[RootPlace]:
        """The places that show what a mesh issues from."""
        if mesh.id not in self._places:
            self._places[mesh.id] = Roots(self.cluster).places(mesh)
        return self._places[mesh.id]

    def proxies(self, mesh: Mesh) -> Seen[Obj]:
        """The pods that run with a proxy of a mesh."""
        if mesh.id not in self._proxies:
            self._proxies[mesh.id] = proxies_of(self.cluster, mesh)
        return self._proxies[mesh.id]

    def issued_from(self, mesh: Mesh) -> tuple[Certificate, ...]:
        """The roots that workloads of a mesh may be issued from.

        Raises `Unseen` where no place could be read.
        """
        if mesh.id not in self._issued:
            self._issued[mesh.id] = issued_from(self.places(mesh), mesh)
        return self._issued[mesh.id]

    def accepts_as_its_own(self, mesh: Mesh, root: Certificate) -> bool | None:
        """Whether a root is among those that a mesh's own CA hands to every proxy.

        None where the places that show them disagree. Raises `Unseen` where none could be
        read, or none that shows what istiod serves now.
        """
        seen = self.places(mesh)
        answers = {root.key in place.keys for place in seen.so_far}
        if answers == {True, False}:
            return None
        if answers == {True} or any(not place.exact for place in seen.so_far):
            return answers == {True}
        expected = seen.expecting(f"the root of {mesh.id}")
        return bool(expected.where(lambda place: root.key in place.keys))

    def is_over(self, mesh: Mesh, root: Certificate) -> bool:
        """Whether a root among a mesh's own is no longer, or not yet, in its validity, in all
        the copies that it has.
        """
        own = self.places(mesh).each(lambda place: place.certificates)
        copies = own.where(lambda it: it.key == root.key)
        return bool(copies.so_far) and not copies.where(lambda it: it.holds(self.cluster.now))

    def holds_roots_of(self, mesh: Mesh, other: Mesh) -> bool | None:
        """Whether the CA of a mesh hands out all that the other may issue from, or none of it.

        None where some, or where the places that show its own roots disagree.
        """
        answers = {self.accepts_as_its_own(mesh, root) for root in self.issued_from(other)}
        return answers.pop() if len(answers) == 1 else None

    def mesh_of(self, plane: ControlPlane) -> Mesh:
        """The mesh of a control plane."""
        meshes = self.cluster.model(RUNNING_MESHES).so_far  # the plane was found in one of them
        return next(it for it in meshes if plane in it.control_planes)

    def must_accept_more(self, mesh: Mesh) -> bool | None:
        """Whether another mesh that runs issues from a root that is not among its own.

        None where the places that show the roots disagree, and that decides.
        """
        if mesh.id not in self._needs:
            self._needs[mesh.id] = self._must_accept_more(mesh)
        return self._needs[mesh.id]

    def _must_accept_more(self, mesh: Mesh) -> bool | None:
        others = self.others(mesh)
        found = others.map(lambda it: self.holds_roots_of(mesh, it))
        if False in found.so_far:  # one mesh of another root suffices, whatever others there are
            return True
        if None in found.so_far:  # no more evidence ends a contradiction
            return None
        return not all(found)

    def shown_roots(self) -> tuple[Field, ...]:
        """Every certificate that the meshes show, to quote where they disagree."""
        meshes = self.cluster.model(RUNNING_MESHES)
        places = meshes.each(self.places).so_far
        return tuple(certificate.shown for place in places for certificate in place.certificates)

    def others(self, mesh: Mesh) -> Seen[Mesh]:
        """The other meshes whose workloads may call those of a mesh."""
        return self.cluster.model(MEETING).where(lambda it: it.id != mesh.id)

    def accepts(self, mesh: Mesh, other: Mesh, root: Certificate) -> bool | None:
        """Whether a mesh accepts a root of another: as its own, or because all it takes is there.

        None where the places that show its own roots disagree.
        """
        if either(
            lambda: self.accepts_as_its_own(mesh, root),
            lambda: not self.faults(mesh, other, root),
        ):
            return True
        return self.accepts_as_its_own(mesh, root)

    def accepts_all_of(self, mesh: Mesh, other: Mesh) -> bool | None:
        """Whether a mesh accepts whatever another may issue from, or nothing of it.

        None where that is undecided: some of it, or the places that show the roots disagree.
        """
        answers = {self.accepts(mesh, other, root) for root in self.issued_from(other)}
        return answers.pop() if len(answers) == 1 else None

    def faults(self, mesh: Mesh, other: Mesh, root: Certificate) -> Seen[Fault]:
        """All that keeps a mesh from accepting a root that is not its own, or soon will."""
        links = self.links(other)
        if other.id not in self._shown:  # the same for each of its roots, which may be many
            found = Roots(self.cluster).shown(other)
            self._shown[other.id] = tuple(dict.fromkeys(it.key for it in found))
        if mesh.id not in self._accepting:
            self._accepting[mesh.id] = Acceptance(self.cluster, mesh, self.proxies(mesh))
        return self._accepting[mesh.id].faults(root, links, self._shown[other.id])

    def links(self, mesh: Mesh) -> Seen[Certificate]:
        """The intermediates between the root of a mesh and its workloads, as its CA's Secret
        has them.
        """
        if mesh.id not in self._links:
            seen = self.places(mesh)
            told = tuple(place for place in seen.so_far if place.exact)
            gaps = () if told else seen.expecting(f"the chain of the CA of {mesh.id}").gaps
            self._links[mesh.id] = Seen(told, gaps).each(lambda place: place.links)
        return self._links[mesh.id]

    def multiroot(self, mesh: Mesh) -> Seen[tuple[Instance, Field]]:
        """The switch by which each istiod of a mesh accepts more roots than its own."""
        return Seen(mesh.control_planes).each(multiroot)

    def waits_for_rollout(self, *planes: ControlPlane) -> tuple[Field, ...]:
        """The switches of a Deployment and of a Pod of it that was started with another."""
        for plane in planes:
            of_both = plane.instances.map(lambda it: setting(it.thing, MULTIROOT))
            switches = of_both.where(lambda it: it.gap is None).so_far
            if len({is_on(it) for it in switches}) > 1:  # what is not seen ends no contradiction
                return switches
        return ()

    def configs(self, mesh: Mesh) -> Seen[MeshConfig]:
        """The mesh configurations of its control planes."""
        return self.cluster.model(MESH_CONFIGS).of_mesh(mesh)

    def configs_of(self, plane: ControlPlane) -> Seen[MeshConfig]:
        """The mesh configuration of a control plane."""
        return self.cluster.model(MESH_CONFIGS).of(plane)

    def told(self, config: MeshConfig) -> Field:
        """What a mesh configuration tells new proxies of asking for other roots."""
        return Agents(self.cluster).told(config)

    def told_instead(self, config: MeshConfig) -> Seen[Field]:
        """What the ProxyConfig of the root namespace tells them in its place."""
        return Agents(self.cluster).for_mesh(config)

    def turned_off_for(self, mesh: Mesh, pod: Obj) -> Seen[Field]:
        """What a ProxyConfig of its namespace tells a pod's proxy, where that keeps it from
        asking; for words alone.
        """
        told = self.configs(mesh).each(lambda it: Agents(self.cluster).for_pod(pod, it))
        return Seen(told.so_far[:1]).where(lambda it: not is_on(it))

    def tells_new_proxies(self, mesh: Mesh) -> bool:
        """Whether every configuration was seen to tell new proxies to ask; for words alone."""
        configs = self.configs(mesh)
        telling = configs.where(lambda it: not it.problem and asks(self.cluster, it)).so_far
        return bool(telling) and len(telling) == len(configs.so_far)

    def too_old_for_multiroot(self, plane: ControlPlane) -> Seen[SaidVersion]:
        """The version of a control plane that knows no second root; none where it does."""
        said = plane_versions(self.cluster, plane)
        return said.where(lambda it: it.known.minor_number < FIRST_WITH_MULTIROOT)

    def anchors(self, mesh: Mesh) -> Seen[Anchor]:
        """Every item of its `caCertificates`."""
        return self.anchor_lists(mesh).each(lambda it: it)

    def anchor_lists(self, mesh: Mesh) -> Seen[Seen[Anchor]]:
        """The `caCertificates` of each of its mesh configurations."""
        return self.configs(mesh).map(lambda it: anchors_in(it.at("caCertificates")))


TRUST = Model("trust", (*root_places.READS, MEETING, POD, PROXY_CONFIG, VERSIONS), Trust)

ISSUED_ROOTS = Model("issued roots", root_places.READS, Trust)
"""The same for what asks only which roots a mesh issues from and hands out by itself."""
