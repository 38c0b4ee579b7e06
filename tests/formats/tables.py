"""Objects as `kubectl get` prints them without `-o`: a table, of which no object can be read.

(kubernetes: pkg/printers/internalversion/printers.go; cli-runtime: pkg/printers/tabwriter.go)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tests.formats.cluster_state import ClusterState, Manifest, Resource, namespace_of

_Cells = Callable[[Manifest], list[str]]
_COLUMNS: dict[str, tuple[tuple[str, ...], _Cells]] = {
    "secrets": (("TYPE", "DATA"), lambda it: [it.get("type", "Opaque"), _count(it, "data")]),
    "configmaps": (("DATA",), lambda it: [_count(it, "data")]),
    "namespaces": (("STATUS",), lambda _: ["Active"]),
    "pods": (("READY", "STATUS", "RESTARTS"), lambda _: ["1/1", "Running", "0"]),
    "services": (
        ("TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)"),
        lambda it: ["ClusterIP", it["spec"].get("clusterIP", "None"), "<none>", "15012/TCP"],
    ),
    "nodes": (
        ("STATUS", "ROLES", "AGE", "VERSION"),
        lambda it: ["Ready", "<none>", "68d", it["status"]["nodeInfo"]["kubeletVersion"]],
    ),
    "deployments": (("READY", "UP-TO-DATE", "AVAILABLE"), lambda _: ["1/1", "1", "1"]),
    "mutatingwebhookconfigurations": (("WEBHOOKS",), lambda it: [str(len(it["webhooks"]))]),
    "validatingwebhookconfigurations": (("WEBHOOKS",), lambda it: [str(len(it["webhooks"]))]),
}


def table(state: ClusterState, resource: Resource, namespace: str | None = None) -> str:
    """`kubectl get KIND`, of one namespace, or of all with a column for it."""
    things = state.of(resource, namespace)
    if not things:
        return "No resources found\n"
    titles, cells = _COLUMNS.get(resource.plural, ((), lambda _: []))
    with_namespace = resource.namespaced and namespace is None
    head = [*(["NAMESPACE"] if with_namespace else []), "NAME", *titles]
    aged = "AGE" not in head
    rows = [[*head, *(["AGE"] if aged else [])]]
    for it in things:
        start = [namespace_of(it)] if with_namespace else []
        end = [_age(it, state.taken_at)] if aged else []
        rows.append([*start, it["metadata"]["name"], *cells(it), *end])
    return aligned(rows)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Cells below each other, three spaces apart; the last column has no spaces behind it."""
    widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    lines = (
        "".join(cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True))
        + row[-1]
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def events_table(state: ClusterState) -> str:
    """`kubectl get events -A -o wide`."""
    events = state.of(state.resource("events"))
    if not events:
        return ""
    rows = [["NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]]
    for it in events:
        involved = it["involvedObject"]
        name = f"{involved['kind'].lower()}/{involved['name']}"
        said = [it.get("type", "Normal"), it.get("reason", ""), name, it.get("message", "")]
        rows.append([namespace_of(it), _age(it, state.taken_at), *said])
    return aligned(rows)


def _count(thing: Manifest, field: str) -> str:
    return str(len(thing.get(field) or ()))


def _age(thing: Manifest, now: datetime) -> str:
    born = datetime.fromisoformat(thing["metadata"]["creationTimestamp"])
    return f"{(now - born).days}d"
