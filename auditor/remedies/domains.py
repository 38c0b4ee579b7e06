"""How to make a mesh accept the trust domains of the others."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import SAIL_ISTIO
from auditor.models.installers import INSTALLERS
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh, Pair
from auditor.models.trust_domains import (
    FIRST_WITH_ALIASES_OF_SERVERS,
    TRUST_DOMAINS,
    Taking,
)
from auditor.models.versions import VERSIONS
from auditor.remedies.telling import tell
from auditor.remedies.wanted import Wanted
from auditor.remedy import Command, Remedy, Step
from auditor.seen import Seen


@dataclass(frozen=True)
class DomainRemedies:
    """What mends the trust of a mesh in names. What was not seen is left out: a remedy mends what
    was found.
    """

    cluster: Cluster

    def accept(self, mesh: Mesh) -> Remedy:
        """Let a mesh take the trust domains of all others for aliases of its own."""
        title = f"let {mesh.id} accept the trust domains of the other meshes"
        refused = self._refused(mesh)
        steps: list[Step] = []
        for plane in mesh.control_planes:
            names = [it.domain.name for it in refused if it.config.plane == plane]
            steps += self._told(plane, tuple(dict.fromkeys(names)))
        return Remedy(title, tuple(steps))

    def _refused(self, mesh: Mesh) -> tuple[Taking, ...]:
        others = self.cluster.model(RUNNING_MESHES).where(lambda it: it.id != mesh.id)
        pairs = others.map(lambda it: Pair(mesh, it))
        takings = pairs.each(self.cluster.model(TRUST_DOMAINS).takings)
        return takings.where(lambda it: it.by is None).so_far

    def _told(self, plane: ControlPlane, names: tuple[str, ...]) -> tuple[Step, ...]:
        if Seen((plane,)).where(self.cluster.model(TRUST_DOMAINS).overlooks_aliases).so_far:
            said = f"upgrade revision {plane.revision} in {plane.namespace} to Istio "
            said += f"1.{FIRST_WITH_ALIASES_OF_SERVERS} or later, whose clients look at "
            return (Command(f"{said}trustDomainAliases, or give all meshes one trust domain"),)
        wanted = Wanted(self.cluster.now, domains=names)
        return tell(self.cluster, plane, wanted)


DOMAIN_REMEDIES = Model(
    "trust domain remedies",
    (RUNNING_MESHES, TRUST_DOMAINS, MESH_CONFIGS, INSTALLERS, VERSIONS, SAIL_ISTIO),
    DomainRemedies,
)
