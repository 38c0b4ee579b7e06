"""How to let one mesh alone read an Istio object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.models.istiod import REVISION
from auditor.models.meshes import Mesh
from auditor.models.readership import READERSHIP, reads_all
from auditor.objects import Obj
from auditor.remedies.scoping import SCOPING_REMEDIES
from auditor.remedy import Command, Label, Remedy
from auditor.seen import Seen


@dataclass(frozen=True)
class ReadingRemedies:
    """A label for one object, or a part of the cluster for each mesh."""

    cluster: Cluster

    def one_reader(self, thing: Obj, meshes: tuple[Mesh, ...]) -> Iterator[Remedy]:
        """Its mesh first: the one that keeps its configuration where the object is, then the
        one that has proxies there.
        """
        readership = self.cluster.model(READERSHIP)
        rooted = Seen(meshes).where(lambda it: readership.is_rooted(it, thing)).so_far
        there = Seen(meshes).where(lambda it: readership.has_proxies_in(it, thing.namespace)).so_far
        for mesh in {it.id: it for it in (*rooted, *there, *meshes)}.values():
            others = [it for it in meshes if it.id != mesh.id]
            if revision := _of_it_alone(mesh, others):
                step = Label(thing.ref, REVISION, revision)
                yield Remedy(f"let {mesh.id} alone read it", (step,))
        yield from self.cluster.model(SCOPING_REMEDIES).parted(meshes, with_configuration=True)
        names = [name for mesh in meshes for name in mesh.revisions]
        if len(names) > len(set(names)):
            text = "give one of the meshes another revision, as revisions-distinct says"
            yield Remedy("let labels tell the meshes apart", (Command(text),))
        for mesh in meshes:
            if Seen(mesh.control_planes).where(reads_all).so_far:
                text = (
                    f"give the control plane of {mesh.id} a revision of its own (REVISION), or let"
                )
                text += " its meshConfig.discoverySelectors leave the namespace out"
                last = Command("label the object with the revision that it is for")
                yield Remedy(f"keep {mesh.id} from reading all", (Command(text), last))


def _of_it_alone(mesh: Mesh, others: list[Mesh]) -> str | None:
    """The one revision of a mesh, where naming it keeps the others away."""
    running = Seen(mesh.control_planes).where(lambda it: it.runs).so_far
    rivals = Seen(tuple(others)).each(lambda it: it.control_planes)
    taken = rivals.where(
        lambda it: any(plane.revision == it.revision for plane in running) or reads_all(it)
    )
    if len(running) != 1 or taken.so_far or reads_all(running[0]):
        return None
    return running[0].revision


READING_REMEDIES = Model("remedies for readers", (READERSHIP, SCOPING_REMEDIES), ReadingRemedies)
