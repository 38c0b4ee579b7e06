"""Who may write the Istio CRDs beside the installer that owns them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.kinds import CONFIG_MAP, ISTIO_OPERATOR, SECRET
from auditor.models.crd_owners import (
    CRD_OWNERS,
    MANAGED_BY,
    OSSM_VERSION,
    SDM_COPY,
    SDM_REVISION,
    SDM_VALUE,
    Owner,
    Ownership,
)
from auditor.models.crd_releases import Rendered, rendered_by
from auditor.models.crd_settings import TEMPLATED, Said, said_by_operator, said_by_values
from auditor.models.crd_writers import last_writer
from auditor.models.declared import declared_namespace
from auditor.models.installers import HELM, IGNORED, IN_CLUSTER, ISTIOCTL
from auditor.models.istiod import DEFAULT, ISTIO, OSSM, REVISION, SDM
from auditor.models.meshes import MESHES, RUNNING_MESHES, Mesh
from auditor.models.operators import OPERATORS
from auditor.models.releases import releases_in
from auditor.models.texts import parsed
from auditor.models.versions import VERSIONS
from auditor.objects import Field, Obj
from auditor.seen import Seen

RECORDED = 26
"""From here on istiod's chart keeps the values it was given, in a ConfigMap."""


@dataclass(frozen=True)
class Rival:
    """A CRD that somebody else owns, or wrote before, and the fields that say so."""

    owned: Ownership
    said: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Party:
    """A mesh, as far as its installer writes CRDs: where it is and which revisions it has."""

    mesh_id: str
    namespace: str
    revisions: frozenset[str]


