"""Restarts of the pods whose proxies lack something that a new proxy is given."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from auditor.cluster import Cluster
from auditor.models.containers import container
from auditor.models.mesh_config import XDS_AGENT
from auditor.models.meshes import Mesh
from auditor.models.proxies import PROXY, proxies_of
from auditor.objects import Obj
from auditor.remedies.wanted import with_variables
from auditor.remedy import Command, Consequence

RESTARTED = {"StatefulSet": "statefulset", "DaemonSet": "daemonset"}


OLDER = "restart the workloads whose proxies are older than the setting"


def restarted(cluster: Cluster, mesh: Mesh, why: str) -> Iterator[Command]:
    """The commands that make all proxies of a mesh anew, its gateways too, as far as they were
    seen. For rules that read the pods.
    """
    pods = proxies_of(cluster, mesh).so_far
    text = f"restart the workloads of {mesh.id}, its gateways too, {why}"
    found = [replace(it, effects=()) for it in restarts(pods, text)]
    yield from found or (Command(text),)


def restarts(pods: Iterable[Obj], text: str = OLDER) -> Iterator[Command]:
    """The commands that make pods anew, one for the workloads of a namespace."""
    by_namespace: dict[str, list[Obj]] = {}
    for pod in pods:
        by_namespace.setdefault(pod.namespace, []).append(pod)
    for namespace, here in sorted(by_namespace.items()):
        rolling = [pod for pod in here if _workload(pod)]
        single = [pod for pod in here if not _workload(pod)]
        if rolling:
            names = " ".join(dict.fromkeys(shlex.quote(_workload(pod)) for pod in rolling))
            yield Command(
                text,
                f"kubectl rollout restart -n {shlex.quote(namespace)} {names}",
                tuple(map(_restarted, rolling)),
            )
        for pod in single:
            owner = next((str(it) for it in _owners(pod)), "")
            then = f"{owner} makes it anew" if owner else "then apply its own manifest again"
            alone = f"delete Pod {pod.namespace}/{pod.name}; {then}"
            yield Command(alone, f"kubectl delete {pod.ref.target}", (_restarted(pod),))


def edit(pod: Obj) -> str:
    """The command that opens what a pod is made from."""
    workload = _workload(pod)
    if not workload:
        return f"kubectl edit {pod.ref.target}"
    return f"kubectl edit -n {shlex.quote(pod.namespace)} {shlex.quote(workload)}"


def _workload(pod: Obj) -> str:
    """What `kubectl rollout restart` makes a pod anew by; empty where it cannot."""
    for owner in pod.at("metadata", "ownerReferences").each():
        kind, name = str(owner.at("kind").held), str(owner.at("name").held)
        if kind == "ReplicaSet":
            return f"deployment/{name.rpartition('-')[0] or name}"
        if kind in RESTARTED:
            return f"{RESTARTED[kind]}/{name}"
    return ""


def _owners(pod: Obj) -> Iterator[str]:
    for owner in pod.at("metadata", "ownerReferences").each():
        yield f"{owner.at('kind').held} {owner.at('name').held}"


def _restarted(pod: Obj) -> Consequence:
    """The pod with the setting that its proxy is started with."""
    proxy = container(pod, PROXY)
    held: list[Any] = proxy.at("env").held if isinstance(proxy.at("env").held, list) else []
    others = [it for it in held if not (isinstance(it, dict) and it.get("name") == XDS_AGENT)]
    variables = [*others, {"name": XDS_AGENT, "value": "true"}]
    return Consequence(pod.ref, with_variables(pod, proxy, variables), f"{pod.ref} starts anew")
