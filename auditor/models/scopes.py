"""Which namespaces a mesh looks at: for what it discovers, and for what configures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

from auditor.cluster import Cluster, Model
from auditor.kinds import NAMESPACE
from auditor.models.acceptance import plane_versions
from auditor.models.authority import FALSE
from auditor.models.containers import TRUE
from auditor.models.hints import OUTSIDE
from auditor.models.injection import namespace_labels
from auditor.models.instances import Instance
from auditor.models.istiod import OSSM, setting
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.models.versions import VERSIONS, SaidVersion
from auditor.objects import Field, Obj
from auditor.seen import Gap, Seen, Unseen, either

SCOPING = "ENABLE_ENHANCED_RESOURCE_SCOPING"
FIRST_WITH_SCOPING, FIRST_WITH_SCOPING_ON, FIRST_ALWAYS_SCOPED = 16, 22, 25
"""Before, discoverySelectors keep services and endpoints away, and nothing else (istio 1.16.7:
pilot/pkg/features/pilot.go, 1.22.8: pilot/pkg/features/experimental.go, gone in 1.25)."""

ALONE = "ISTIO_WATCH_NAMESPACE"
"""The one namespace that an istiod looks at (istio 1.30.3: pilot/pkg/features/pilot.go)."""

MEMBER = "maistra.io/member-of"
"""The label that the operator of OpenShift Service Mesh 2 keeps on each member that it enrols, with
the namespace of the mesh (maistra/istio-operator 2.5: pkg/controller/servicemesh/member)."""
WHOLE_CLUSTER = ("ClusterWide", "ClusterScoped")
"""The modes in which it looks at all namespaces; the second was that of 2.3."""

Test = Callable[[Mesh, Obj], bool]


@dataclass(frozen=True)
class Scope:
    """The namespaces of which something holds, and those of which that cannot be told."""

    names: tuple[str, ...]
    open: tuple[Obj, ...] = field(compare=False)
    """Both, in the order in which they were listed."""
    unsure: tuple[tuple[str, tuple[Gap, ...]], ...] = ()

    def has(self, namespace: Obj) -> bool:
        """Whether it holds of a namespace. Raises `Unseen` where that cannot be told."""
        if gaps := self._gaps.get(namespace.name):
            raise Unseen(*gaps)
        return namespace.name in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _gaps(self) -> dict[str, tuple[Gap, ...]]:
        return dict(self.unsure)


@dataclass(frozen=True)
class Scopes:
    """Tells which namespaces each mesh looks at."""

    cluster: Cluster
    _scopes: dict[tuple[Test, str], Scope] = field(default_factory=dict, compare=False)
    _alike: dict[Scope, Scope] = field(default_factory=dict, compare=False)
    _shared: dict[tuple[int, int], Seen[Obj]] = field(default_factory=dict, compare=False)
    _limited: dict[str, bool] = field(default_factory=dict, compare=False)

    def discovers(self, mesh: Mesh, namespace: Obj) -> bool:
        """Whether a mesh knows the services and endpoints of a namespace."""
        return self._any(mesh, lambda it: self._discovers(it, namespace))

    def reads(self, mesh: Mesh, namespace: Obj) -> bool:
        """Whether a mesh reads the Istio objects of a namespace, and publishes its root there.

        Its discoverySelectors keep it from that only in newer releases.
        """
        return self._any(mesh, lambda it: self._reads(it, namespace))

    def is_everywhere(self, mesh: Mesh) -> bool:
        """Whether a mesh looks at all namespaces, whatever their labels."""
        return self._any(mesh, self._is_everywhere)

    def both(self, test: Test, first: Mesh, second: Mesh) -> Seen[Obj]:
        """The namespaces of which a test holds for both meshes."""
        one, two = self._scope(test, first), self._scope(test, second)
        asked = id(one), id(two)  # each is kept, once for all meshes that are alike
        if asked not in self._shared:
            likely = Seen(one.open, self.cluster[NAMESPACE].gaps)
            self._shared[asked] = likely.where(lambda it: one.has(it) and two.has(it))
        return self._shared[asked]

    def _scope(self, test: Test, mesh: Mesh) -> Scope:
        """The namespaces of which a test holds for a mesh."""
        asked = test, mesh.id
        if asked not in self._scopes:
            scope = self._found(test, mesh)
            self._scopes[asked] = self._alike.setdefault(scope, scope)
        return self._scopes[asked]

    def _found(self, test: Test, mesh: Mesh) -> Scope:
        namespaces = self.cluster[NAMESPACE].so_far
        if Seen((mesh,)).where(self.is_everywhere).so_far:  # none of them need be asked about
            return Scope(tuple(it.name for it in namespaces), namespaces)
        asked = [(it, Seen((it,)).where(partial(test, mesh))) for it in namespaces]
        names = tuple(it.name for it, told in asked if told.so_far)
        unsure = tuple((it.name, told.gaps) for it, told in asked if told.gaps)
        return Scope(names, tuple(it for it, told in asked if told.so_far or told.gaps), unsure)

    def shown(self, mesh: Mesh) -> tuple[Field, ...]:
        """What says where a mesh looks, to quote."""
        configs = self.cluster.model(MESH_CONFIGS).of_mesh(mesh).so_far
        told = (it.fault if it.problem else it.at("discoverySelectors") for it in configs)
        return (*self._alone(mesh), *told)

    def limits(self, mesh: Mesh) -> bool:
        """Whether a mesh was seen to be told to look at less than the whole cluster; for words
        and remedies alone.
        """
        if mesh.id not in self._limited:
            self._limited[mesh.id] = self._limits(mesh)
        return self._limited[mesh.id]

    def _limits(self, mesh: Mesh) -> bool:
        configs = self.cluster.model(MESH_CONFIGS).of_mesh(mesh).so_far
        told = (it.at("discoverySelectors").held for it in configs if not it.problem)
        of_members = Seen(mesh.control_planes).where(_has_members).so_far
        return any(told) or bool(self._alone(mesh) or of_members)

    def _alone(self, mesh: Mesh) -> tuple[Field, ...]:
        instances = Seen(mesh.control_planes).each(lambda it: it.instances)
        return instances.map(lambda it: setting(it.thing, ALONE)).where(lambda it: it).so_far

    def _any(self, mesh: Mesh, test: Callable[[ControlPlane], bool]) -> bool:
        if mesh.family == OUTSIDE:
            why = "its control plane is outside the cluster"
            raise Unseen(Gap(f"the namespaces that {mesh.id} looks at", why))
        return either(*(partial(test, plane) for plane in mesh.control_planes))

    def _is_everywhere(self, plane: ControlPlane) -> bool:
        if _has_members(plane):
            return False
        running = plane.instances.where(lambda it: it.runs and not setting(it.thing, ALONE).value)
        configs = self.cluster.model(MESH_CONFIGS).of(plane)
        free = configs.where(lambda it: not it.at("discoverySelectors").each())
        return bool(running) and bool(free)

    def _discovers(self, plane: ControlPlane, namespace: Obj) -> bool:
        if _has_members(plane):
            return plane.runs and namespace.label(MEMBER).value == plane.namespace
        configs = self.cluster.model(MESH_CONFIGS).of(plane)
        running = plane.instances.where(lambda it: it.runs and _looks_at(it, namespace.name))
        return bool(running) and bool(configs.where(lambda it: _selected(it, namespace)))

    def _reads(self, plane: ControlPlane, namespace: Obj) -> bool:
        if _has_members(plane):
            return self._discovers(plane, namespace)
        running = plane.instances.where(lambda it: it.runs and _looks_at(it, namespace.name))
        return bool(running) and either(
            lambda: self._discovers(plane, namespace),
            lambda: bool(running.where(lambda it: not self._is_scoped(plane, it))),
        )

    def _is_scoped(self, plane: ControlPlane, instance: Instance) -> bool:
        """Whether discoverySelectors keep an istiod from configuration too."""
        switch = setting(instance.thing, SCOPING)
        versions = plane_versions(self.cluster, plane)
        return not versions.where(lambda it: not _scopes(it, switch))


def _has_members(plane: ControlPlane) -> bool:
    """Whether an istiod of OpenShift Service Mesh 2 looks at the members of its mesh alone.

    It does unless its resource says otherwise (maistra/istio-operator 2.5:
    pkg/apis/maistra/v2/servicemeshcontrolplane_types.go).
    """
    if plane.family != OSSM:
        return False
    for declaration in plane.declared:
        spec = declaration.resource.at("spec")
        mode = spec.at("mode") or spec.at("techPreview", "controlPlaneMode")
        return mode.value not in WHOLE_CLUSTER
    what = f"whether the mesh in {plane.namespace} looks at the whole cluster"
    get = "kubectl get servicemeshcontrolplanes -A -o yaml"
    raise Unseen(Gap(what, "its ServiceMeshControlPlane was not found", get))


def _scopes(said: SaidVersion, switch: Field) -> bool:
    minor = said.known.minor_number
    if not FIRST_WITH_SCOPING <= minor < FIRST_ALWAYS_SCOPED:
        return minor >= FIRST_ALWAYS_SCOPED
    if switch.value in TRUE | FALSE:
        return switch.value in TRUE
    return minor >= FIRST_WITH_SCOPING_ON


def _selected(config: MeshConfig, namespace: Obj) -> bool:
    """Whether one of its discoverySelectors matches a namespace; without any, all do
    (istio 1.30.3: pkg/kube/namespace/filter.go).
    """
    selectors, labels = config.discovery_selectors, namespace_labels(namespace)
    return not selectors or bool(Seen(selectors).where(lambda it: it.matches(labels)))


def _looks_at(instance: Instance, name: str) -> bool:
    """Whether an istiod was not told to look at one other namespace alone."""
    alone = setting(instance.thing, ALONE)
    return not alone or alone.value in ("", name)


SCOPES = Model("scopes", (RUNNING_MESHES, MESH_CONFIGS, VERSIONS, NAMESPACE), Scopes)
