"""Which Istio CRDs the running control planes read, and in which version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.crds import shipped_by
from auditor.facts.releases import Release, facts_date, release_of
from auditor.kinds import CRD
from auditor.models.crd_owners import GROUPS
from auditor.models.hints import OUTSIDE
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.models.versions import VERSIONS, SaidVersion
from auditor.objects import Obj, Ref
from auditor.seen import Gap, Seen, Unseen


@dataclass(frozen=True)
class Reader:
    """A control plane of a release, which reads CRDs."""

    mesh: Mesh
    said: SaidVersion
    release: Release

    def reads(self, name: str) -> str:
        """The version in which it reads a CRD; empty where it does not."""
        crd = shipped_by(self.release).get(name)
        return (crd.read_as or "") if crd else ""


@dataclass(frozen=True)
class NeededCrd:
    """A CRD that some running control plane reads, whether it is installed or not."""

    name: str
    readers: Seen[Reader]
    found: Seen[Obj]
    """The CRD itself; none where it is not installed."""

    @property
    def ref(self) -> Ref:
        return Ref(CRD.name, self.name, "", CRD.group, "v1")


def _needed(cluster: Cluster) -> Seen[NeededCrd]:
    def of(mesh: Mesh) -> Iterator[Reader]:
        planes = Seen(mesh.control_planes).where(lambda it: _runs(mesh, it))
        said = planes.each(cluster.model(VERSIONS).of).expecting(f"the version of {mesh.id}")
        yield from said.map(lambda it: _reader(mesh, it))

    readers = cluster.model(RUNNING_MESHES).each(of)
    names = {
        name
        for reader in readers.so_far
        for name in shipped_by(reader.release)
        if name.partition(".")[2] in GROUPS and reader.reads(name)
    }
    needed = [_read(name, readers, cluster) for name in sorted(names)]
    return Seen(tuple(needed), readers.gaps)


def _read(name: str, readers: Seen[Reader], cluster: Cluster) -> NeededCrd:
    installed = cluster[CRD].where(lambda it: it.name == name)
    if installed.so_far:
        installed = Seen(installed.so_far)  # one of a name hides no other
    return NeededCrd(name, readers.where(lambda it: it.reads(name)), installed)


def _runs(mesh: Mesh, plane: ControlPlane) -> bool:
    return mesh.family == OUTSIDE or plane.runs


def _reader(mesh: Mesh, said: SaidVersion) -> Reader:
    release = release_of(said.version)
    if release is None:
        why = f"{said.text} is no release of Istio known on {facts_date()}"
        raise Unseen(Gap(f"the CRDs that {mesh.id} reads", why))
    return Reader(mesh, said, release)


CRD_NEEDS: Model[Seen[NeededCrd]] = Model(
    "CRDs that are read", (CRD, RUNNING_MESHES, VERSIONS), _needed
)


def crds_that_are_read(cluster: Cluster) -> Seen[NeededCrd]:
    """Every Istio CRD that a running control plane reads."""
    return cluster.model(CRD_NEEDS)


def installed_crds_that_are_read(cluster: Cluster) -> Seen[NeededCrd]:
    """Those of them that are installed."""
    return cluster.model(CRD_NEEDS).where(lambda it: it.found)
