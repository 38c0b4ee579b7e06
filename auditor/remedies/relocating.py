"""How the workloads of a control plane come to ask for another revision."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.kinds import NAMESPACE
from auditor.models.injection import LEGACY
from auditor.models.istiod import DEFAULT, REVISION
from auditor.models.meshes import MESHES, ControlPlane
from auditor.models.proxies import proxies_of
from auditor.objects import Obj
from auditor.remedies.joining import asking_for
from auditor.remedy import Command, Step


def relocated(cluster: Cluster, plane: ControlPlane, name: str) -> Iterator[Step]:
    """Each namespace that asks for it and has its proxies: a label, and a restart.

    For rules that read the namespaces, the pods and the workloads. By what was seen: two
    meshes may answer to one revision, so that the proxies must tell whose a namespace is.
    """
    meshes = [it for it in cluster.model(MESHES).so_far if plane in it.control_planes]
    theirs = {pod.namespace for mesh in meshes for pod in proxies_of(cluster, mesh).so_far}
    asking = [
        it for it in cluster[NAMESPACE].so_far if it.name in theirs and _asks(it, plane.revision)
    ]
    for namespace in asking:
        yield from asking_for(namespace, name, cluster).steps
    others = "what else asks for it" if asking else "its namespaces"
    text = f"label {others} {REVISION}={name} and restart the workloads there; this finds them"
    labels = [f"{REVISION}={plane.revision}"]
    labels += [f"{LEGACY}=enabled"] if plane.revision == DEFAULT else []
    for label in labels:
        yield Command(text, f"kubectl get namespace,pod -A -l {shlex.quote(label)}")


def _asks(namespace: Obj, revision: str) -> bool:
    by_default = revision == DEFAULT and namespace.label(LEGACY).held == "enabled"
    return by_default or str(namespace.label(REVISION).held or "") == revision
