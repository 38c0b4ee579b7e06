"""Which meshes read an Istio object, and the proxies of which it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.cluster import Cluster, Model
from auditor.kinds import ENVOY_FILTER, NAMESPACE, POD
from auditor.models.istiod import REVISION, setting
from auditor.models.labelled import Labelled
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.models.proxies import proxies_of
from auditor.models.scopes import SCOPES
from auditor.objects import Field, Obj
from auditor.seen import Gap, Seen, Unseen, either

ROUTING = ("VirtualService", "DestinationRule", "ServiceEntry", "WorkloadEntry", "WorkloadGroup")
"""Kinds that tell every proxy of a mesh where others are, unless `exportTo` keeps them in."""
GATEWAY = "Gateway"


@dataclass(frozen=True)
class Readership:
    """Evaluates labels, scopes, root namespaces and selectors.

    An istiod leaves out what names another revision; one that has no revision at all leaves
    out nothing (istio 1.30.3: pkg/config/model.go LabelsInRevision).
    """

    cluster: Cluster
    _proxies: dict[str, Labelled] = field(default_factory=dict, compare=False)
    _scopes: dict[tuple[str, str], Seen[Mesh]] = field(default_factory=dict, compare=False)

    def readers(self, thing: Obj) -> Seen[Mesh]:
        """The running meshes that read an object."""
        meshes = self.cluster.model(RUNNING_MESHES)
        return meshes.where(lambda it: self.takes(it, thing) and self._looks_at(it, thing))

    def takes(self, mesh: Mesh, thing: Obj) -> bool:
        """Whether the revision that an object names, or that it names none, lets a mesh take it."""
        label = thing.label(REVISION)
        if not label:
            return True
        planes = Seen(mesh.control_planes).where(lambda it: it.runs)
        return bool(planes.where(lambda it: label.value == it.revision or reads_all(it)))

    def is_rooted(self, mesh: Mesh, thing: Obj) -> bool:
        """Whether an object lies where a mesh has the configuration for all of it."""
        configs = self.cluster.model(MESH_CONFIGS).of_mesh(mesh)
        return bool(configs.where(lambda it: it.root_namespace == thing.namespace))

    def reaches(self, mesh: Mesh, thing: Obj) -> bool:
        """Whether an object changes what proxies of a mesh do, if the mesh reads it."""
        if thing.kind.name in ROUTING and not _stays_home(thing):
            return True
        if thing.kind.name == GATEWAY:
            return bool(self._of(mesh).carrying(tuple(_wanted(thing))))
        if thing.kind.name not in ROUTING and self.is_rooted(mesh, thing):
            return True
        return bool(self._of(mesh).within(thing.namespace).carrying(tuple(_wanted(thing))))

    def has_proxies_in(self, mesh: Mesh, namespace: str) -> bool:
        """Whether pods of a namespace have proxies of a mesh."""
        return bool(self._of(mesh).within(namespace).things)

    def _of(self, mesh: Mesh) -> Labelled:
        if mesh.id not in self._proxies:
            self._proxies[mesh.id] = Labelled(proxies_of(self.cluster, mesh))
        return self._proxies[mesh.id]

    def _looks_at(self, mesh: Mesh, thing: Obj) -> bool:
        """Whether a mesh looks into the namespace of an object, asked once for each."""
        key = mesh.id, thing.namespace
        if key not in self._scopes:
            self._scopes[key] = Seen((mesh,)).where(lambda it: self._reads(it, thing.namespace))
        return bool(self._scopes[key])

    def _reads(self, mesh: Mesh, name: str) -> bool:
        scopes = self.cluster.model(SCOPES)
        return either(
            lambda: scopes.is_everywhere(mesh), lambda: scopes.reads(mesh, self._at(name))
        )

    def _at(self, name: str) -> Obj:
        namespace = self.cluster.find(NAMESPACE, name)
        if namespace is None:
            raise Unseen(Gap(f"Namespace {name}", "it was not found, though something is in it"))
        return namespace


def reads_all(plane: ControlPlane) -> bool:
    """Whether a control plane was given no revision, as one inside another product."""
    return bool(plane.instances.where(lambda it: not setting(it.thing, "REVISION").value))


def selects_nothing(thing: Obj) -> bool:
    """Whether an object is for every workload in its reach."""
    return not any(_selectors(thing))


def selector_of(thing: Obj) -> Field:
    """The field that says which proxies an object is for, to quote."""
    if thing.kind.name in ROUTING:
        return thing.at("spec", "exportTo")
    found = next(iter(_selectors(thing)), None)
    usual = "workloadSelector" if thing.kind == ENVOY_FILTER else "selector"
    return found or thing.at("spec", usual)


def _selectors(thing: Obj) -> Iterator[Field]:
    for name in ("workloadSelector", "selector", "targetRefs"):
        if found := thing.at("spec", name):
            yield found


def _wanted(thing: Obj) -> Iterator[Field]:
    """The labels that an object asks of pods, if it asks for any."""
    selector = thing.at("spec", "selector")
    if thing.kind.name == GATEWAY:
        yield from selector.each()
        return
    yield from selector.at("matchLabels").each()
    yield from thing.at("spec", "workloadSelector", "labels").each()
    yield from thing.at("spec", "workloadSelector", "matchLabels").each()


def _stays_home(thing: Obj) -> bool:
    """Whether only proxies of its own namespace, or none, see an object."""
    exported = thing.at("spec", "exportTo").each()
    away = Seen(exported).where(lambda it: it.value not in (".", "~", thing.namespace))
    return bool(exported) and not away


READERSHIP = Model(
    "readership of Istio objects",
    (RUNNING_MESHES, MESH_CONFIGS, NAMESPACE, POD, SCOPES),
    Readership,
)
