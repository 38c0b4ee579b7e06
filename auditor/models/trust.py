"""Which roots a mesh accepts beside its own, and what it takes for it to accept them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import POD
from auditor.models import roots as root_places
from auditor.models.certificates import Certificate, certificates, problems
from auditor.models.containers import container, env, is_on
from auditor.models.istiod import setting
from auditor.models.mesh_config import MESH_CONFIGS, XDS_AGENT, MeshConfig
from auditor.models.meshes import MESHES, Instance, Mesh
from auditor.models.proxies import PROXY, proxies_of
from auditor.models.roots import Place, Roots
from auditor.objects import Field
from auditor.seen import Seen, Unseen, either

MULTIROOT = "ISTIO_MULTIROOT_MESH"


@dataclass(frozen=True)
class Fault:
    """One thing that keeps a mesh from accepting a root, and the field that shows it."""

    said: str
    field: Field


@dataclass(frozen=True)
class Trust:
    """What the evidence says of the trust of each mesh."""

    cluster: Cluster

    def places(self, mesh: Mesh) -> Seen[Place]:
        """The places that show what a mesh issues from."""
        return Roots(self.cluster).places(mesh)

    def issued_from(self, mesh: Mesh) -> tuple[Certificate, ...]:
        """The roots that workloads of a mesh may be issued from: one, where a place says so.

        Places that publish more than one root, or that disagree, leave candidates, one for
        each key. Raises `Unseen` where no place could be read.
        """
        seen = self.places(mesh)
        places = seen.so_far
        if not places:
            raise Unseen(*seen.expecting(f"the root of {mesh.id}").gaps)
        exact = [place for place in places if place.exact]
        keys = {certificate.key for place in exact for certificate in place.issuing}
        if exact and len(keys) == 1 and all(keys <= place.keys for place in places):
            return exact[0].issuing
        candidates = {found.key: found for place in places for found in place.issuing}
        return tuple(candidates[key] for key in sorted(candidates))

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

    def accepts(self, mesh: Mesh, root: Certificate) -> bool | None:
        """Whether a mesh accepts a root: as its own, or because all it takes is there.

        None where the places that show its own roots disagree.
        """
        if either(
            lambda: self.accepts_as_its_own(mesh, root),
            lambda: not self.faults(mesh, root),
        ):
            return True
        return self.accepts_as_its_own(mesh, root)

    def configs(self, mesh: Mesh) -> Seen[MeshConfig]:
        """The mesh configurations of its control planes."""
        return self.cluster.model(MESH_CONFIGS).of_mesh(mesh)

    def pems(self, mesh: Mesh) -> Seen[Field]:
        """The text of every item of its `caCertificates`."""
        items = self.configs(mesh).each(lambda config: config.at("caCertificates").each())
        return items.map(lambda item: item.at("pem")).where(lambda pem: pem)

    def anchors(self, mesh: Mesh) -> Seen[Certificate]:
        """The roots that a mesh is told to accept beside its own."""
        return self.pems(mesh).each(certificates)

    def multiroot(self, mesh: Mesh) -> Seen[tuple[Instance, Field]]:
        """The switch by which each istiod of a mesh accepts more roots than its own."""
        planes = Seen(mesh.control_planes)
        instances = planes.each(lambda plane: plane.instances + plane.started)
        return instances.map(lambda it: (it, setting(it.thing, MULTIROOT)))

    def agents(self, mesh: Mesh) -> Seen[Field]:
        """What makes the proxies of a mesh ask for other roots: for new ones, and in each."""
        told = self.configs(mesh).map(
            lambda config: config.at("defaultConfig", "proxyMetadata", XDS_AGENT)
        )
        running = proxies_of(self.cluster, mesh)
        return told + running.map(lambda pod: env(container(pod, PROXY), XDS_AGENT))

    def faults(self, mesh: Mesh, root: Certificate) -> Seen[Fault]:
        """All that keeps a mesh from accepting a root that is not its own."""
        conditions: tuple[Callable[[], Iterator[Fault]], ...] = (
            lambda: self._not_given(mesh, root),
            lambda: self._bad_anchors(mesh),
            lambda: self._takes_one_root(mesh),
            lambda: self._proxies_do_not_ask(mesh),
        )
        return Seen(conditions).each(lambda condition: condition())

    def _not_given(self, mesh: Mesh, root: Certificate) -> Iterator[Fault]:
        """Each configuration must have the root; an end that is past serves nobody."""
        for config in self.configs(mesh):
            items = Seen(config.at("caCertificates").each()).map(lambda item: item.at("pem"))
            given = items.where(lambda pem: pem).each(certificates)
            if given.where(lambda it: it.key == root.key and it.not_after > self.cluster.now):
                continue
            place = config.at("caCertificates")
            if given.where(lambda it: it.key == root.key):
                yield Fault("the copy of the other's root that it is given has ended", place)
            elif given.where(lambda it: it.issued_by(root)):
                said = "it is given an intermediate of the other mesh, not its root"
                yield Fault(said, place.holding(_said(given.so_far)))
            else:
                held = place.holding(_said(given.so_far)) if given.so_far else place
                yield Fault("it is not given the other's root", held)

    def _bad_anchors(self, mesh: Mesh) -> Iterator[Fault]:
        for pem in self.pems(mesh):
            for problem in problems(pem):
                yield Fault(f"istiod refuses all its caCertificates: {problem}", pem)

    def _takes_one_root(self, mesh: Mesh) -> Iterator[Fault]:
        for _, switch in self.multiroot(mesh).where(lambda it: not is_on(it[1])):
            yield Fault("its istiod takes no root but its own", switch)

    def _proxies_do_not_ask(self, mesh: Mesh) -> Iterator[Fault]:
        for switch in self.agents(mesh).where(lambda it: not is_on(it)):
            yield Fault("its proxies do not ask for other roots", switch)


def _said(found: Iterable[Certificate]) -> list[str]:
    return [certificate.short for certificate in found]


TRUST = Model("trust", (*root_places.READS, POD, MESHES, MESH_CONFIGS), Trust)
