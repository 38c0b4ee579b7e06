"""What makes pods, again and again: Deployments, StatefulSets, DaemonSets and CronJobs.

A Job makes its pods once. What its template says of injection is past, not a choice.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from auditor.asked import asked_once
from auditor.cluster import Cluster
from auditor.kinds import CRON_JOB, DAEMON_SET, DEPLOYMENT, STATEFUL_SET
from auditor.models.containers import pod_template
from auditor.objects import Field, Obj
from auditor.seen import Seen

INJECT = "sidecar.istio.io/inject"
RESTARTED = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
"""The kinds that `kubectl rollout restart` knows."""
FEW = 10
"""How many workloads a command names."""
WORKLOADS = (*RESTARTED, CRON_JOB)


def workloads(cluster: Cluster) -> Seen[Obj]:
    """Everything that makes pods from a template."""
    found: Seen[Obj] = Seen()
    for kind in WORKLOADS:
        found += cluster[kind]
    return found


def kept_out_by(workload: Obj) -> Field | None:
    """What keeps sidecars out of its pods, whatever any selector says; None where nothing does.

    The label keeps the webhooks away. Istiod heeds the annotation where there is no label,
    and leaves pods on the network of their node alone
    (istio 1.13.9: pkg/kube/inject/inject.go injectRequired).
    """
    pod = pod_template(workload)
    label = pod.at("metadata", "labels", INJECT)
    annotation = pod.at("metadata", "annotations", INJECT)
    network = pod.at("spec", "hostNetwork")
    if network.value is True:
        return network
    said = label or annotation
    return said if said.value == "false" else None


def restart_of(workload: Obj) -> str:
    """The command that restarts a workload; none for what makes pods by the clock."""
    if workload.kind not in RESTARTED:
        return ""
    name = shlex.quote(workload.name)
    return (
        f"kubectl rollout restart {workload.kind.word} {name} -n {shlex.quote(workload.namespace)}"
    )


def restarts(cluster: Cluster, namespace: str) -> Iterator[str]:
    """The commands that restart the workloads which were seen in a namespace, by name.

    Those that want no sidecar stay as they are. Of many, all of their kind are restarted.
    """
    for kind in RESTARTED:
        if names := _of_sidecars(cluster.within(kind, namespace)):
            few = "".join(f" {shlex.quote(it)}" for it in names) if len(names) <= FEW else ""
            yield f"kubectl rollout restart {kind.word}{few} -n {shlex.quote(namespace)}"


@asked_once
def _of_sidecars(seen: Seen[Obj]) -> tuple[str, ...]:
    """The names of those that were seen to want sidecars; to advise: others need their own."""
    kept_out = {it.ref for it in seen.where(lambda it: kept_out_by(it) is not None).so_far}
    return tuple(it.name for it in seen.so_far if it.ref not in kept_out)