@dataclass(frozen=True)
class CrdWriting:
    """Tells what each party may do to the CRDs, and whose they are beside it."""

    cluster: Cluster

    def party_of(self, thing: Mesh | Obj) -> Party:
        """The mesh that a mesh is, or that an IstioOperator is about."""
        if isinstance(thing, Mesh):
            return Party(thing.id, thing.namespace, frozenset(thing.revisions))
        namespace = str(declared_namespace(thing).value)
        mesh_id = f"{ISTIO}.{namespace}"
        own = str(thing.at("spec", "revision").value or DEFAULT)
        same = self.cluster.model(MESHES).where(lambda it: it.id == mesh_id)
        return Party(mesh_id, namespace, frozenset((own, *same.each(lambda it: it.revisions))))

    def other_mesh(self, party: Party) -> Mesh | None:
        """A mesh that runs beside it."""
        running = self.cluster.model(RUNNING_MESHES)
        return running.where(lambda it: it.id != party.mesh_id).first()

    def rivals(self, party: Party) -> Seen[Rival]:
        """CRDs that are not a party's alone."""
        return self.cluster.model(CRD_OWNERS).each(lambda it: self._rivals_on(it, party))

    def written(self, party: Party) -> Seen[Ownership]:
        """CRDs that carry the marks of a party's installer."""
        crds = self.cluster.model(CRD_OWNERS)
        return crds.where(lambda it: any(self._is_of(owner, it, party) for owner in it.owners))

    def _rivals_on(self, owned: Ownership, party: Party) -> Iterator[Rival]:
        for owner in owned.owners:
            if owner.writes and not self._is_of(owner, owned, party):
                yield Rival(owned, owner.said, owner.marks)
        trace = owned.crd.label(SDM_REVISION)
        if trace and owned.crd.label(MANAGED_BY).value != SDM_VALUE:
            yield Rival(owned, "SDM's operator, whose label is on it", (trace,))

    def _is_of(self, owner: Owner, owned: Ownership, party: Party) -> bool:
        """Whether an owner of a CRD is the installer of a party.

        What istioctl wrote is of any of its meshes, unless it names a revision of another.
        """
        if owner.installer == HELM:
            return owner.name.rpartition("/")[0] == party.namespace
        if owner.installer == OSSM:
            return party.mesh_id.startswith(f"{OSSM}.")
        if owner.installer != ISTIOCTL or not party.mesh_id.startswith(f"{ISTIO}."):
            return False
        revision = str(owned.crd.label(REVISION).value or "")
        if not revision or revision in party.revisions:
            return True
        others = self.cluster.model(MESHES).where(lambda it: it.id != party.mesh_id)
        return not others.where(lambda it: revision in it.revisions)

    def follows(self, resource: Obj) -> bool:
        """Whether somebody acts upon an IstioOperator: its operator, or istioctl, which made it."""
        if resource.annotation(IGNORED).value == "true":
            return True
        operators = self.cluster.model(OPERATORS).where(lambda it: it.kind == IN_CLUSTER)

        def watched(places: object) -> bool:
            return not places or resource.namespace in str(places).split(",")

        return bool(operators.where(lambda it: it.runs and watched(it.watches.value)))

    def version_of(self, party: Party, revision: str) -> Version | None:
        """The version of the control plane of a revision, which its installer shares."""
        meshes = self.cluster.model(MESHES).where(lambda it: it.id == party.mesh_id)
        planes = meshes.each(lambda it: it.control_planes)
        planes = planes.where(lambda it: it.revision == revision)
        said = planes.each(self.cluster.model(VERSIONS).of).first()
        return said.version if said else None

    def said_by(self, resource: Obj, party: Party) -> Said:
        """What an IstioOperator says."""
        version = self.version_of(party, str(resource.at("spec", "revision").value or DEFAULT))
        version = version or Version.parse(str(resource.at("spec", "tag").value or ""))
        return said_by_operator(resource.at("spec"), version)

    def configured_by(self, mesh: Mesh) -> Obj | None:
        """The IstioOperator that a mesh of upstream is configured by."""
        resources = self.cluster[ISTIO_OPERATOR].where(self.follows)
        return resources.where(lambda it: declared_namespace(it).value == mesh.namespace).first()

    def taken(self, party: Party) -> Rival | None:
        """A CRD that a party's installer wrote, and that somebody else claims too."""
        written = tuple(it.ref for it in self.written(party))
        return self.rivals(party).where(lambda it: it.owned.ref in written).first()

    def kept(self, mesh: Mesh, installer: str) -> Said | None:
        """What the settings say that the installer of a mesh keeps in the cluster, if any.

        The values that istioctl recorded, all of its revisions' alike; or those of the Helm
        release of chart base in the namespace of the mesh.
        """
        if installer == HELM:
            return self._rendered(mesh).map(lambda it: it.said).first()
        said = [self._recorded(mesh, revision) for revision in mesh.revisions]
        if installer != ISTIOCTL or None in said:
            return None
        return min((it for it in said if it), key=lambda it: it.spares, default=None)

    def _rendered(self, mesh: Mesh) -> Seen[Rendered]:
        return releases_in(self.cluster, mesh.namespace).each(rendered_by)

    def rendered(self, mesh: Mesh) -> tuple[Rendered, Rival] | None:
        """A CRD that a Helm release of a mesh writes at its next upgrade, and that is another's.

        The CRD need not show it: its marks may have been handed over, and not the release.
        """
        party = self.party_of(mesh)
        rivals = self.rivals(party)
        versions = [self.version_of(party, it) for it in mesh.revisions]
        if not rivals or not any(it is None or it.is_since(TEMPLATED) for it in versions):
            return None
        both = self._rendered(mesh).each(
            lambda it: ((it, rival) for rival in rivals if rival.owned.crd.name in it.names)
        )
        return both.first()

    def _recorded(self, mesh: Mesh, revision: str) -> Said | None:
        version = self.version_of(self.party_of(mesh), revision)
        if version is None or not version.is_since(RECORDED):
            return None
        name = "values" if revision == DEFAULT else f"values-{revision}"
        values = self.cluster.find(CONFIG_MAP, name, mesh.namespace)
        text = values.at("data", "original-values") if values else None
        return said_by_values(parsed(text), version) if text else None

    def unknown_to_ossm(self) -> Seen[Ownership]:
        """CRDs that the operator of OpenShift Service Mesh 2 would replace, as it does with all
        that do not carry its label (maistra/istio-operator 2.0 to 2.5: pkg/bootstrap/crds.go).
        """
        return self.cluster.model(CRD_OWNERS).where(lambda it: not it.crd.label(OSSM_VERSION))

    def sdm_wrote_last(self) -> Seen[Rival]:
        """CRDs that are not SDM's, and that its operator wrote last, by managedFields."""
        return self.cluster.model(CRD_OWNERS).each(_written_by_sdm)


def _written_by_sdm(owned: Ownership) -> Iterator[Rival]:
    writer = last_writer(owned.crd)
    by_sdm = writer and writer.is_named_as_sdms and owned.crd.annotation(SDM_COPY)
    if writer and by_sdm and not any(owner.installer == SDM for owner in owned.owners):
        owner = owned.owner
        yield Rival(owned, owner.said, (*owner.marks, writer.field))


CRD_WRITING = Model(
    "writing of the CRDs",
    (CRD_OWNERS, MESHES, RUNNING_MESHES, VERSIONS, OPERATORS, ISTIO_OPERATOR, CONFIG_MAP, SECRET),
    CrdWriting,
)
