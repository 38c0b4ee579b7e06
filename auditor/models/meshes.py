"""The meshes of a cluster, told from whatever shows a control plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from auditor.asked import Asked
from auditor.cluster import Cluster, Model
from auditor.kinds import CONFIG_MAP, DEPLOYMENT, INJECTOR, POD, SERVICE, Kind
from auditor.models import declared
from auditor.models.declared import Declaration, declarations
from auditor.models.hints import (
    OUTSIDE,
    Hint,
    injectors_of,
    led_outside,
    mesh_configs_of,
    outside_of,
)
from auditor.models.instances import Instance, instance_of, lives
from auditor.models.istiod import is_istiod, revision_field
from auditor.objects import Field, Ref
from auditor.seen import Gap, Seen


@dataclass(frozen=True)
class ControlPlane(Asked):
    """One revision of a mesh: what runs it and what declares it."""

    family: str
    namespace: str
    revision: str
    instances: Seen[Instance]
    """What runs it: its Deployment, and what Pods were seen."""
    started: Seen[Instance]
    """Its Pods, as they were started."""
    declared: tuple[Declaration, ...]
    called_by: tuple[Hint, ...] = ()
    """For one outside the cluster: the webhooks that call it."""

    @property
    def ref(self) -> Ref:
        """The Deployment that runs it, else the custom resource or the webhook that shows it."""
        for instance in self.instances.so_far:
            return instance.ref
        for declaration in self.declared:
            return declaration.resource.ref
        return self.called_by[0].field.ref

    @cached_property
    def runs(self) -> bool:
        """Whether it runs. Raises `Unseen` where none was seen and not all was looked at."""
        return any(instance.runs for instance in self.instances)

    @property
    def shown_by(self) -> tuple[Field, ...]:
        """The fields that say where it is and which revision."""
        seen = self.instances.so_far
        return (
            *(it.thing.at("metadata", "namespace") for it in seen[:1]),
            *(revision_field(it.thing) for it in seen[:1]),
            *(declaration.field for declaration in self.declared),
            *(hint.field for hint in self.called_by),
        )


@dataclass(frozen=True)
class Mesh:
    """The control planes of one family in the namespace where they live.

    A canary upgrade is one mesh with two revisions. It is not named by a revision: a mesh
    may have several, and not all may be seen.
    """

    family: str
    namespace: str
    control_planes: tuple[ControlPlane, ...]

    @property
    def id(self) -> str:
        return f"{self.family}.{self.namespace}"

    @property
    def ref(self) -> Ref:
        return Ref("Mesh", self.id)

    @cached_property
    def revisions(self) -> tuple[str, ...]:
        return tuple(sorted({plane.revision for plane in self.control_planes}))

    @cached_property
    def runs(self) -> bool:
        """Whether any of its control planes runs in this cluster, or is reached from it."""
        return self.family == OUTSIDE or any(Seen(self.control_planes).map(lambda it: it.runs))


@dataclass(frozen=True)
class Pair:
    """Two meshes in order: what the first must do about the second."""

    first: Mesh
    second: Mesh

    def __iter__(self) -> Iterator[Mesh]:
        return iter((self.first, self.second))

    @property
    def ref(self) -> Ref:
        return Ref("Meshes", f"{self.first.id} -> {self.second.id}")


@dataclass(frozen=True)
class Meshes:
    """All that tells of control planes."""

    seen: Seen[Mesh]
    running: Seen[Mesh]
    """Those that run. What is only declared hides none of them."""
    here: Seen[Mesh]
    """Those of them that run in this cluster itself: webhooks hide none of them."""
    hints: tuple[Hint, ...]
    """Webhooks and mesh configurations whose control plane was not seen."""


def _meshes(cluster: Cluster) -> Meshes:
    running = cluster[DEPLOYMENT].where(is_istiod)
    # Each control plane has a Deployment. Its Pods show it too, and hide no other.
    shown = Seen(cluster[POD].where(is_istiod).where(lives).map(instance_of).so_far)
    instances = running.map(instance_of) + shown
    declared = declarations(cluster)
    served = {(it.namespace, it.revision) for it in instances.so_far}
    outside = cluster[INJECTOR].each(outside_of)
    services = cluster[SERVICE]
    outside += cluster[INJECTOR].each(lambda it: led_outside(it, served, services))
    found = _grouped(cluster, instances, declared, outside)

    known = {(mesh.family, mesh.namespace) for mesh in found}
    # A webhook or a ConfigMap does not always say the family: its revision runs, all the same.
    live = {(it.namespace, it.revision) for mesh in found for it in mesh.control_planes}
    hinting = cluster[INJECTOR].each(injectors_of) + cluster[CONFIG_MAP].each(mesh_configs_of)
    hints = tuple(
        hint
        for hint in hinting.so_far
        if (hint.family, hint.namespace) not in known
        and (hint.namespace, hint.revision) not in live
    )
    # A webhook or a ConfigMap may be a leftover. Where Deployments were not listed it tells
    # what to look for.
    suspected = tuple(
        Gap(f"the istiod in {hint.namespace} that {hint.field.ref} names", gap.why, gap.get)
        for hint in hints
        for gap in running.gaps
        if gap.hides(hint.namespace)
    )
    unseen = (*instances.gaps, *outside.gaps, *suspected)
    seen = Seen(found, tuple(dict.fromkeys((*unseen, *declared.gaps))))
    run = Seen(found, tuple(dict.fromkeys(unseen))).where(lambda mesh: mesh.runs)
    inside = tuple(mesh for mesh in found if mesh.family != OUTSIDE)
    hiding = tuple(dict.fromkeys((*instances.gaps, *suspected)))
    here = Seen(inside, hiding).where(lambda mesh: mesh.runs)
    return Meshes(seen, run, here, hints)


def _grouped(
    cluster: Cluster,
    instances: Seen[Instance],
    declared: Seen[Declaration],
    outside: Seen[Hint],
) -> tuple[Mesh, ...]:
    shown: tuple[Instance | Declaration | Hint, ...]
    shown = (*instances.so_far, *declared.so_far, *outside.so_far)
    planes: dict[tuple[str, str], list[ControlPlane]] = {}
    for key in sorted({(it.family, it.namespace, it.revision) for it in shown}):
        of_it = [it for it in shown if (it.family, it.namespace, it.revision) == key]
        runs, started = _instances_of(cluster, *key)
        plane = ControlPlane(
            *key,
            runs,
            started,
            tuple(it for it in of_it if isinstance(it, Declaration)),
            tuple(it for it in of_it if isinstance(it, Hint)),
        )
        planes.setdefault((plane.family, plane.namespace), []).append(plane)
    return tuple(Mesh(*mesh, tuple(by)) for mesh, by in sorted(planes.items()))


def _instances_of(
    cluster: Cluster, family: str, namespace: str, revision: str
) -> tuple[Seen[Instance], Seen[Instance]]:
    """What runs a control plane, and its Pods as they were started."""
    if family == OUTSIDE:
        return Seen(), Seen()
    runs, started = (
        cluster.within(kind, namespace)
        .where(is_istiod)
        .where(lives)
        .map(instance_of)
        .where(lambda it: (it.family, it.revision) == (family, revision))
        for kind in (DEPLOYMENT, POD)
    )
    return runs + Seen(started.so_far), started


READS: tuple[Kind, ...] = (DEPLOYMENT, POD, INJECTOR, SERVICE, CONFIG_MAP, *declared.KINDS)
ALL_MESHES = Model("all meshes", READS, _meshes)
MESHES: Model[Seen[Mesh]] = Model("meshes", (ALL_MESHES,), lambda it: it.model(ALL_MESHES).seen)


RUNNING_MESHES: Model[Seen[Mesh]] = Model(
    "running meshes", (ALL_MESHES,), lambda it: it.model(ALL_MESHES).running
)


def meshes(cluster: Cluster) -> Seen[Mesh]:
    """Every mesh."""
    return cluster.model(MESHES)


def running_meshes(cluster: Cluster) -> Seen[Mesh]:
    """Every mesh that runs."""
    return cluster.model(RUNNING_MESHES)


def pairs_of_running_meshes(cluster: Cluster) -> Seen[Pair]:
    """Every running mesh beside every other, both ways round."""
    return _pairs(running_meshes(cluster))


def pairs_of_meshes(cluster: Cluster) -> Seen[Pair]:
    """Every mesh beside every other, both ways round, whether they run or are declared."""
    return _pairs(meshes(cluster))


def _pairs(seen: Seen[Mesh]) -> Seen[Pair]:
    return Seen(tuple(Pair(*two) for two in permutations(seen.so_far, 2)), seen.gaps)


def control_planes(cluster: Cluster) -> Seen[ControlPlane]:
    """Every control plane of every mesh."""
    return meshes(cluster).each(lambda mesh: mesh.control_planes)


def control_planes_here(cluster: Cluster) -> Seen[ControlPlane]:
    """Every control plane that runs in this cluster itself."""
    planes = cluster.model(ALL_MESHES).here.each(lambda mesh: mesh.control_planes)
    return planes.where(lambda plane: plane.runs)


def running_control_planes(cluster: Cluster) -> Seen[ControlPlane]:
    """Every control plane that runs in this cluster, or that its webhooks reach outside of it."""
    planes = running_meshes(cluster).each(lambda mesh: mesh.control_planes)
    return planes.where(lambda plane: plane.family == OUTSIDE or plane.runs)
