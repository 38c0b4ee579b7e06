"""What to do where something asks for a revision that does not run."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.models.istiod import REVISION
from auditor.models.meshes import control_planes
from auditor.objects import Obj
from auditor.remedy import Command, Label, Remedy, Step


def where_nothing_answers(asking: Obj, revision: str, cluster: Cluster) -> list[Remedy]:
    """Its control plane comes up, or the label goes. For rules that read the meshes."""
    off = Remedy("let it ask for none until then", (Label(asking.ref, REVISION),))
    return [Remedy(f"bring {revision} up", tuple(_brought_up(revision, cluster))), off]


def _brought_up(revision: str, cluster: Cluster) -> Iterator[Step]:
    planes = control_planes(cluster).where(lambda it: it.revision == revision).so_far
    declared = [it.resource for plane in planes for it in plane.declared]
    for resource in declared:
        read = f"see in the status of {resource.ref} why it is not carried out"
        yield Command(read, f"kubectl describe {resource.ref.target}")
    for plane in planes:
        for instance in plane.instances.so_far[:1]:
            command = f"kubectl scale {instance.ref.target} --replicas=1"
            yield Command(f"let {instance.ref} run again", command)
    if not planes:
        yield Command(f"install a control plane of revision {revision}")
