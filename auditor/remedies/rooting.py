"""How to give each mesh a root namespace of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import SAIL_ISTIO
from auditor.models.installers import INSTALLERS
from auditor.models.istiod import SDM
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import MESHES
from auditor.models.root_namespaces import RootNamespace
from auditor.models.versions import VERSIONS
from auditor.remedies.renaming import RENAMING
from auditor.remedies.telling import tell
from auditor.remedies.wanted import Wanted
from auditor.remedy import Remedy, Step


@dataclass(frozen=True)
class RootRemedies:
    """A mesh goes back to its own namespace, or where two share that, one of them moves."""

    cluster: Cluster

    def apart(self, shared: Iterable[RootNamespace]) -> Iterator[Remedy]:
        """For each mesh that has its root namespace elsewhere, else for each that can move.

        SDM's operator sets its root namespace to its own, whatever it is told.
        """
        by_mesh: dict[str, list[RootNamespace]] = {}
        for root in shared:
            by_mesh.setdefault(root.mesh, []).append(root)
        away = {mesh: roots for mesh, roots in by_mesh.items() if not roots[0].is_its_own}
        if away:
            yield from (self._at_home(mesh, roots) for mesh, roots in away.items())
            return
        for mesh, roots in by_mesh.items():
            plane = roots[0].plane
            if plane.family != SDM:
                place = f"{plane.namespace}-{plane.family}"
                steps = self.cluster.model(RENAMING).steps(plane, place)
                yield Remedy(f"move {mesh}", tuple(steps))

    def _at_home(self, mesh: str, roots: list[RootNamespace]) -> Remedy:
        steps: list[Step] = []
        for root in roots:
            settings = {"rootNamespace": root.plane.namespace}
            wanted = Wanted(self.cluster.now, settings=settings)
            steps += tell(self.cluster, root.plane, wanted)
        title = f"copy what is meant for {mesh} into its own namespace, and make that its root"
        return Remedy(title, tuple(steps))


ROOT_REMEDIES = Model(
    "remedies for root namespaces",
    (MESHES, MESH_CONFIGS, INSTALLERS, VERSIONS, RENAMING, SAIL_ISTIO),
    RootRemedies,
)
