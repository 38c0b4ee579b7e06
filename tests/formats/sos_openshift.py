"""The plugin openshift of sosreport, with `-k openshift.with-api`: tables, and a file an object.

Real about it: the folders; a file named after its command for each table, whether there is anything
or not; YAML for each row of it; descriptions of namespaces for people; only some kinds.
(sosreport/sos: sos/report/plugins/openshift.py at 16bc7e0)
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.formats.cluster_state import ClusterState
from tests.formats.expectations import Expected, listing
from tests.formats.kubectl_get import get_one_yaml
from tests.formats.tables import table
from tests.formats.trees import Tree, below, text

RESOURCES = {
    "configmaps": "configmaps",
    "daemonsets": "daemonsets.apps",
    "deployments": "deployments.apps",
    "events": "events",
    "ingresses": "ingresses.networking.k8s.io",
    "pods": "pods",
    "secrets": "secrets",
    "services": "services",
    "statefulsets": "statefulsets.apps",
}


def sosreport(state: ClusterState, namespaces: Sequence[str]) -> Tree:
    """The part of the archive that the plugin makes, with `only-namespaces`."""
    tree: Tree = {}
    for namespace in namespaces:
        described = f"Name:         {namespace}\nLabels:       a=b\nStatus:       Active\n"
        tree[f"namespaces/{namespace}/oc_describe_namespace_{namespace}"] = text(described)
        for word, key in RESOURCES.items():
            resource = state.resource(key)
            folder = f"namespaces/{namespace}/{word}"
            printed = table(state, resource, namespace)
            if printed.startswith("No resources found"):
                printed = f"No resources found in {namespace} namespace.\n"
            tree[f"{folder}/oc_get_--namespace_{namespace}_{word}"] = text(printed)
            for thing in state.of(resource, namespace):
                tree[f"{folder}/{thing['metadata']['name']}.yaml"] = text(get_one_yaml(thing))
    nodes = table(state, state.resource("nodes"))
    tree["cluster_resources/nodes/oc_get_nodes"] = text(nodes)
    name = f"sosreport-master-0-{state.taken_at:%Y-%m-%d}-abcdefg"
    whole = below("sos_commands/openshift", tree)
    whole["sos_commands/date/date"] = text(
        f"{state.taken_at:%a %b %e %H:%M:%S} UTC {state.taken_at:%Y}\n"
    )
    return below(name, whole)


def expected_coverage(state: ClusterState, namespaces: Sequence[str]) -> Expected:
    return listing(state, RESOURCES.values(), namespaces)
