"""What to do where something relies on a default revision that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.cluster import Cluster
from auditor.models.choices import CHOICES
from auditor.models.containers import pod_template
from auditor.models.injection import INJECTORS, Injector
from auditor.models.istiod import DEFAULT, ISTIO, REVISION
from auditor.models.meshes import ControlPlane, running_control_planes
from auditor.models.validation import VALIDATORS
from auditor.models.versions import VERSIONS
from auditor.objects import Obj
from auditor.remedies.joining import relabelled
from auditor.remedies.leftovers import tag_set
from auditor.remedy import Label, Remedy
from auditor.seen import Seen

FIRST_WITH_TAGS = 10
"""Before, the default is what is installed without a revision (istio 1.10.6:
istio-discovery/templates/revision-tags.yaml)."""


def default_set(cluster: Cluster) -> list[Remedy]:
    """A default made of each revision of upstream Istio that runs. SDM's can be none."""
    running = running_control_planes(cluster).so_far
    planes = [it for it in running if it.family == ISTIO and _may_be_tagged(it, cluster)]
    ordered = sorted(planes, key=lambda it: it.revision, reverse=True)
    return [tag_set(f"make {it.revision} the default", DEFAULT, it, cluster) for it in ordered]


def _may_be_tagged(plane: ControlPlane, cluster: Cluster) -> bool:
    said = Seen((plane,)).each(cluster.model(VERSIONS).of).so_far
    return all(it.version is None or it.version.is_since(FIRST_WITH_TAGS) for it in said)


def named_in(workload: Obj, cluster: Cluster) -> list[Remedy]:
    """A revision named in a template, one remedy for each that is there and asks the pods."""
    around = cluster.model(CHOICES).labels_of(workload.namespace)
    labels = pod_template(workload).at("metadata", "labels")
    held = labels.held if isinstance(labels.held, Mapping) else {}

    def answers(injector: Injector) -> bool:
        asking = labels.holding({**held, REVISION: injector.answers_to})
        return injector.selects(around, asking)

    there = cluster.model(INJECTORS).where(answers).map(lambda it: it.answers_to)
    names = sorted(set(there.so_far))
    return [Remedy(f"let it ask for {it}", (relabelled(workload, it),)) for it in names]


def checked_by_its_mesh(thing: Obj, cluster: Cluster) -> Iterator[Remedy]:
    """An Istio object given to one mesh alone, where that has a validator for it."""
    for revision in sorted({it.revision for it in running_control_planes(cluster).so_far}):
        if cluster.model(VALIDATORS).called_if(thing, revision).so_far:
            step = Label(thing.ref, REVISION, revision)
            yield Remedy(f"let {revision} alone read and check it", (step,))
