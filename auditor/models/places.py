"""Where control planes are, or are told to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import APPLICATION_MANIFEST
from auditor.models.hints import OUTSIDE
from auditor.models.istiod import SDM
from auditor.models.meshes import MESHES, Mesh
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen


@dataclass(frozen=True)
class Place:
    """A namespace that a mesh has its control plane in, or is told to install it in."""

    namespace: str
    family: str
    said: str
    by: Mesh | Obj
    """The mesh, or the ApplicationManifest that tells SDM where to install."""
    fields: tuple[Field, ...]

    @property
    def ref(self) -> Ref:
        """The namespace."""
        return Ref("Namespace", self.namespace, version="v1")


def _places(cluster: Cluster) -> Seen[Place]:
    inside = cluster.model(MESHES).where(lambda mesh: mesh.family != OUTSIDE)
    return inside.map(_of_mesh) + cluster[APPLICATION_MANIFEST].each(_of_manifest)


def _of_mesh(mesh: Mesh) -> Place:
    shown = tuple(field for plane in mesh.control_planes for field in plane.shown_by)
    return Place(mesh.namespace, mesh.family, mesh.id, mesh, shown)


def _of_manifest(manifest: Obj) -> Iterator[Place]:
    operator = manifest.at("spec", "istioOperator")
    namespace = operator.at("namespace")
    if namespace and operator.at("enabled").value is not False:
        said = f"SDM (so {manifest.ref} says)"
        yield Place(str(namespace.value), SDM, said, manifest, (namespace,))


PLACES: Model[Seen[Place]] = Model("places", (MESHES, APPLICATION_MANIFEST), _places)


def control_plane_namespaces(cluster: Cluster) -> Seen[Place]:
    """Every namespace of a control plane, running or declared."""
    return cluster.model(PLACES)
