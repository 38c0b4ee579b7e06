"""The root namespace of each control plane, from which it configures its whole mesh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh, running_control_planes
from auditor.objects import Field, Ref
from auditor.seen import Gap, Seen, Unseen


@dataclass(frozen=True)
class RootNamespace:
    """A namespace that a control plane reads the configuration of its whole mesh from."""

    plane: ControlPlane
    config: MeshConfig
    field: Field
    """`rootNamespace`, as its mesh configuration has it."""

    @property
    def namespace(self) -> str:
        return str(self.field.value)

    @property
    def ref(self) -> Ref:
        """The namespace."""
        return Ref("Namespace", self.namespace, version="v1")

    @property
    def mesh(self) -> str:
        """The id of the mesh that it is of."""
        return Mesh(self.plane.family, self.plane.namespace, ()).id

    @property
    def is_its_own(self) -> bool:
        """Whether the control plane itself lives there, as the installers have it."""
        return self.namespace == self.plane.namespace


def _roots(cluster: Cluster) -> Seen[RootNamespace]:
    configs = cluster.model(MESH_CONFIGS)
    planes = running_control_planes(cluster)
    return planes.each(lambda plane: configs.of(plane).each(lambda it: _root(plane, it)))


def _root(plane: ControlPlane, config: MeshConfig) -> Iterator[RootNamespace]:
    """The one that a configuration names, as those of all charts since 1.9 do.

    Where istiod takes none it falls back to one that is built in, or to what it last took.
    """
    named = config.at("rootNamespace")
    if not named.value:
        why = f"istiod does not take it: {config.problem}" if config.problem else "it names none"
        raise Unseen(Gap(f"the root namespace in {config.text.ref}", why))
    yield RootNamespace(plane, config, named)


ROOT_NAMESPACES: Model[Seen[RootNamespace]] = Model(
    "root namespaces", (RUNNING_MESHES, MESH_CONFIGS), _roots
)


def root_namespaces(cluster: Cluster) -> Seen[RootNamespace]:
    """The root namespace of every control plane that runs."""
    return cluster.model(ROOT_NAMESPACES)
