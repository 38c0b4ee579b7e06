"""What to do about a template that asks for a mesh which its namespace does not give it."""

from __future__ import annotations

from auditor.cluster import Cluster
from auditor.kinds import NAMESPACE
from auditor.models.injection import LEGACY, Injector
from auditor.models.workloads import restart_of
from auditor.objects import Obj, Ref
from auditor.remedies.joining import let_in, relabelled, ways_to_choose
from auditor.remedy import Command, Label, Remedy


def settled_with_its_namespace(workload: Obj, asked: str, cluster: Cluster) -> list[Remedy]:
    """Ways to make a template and its namespace agree, for a template that asks for `asked`.

    For rules that read the namespaces, the injectors and the workloads. By what was seen.
    """
    leave = Remedy("leave it to its namespace", (relabelled(workload, None),))
    for namespace in cluster.shown(NAMESPACE, workload.namespace):
        if namespace.label(LEGACY).held == "disabled":
            return [leave, pods_choose(workload)]
        whole = ways_to_choose(namespace, cluster)
        steps = [it.steps for it in whole if it.title == f"let it ask for {asked}"]
        return [leave, *(Remedy(f"let its namespace ask for {asked}", it) for it in steps)]
    return [leave]


def pods_choose(workload: Obj) -> Remedy:
    """No more label on the namespace that keeps every mesh out, then a restart."""
    namespace = Ref("Namespace", workload.namespace, version="v1")
    restart = Command(f"restart {workload.ref}", restart_of(workload))
    return Remedy("let the pods of its namespace choose", (Label(namespace, LEGACY), restart))


def namespace_asking(name: str, cluster: Cluster) -> list[Remedy]:
    """A namespace made to ask, one remedy for each revision that answers to namespaces."""
    found = (it for it in cluster[NAMESPACE].so_far if it.name == name)
    ways = (way for namespace in found for way in ways_to_choose(namespace, cluster))
    return [Remedy(f"{it.title}, with its namespace", it.steps) for it in ways]


def namespace_let_in(name: str, injector: Injector, cluster: Cluster) -> list[Remedy]:
    """How a webhook comes to see the pods of a namespace that it leaves out."""
    found = (it for it in cluster[NAMESPACE].so_far if it.name == name)
    return [way for namespace in found for way in let_in(namespace, injector, cluster)]
