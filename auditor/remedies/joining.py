"""How a namespace or a workload comes to ask for a revision: labels, then a restart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from auditor.cluster import Cluster
from auditor.models.containers import pod_template
from auditor.models.injection import INJECTORS, LEGACY, live_revisions, namespace_labels, wanted_by
from auditor.models.istiod import REVISION
from auditor.models.workloads import restarts
from auditor.objects import Obj
from auditor.remedy import Command, Label, Patch, Remedy


def ways_to_choose(namespace: Obj, cluster: Cluster) -> list[Remedy]:
    """A remedy for each revision and tag that the namespace may ask for, the likeliest first.

    For rules that read the injectors and the workloads. It goes by what was seen.
    """
    injectors = cluster.model(INJECTORS)
    others = namespace_labels(namespace, without=(LEGACY, REVISION))
    there = set(live_revisions(injectors, others).so_far)
    named = str(namespace.label(REVISION).held or "")
    got = [n for it in wanted_by(injectors, namespace).so_far for n in (it.target, it.answers_to)]
    first = [name for name in (named, *got) if name in there]
    names = dict.fromkeys((*first, *most_alike(named, there)))
    return [Remedy(f"let it ask for {it}", tuple(_steps(namespace, it, cluster))) for it in names]


def most_alike(name: str, names: Iterable[str]) -> list[str]:
    """Names in the order of their likeness to one that is not there."""
    return sorted(names, key=lambda it: (-SequenceMatcher(None, name, it).ratio(), it))


def relabelled(workload: Obj, name: str | None) -> Patch:
    """The pods of a workload made to ask for a revision or, with None, for none."""
    patch: dict[str, Any] = {"metadata": {"labels": {REVISION: name}}}
    for step in reversed(pod_template(workload).path):
        patch = {str(step): patch}
    return Patch(workload.ref, patch)


def _steps(namespace: Obj, name: str, cluster: Cluster) -> Iterator[Label | Command]:
    if namespace.label(LEGACY):
        yield Label(namespace.ref, LEGACY)
    if namespace.label(REVISION).held != name:
        yield Label(namespace.ref, REVISION, name)
    for command in restarts(cluster, namespace.name):
        yield Command("restart its workloads", command)
