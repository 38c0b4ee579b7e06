"""`dump_kubernetes.sh`, which Istio had before bug-report: a few Lists, and texts.

Real about it: up to 1.6 Secrets are in the one List, in clear, whatever the script's comment says.
In 1.7 they were to follow as a table or as YAML, but the quotes around an option that is empty or
has a space make kubectl refuse (seen with 1.32): what follows the List is `kind: Secret` alone,
between two lines of dashes, so that a file that was one document is three.
(istio: tools/dump_kubernetes.sh at 1.6.14 and 1.7.8)
"""

from __future__ import annotations

from tests.formats.bug_report import OLDEST
from tests.formats.cluster_info_dump import stream
from tests.formats.cluster_state import ClusterState, namespace_of
from tests.formats.container_logs import containers_of, log_of
from tests.formats.expectations import Expected, listing
from tests.formats.kubectl_get import get_yaml
from tests.formats.tables import events_table, table
from tests.formats.trees import Tree, below, text

_OF_DUMP = ("default", "kube-system")


def istio_dump(state: ClusterState, minor: int = 7) -> Tree:
    """The folder `istio-dump` of Istio 1.`minor`; with `-z` it is a .tar.gz."""
    kinds = (*OLDEST.resources, *(("secrets",) if minor < 7 else ()))
    resources = get_yaml(state.all_of(kinds))
    if minor >= 7:
        resources += "---\nkind: Secret\n---\n\n"
    dumped = [it for it in state.namespaces if it in _OF_DUMP]
    pods = table(state, state.resource("pods"), "istio-system")
    tree: Tree = {
        "DUMP_TIME": text(f"{state.taken_at:%a %b %e %H:%M:%S} UTC 2023\n"),
        "resources.yaml": text(resources),
        "istio-resources.yaml": text(get_yaml(state.all_of(it.key for it in state.custom))),
        "cluster-info.dump.txt": text(stream(state, namespaces=dumped).decode()),
        "istio-system-pods.txt": text(pods),
        "events.txt": text(events_table(state)),
    }
    for pod in state.of(state.resource("pods")):
        place = f"logs/{namespace_of(pod)}/{pod['metadata']['name']}"
        tree |= {f"{place}/{it}.log": text(log_of(it)) for it in containers_of(pod)}
    return below("istio-dump", tree)


def expected_coverage(state: ClusterState, minor: int = 7) -> Expected:
    """Nodes are there by way of the dump of kubectl that goes with it."""
    secrets = ("secrets",) if minor < 7 else ()
    custom = (it.key for it in state.custom)
    return listing(state, (*OLDEST.resources, *secrets, *custom, "nodes"))
