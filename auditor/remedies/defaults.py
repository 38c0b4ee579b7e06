"""What to do where something relies on a default revision that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.models.injection import INJECTORS, live_revisions
from auditor.models.istiod import DEFAULT, ISTIO, REVISION
from auditor.models.meshes import running_control_planes
from auditor.models.validation import VALIDATORS
from auditor.objects import Obj
from auditor.remedies.joining import relabelled
from auditor.remedies.leftovers import tag_set
from auditor.remedy import Label, Remedy


def default_set(cluster: Cluster) -> list[Remedy]:
    """A default made of each revision of upstream Istio that runs. SDM's can be none."""
    planes = [it for it in running_control_planes(cluster).so_far if it.family == ISTIO]
    ordered = sorted(planes, key=lambda it: it.revision, reverse=True)
    return [tag_set(f"make {it.revision} the default", DEFAULT, it, cluster) for it in ordered]


def named_in(workload: Obj, cluster: Cluster) -> list[Remedy]:
    """A revision named in a template, one remedy for each that is there."""
    there = sorted(set(live_revisions(cluster.model(INJECTORS)).so_far))
    return [Remedy(f"let it ask for {it}", (relabelled(workload, it),)) for it in there]


def checked_by_its_mesh(thing: Obj, cluster: Cluster) -> Iterator[Remedy]:
    """An Istio object given to one mesh alone, where that has a validator for it."""
    for revision in sorted({it.revision for it in running_control_planes(cluster).so_far}):
        if cluster.model(VALIDATORS).called_if(thing, revision).so_far:
            step = Label(thing.ref, REVISION, revision)
            yield Remedy(f"let {revision} alone read and check it", (step,))
