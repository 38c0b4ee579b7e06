"""`kubectl cluster-info dump`: a few kinds, as typed lists, and every container's log.

Real about it: which kinds there are; typed lists whose items have neither kind nor version; empty
lists; no managedFields; logs as they are between two marks, the second of which stands in the
middle of a line if the log has no last line's end; `---` between YAML documents, though none
before a log. Namespaces, ConfigMaps, Secrets, CRDs, webhooks and RBAC are never in it.
(kubectl: pkg/cmd/clusterinfo/clusterinfo_dump.go at v0.32)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.formats.client_go import typed_list, without_managed_fields
from tests.formats.cluster_state import ClusterState, Manifest, Resource
from tests.formats.container_logs import containers_of, log_of
from tests.formats.expectations import Expected, listing
from tests.formats.go_printing import go_json, go_yaml
from tests.formats.trees import Tree, text

KINDS = (
    ("events", "events"),
    ("replicationcontrollers", "replication-controllers"),
    ("services", "services"),
    ("daemonsets.apps", "daemonsets"),
    ("deployments.apps", "deployments"),
    ("replicasets.apps", "replicasets"),
    ("pods", "pods"),
)
"""The resources of a namespace, and the files they go to, in the order of the requests."""


def directory(
    state: ClusterState, output: str = "json", namespaces: Sequence[str] | None = None
) -> Tree:
    """`--output-directory=D -o OUTPUT`, of all namespaces or of `--namespaces`.

    The files of a run in YAML share one printer: all but the first begin with `---`.
    """
    tree: Tree = {}
    for path, lists in _lists(state, namespaces):
        separator = "---\n" if output == "yaml" and tree else ""
        tree[f"{path}.{output}"] = text(separator + _printed(lists, output))
    for namespace in _chosen(state, namespaces):
        for pod in state.of(state.resource("pods"), namespace):
            logs = "".join(_marked_logs(pod))
            tree[f"{namespace}/{pod['metadata']['name']}/logs.txt"] = text(logs)
    return tree


def directory_yaml(state: ClusterState) -> Tree:
    return directory(state, "yaml")


def stream(
    state: ClusterState, output: str = "json", namespaces: Sequence[str] | None = None
) -> bytes:
    """What goes to standard output: documents, and logs between them."""
    parts: list[str] = []
    for path, lists in _lists(state, namespaces):
        if output == "yaml" and parts:
            parts.append("---\n")
        parts.append(_printed(lists, output))
        namespace, _, name = path.rpartition("/")
        if name == "pods":
            for pod in state.of(state.resource("pods"), namespace):
                parts += _marked_logs(pod)
    return "".join(parts).encode()


def stream_yaml(state: ClusterState) -> bytes:
    return stream(state, "yaml")


def ended_by_a_refusal(state: ClusterState) -> bytes:
    """The first list that fails ends the dump: of its namespaces only some are there."""
    error = 'Error from server (Forbidden): events is forbidden: User "viewer" cannot list '
    error += f'resource "events" in API group "" in the namespace "{state.namespaces[-1]}"\n'
    return stream(state, namespaces=_before_the_last(state)) + error.encode()


def cut_in_a_log(state: ClusterState) -> bytes:
    """A dump that ends within the last log of a busy namespace, so that no mark ends it."""
    whole = stream(state, namespaces=state.busy[:1])
    return whole[: whole.rindex(b"==== END logs")]


def coverage_of_the_cut(state: ClusterState) -> Expected:
    return expected_coverage(state, state.busy[:1])


def expected_coverage(state: ClusterState, namespaces: Sequence[str] | None = None) -> Expected:
    return listing(state, ("nodes", *(key for key, _ in KINDS)), namespaces)


def coverage_before_the_refusal(state: ClusterState) -> Expected:
    return expected_coverage(state, _before_the_last(state))


def _before_the_last(state: ClusterState) -> Sequence[str]:
    return state.namespaces[:-1]


def _chosen(state: ClusterState, namespaces: Sequence[str] | None) -> Sequence[str]:
    return state.namespaces if namespaces is None else namespaces


def _lists(state: ClusterState, namespaces: Sequence[str] | None) -> Iterator[tuple[str, Manifest]]:
    yield "nodes", _list(state, state.resource("nodes"), None)
    for namespace in _chosen(state, namespaces):
        for key, file in KINDS:
            yield f"{namespace}/{file}", _list(state, state.resource(key), namespace)


def _list(state: ClusterState, resource: Resource, namespace: str | None) -> Manifest:
    return typed_list(resource, map(without_managed_fields, state.of(resource, namespace)))


def _printed(lists: Manifest, output: str) -> str:
    return go_yaml(lists) if output == "yaml" else go_json(lists, 4) + "\n"


def _marked_logs(pod: Manifest) -> Iterator[str]:
    metadata = pod["metadata"]
    name = f"{metadata['namespace']}/{metadata['name']}"
    for container in containers_of(pod):
        yield f"==== START logs for container {container} of pod {name} ====\n"
        yield log_of(container)
        yield f"==== END logs for container {container} of pod {name} ====\n"
