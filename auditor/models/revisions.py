"""Who claims which value of `istio.io/rev`: as the revision of a control plane, or as a tag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import ISTIO_OPERATOR, SAIL_ISTIO, SAIL_REVISION, SAIL_TAG
from auditor.models import declared
from auditor.models.declared import Declaration, declarations
from auditor.models.hints import OUTSIDE
from auditor.models.injection import INJECTORS, Injector
from auditor.models.istiod import ISTIO, SDM, revision_field
from auditor.models.meshes import MESHES, ControlPlane, Mesh
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen


@dataclass(frozen=True)
class RevisionClaim:
    """A mesh's claim on a value of `istio.io/rev`, and the field that makes it."""

    name: str
    owner: str
    """The id of the mesh. A tag may outlive its mesh, which is then named all the same."""
    field: Field
    is_tag: bool = False


@dataclass(frozen=True)
class Revision:
    """A value of `istio.io/rev` that some mesh answers to."""

    name: str

    @property
    def ref(self) -> Ref:
        return Ref("Revision", self.name)


def _claims(cluster: Cluster) -> Seen[RevisionClaim]:
    meshes = cluster.model(MESHES)
    tags = cluster.model(INJECTORS).where(lambda it: it.tag)
    found = (
        meshes.each(_of_mesh)
        + tags.map(lambda it: _of_tag(it, meshes))
        + declarations(cluster).each(_listed_tags)
        + cluster[SAIL_TAG].each(lambda tag: _of_resource(tag, cluster))
    )
    return Seen(tuple(dict.fromkeys(found.so_far)), found.gaps)


def _of_mesh(mesh: Mesh) -> Iterator[RevisionClaim]:
    for plane in mesh.control_planes:
        for field in _shown_by(plane):
            yield RevisionClaim(plane.revision, mesh.id, field)


def _shown_by(plane: ControlPlane) -> Iterator[Field]:
    """The fields that say its revision: of what runs it, and of what declares it."""
    yield from (revision_field(it.thing) for it in plane.instances.so_far[:1])
    yield from (_declared_revision(it.resource) for it in plane.declared)
    yield from (hint.field for hint in plane.called_by[:1])


def _declared_revision(resource: Obj) -> Field:
    if resource.kind == ISTIO_OPERATOR:
        return resource.at("spec", "revision")
    return resource.at("metadata", "name")


def _of_tag(injector: Injector, meshes: Seen[Mesh]) -> RevisionClaim:
    mesh = meshes.where(injector.calls).first()
    owner = mesh.id if mesh else _gone(injector)
    return RevisionClaim(injector.answers_to, owner, injector.tag, is_tag=True)


def _gone(injector: Injector) -> str:
    """The mesh whose control plane a tag was made for, where there is none any more."""
    if not injector.called.service:
        return f"{OUTSIDE}.{injector.place}"
    return f"{SDM if '.' in injector.target else ISTIO}.{injector.place}"


def _listed_tags(declaration: Declaration) -> Iterator[RevisionClaim]:
    """The tags in the values of an IstioOperator or of Sail's resources."""
    for tag in declaration.resource.at("spec", "values", "revisionTags").each():
        owner = f"{declaration.family}.{declaration.namespace}"
        yield RevisionClaim(str(tag.value), owner, tag, is_tag=True)


def _of_resource(tag: Obj, cluster: Cluster) -> Iterator[RevisionClaim]:
    """An IstioRevisionTag, whose mesh is that of the resource it points to, if it is there."""
    target = tag.at("spec", "targetRef")
    kind = SAIL_ISTIO if target.at("kind").value == SAIL_ISTIO.name else SAIL_REVISION
    if pointed := cluster.find(kind, str(target.at("name").value)):
        owner = f"{ISTIO}.{pointed.at('spec', 'namespace').value}"
        yield RevisionClaim(tag.name, owner, tag.at("metadata", "name"), is_tag=True)


REVISIONS = Model("revisions", (MESHES, INJECTORS, SAIL_TAG, *declared.KINDS), _claims)


def revisions_and_tags(cluster: Cluster) -> Seen[Revision]:
    """Every value of `istio.io/rev` that some mesh answers to."""
    claims = cluster.model(REVISIONS)
    names = dict.fromkeys(claim.name for claim in claims.so_far)
    return Seen(tuple(map(Revision, names)), claims.gaps)
