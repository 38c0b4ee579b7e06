"""Collectors of clusters that few people use: crash-diagnostics, sonobuoy, Insights.

(vmware-tanzu/crash-diagnostics: k8s/{object_writer,result_writer}.go at 34f37a3;
vmware-tanzu/sonobuoy: pkg/discovery/{query,discovery}.go at 3075601;
openshift/insights-operator: docs/insights-archive-sample at 8494b69)
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.formats.client_go import typed
from tests.formats.cluster_state import ClusterState, Manifest, Resource, namespace_of
from tests.formats.container_logs import containers_of, log_of
from tests.formats.expectations import Coverage, Expected, How, covering
from tests.formats.go_printing import go_json, go_yaml, in_order
from tests.formats.trees import File, Tree, below, text


def crash_diagnostics(
    state: ClusterState, output: str = "json", *, one_file_each: bool = False
) -> Tree:
    """crashd's `kube_capture(what="all")`: a List for each resource and namespace, named by a time.

    Resources without objects are not written. The logs of a pod stand beside the list of pods.
    """
    time = f"{state.taken_at:%Y-%m-%dT%H-%M-%S}Z.1234"
    tree: Tree = {}
    for resource in state.resources:
        for place, things in _places(state, resource).items():
            group = f"{resource.group or 'core'}_{resource.version}"
            folder = "/".join(filter(None, ("kubecapture", group, place)))
            if one_file_each:
                for it in things:
                    name = f"{folder}/{resource.plural}/{it['metadata']['name']}-{time}"
                    tree[f"{name}.{output}"] = text(_printed(in_order(it), output))
            else:
                listed = _unstructured_list(resource, things)
                tree[f"{folder}/{resource.plural}-{time}.{output}"] = text(_printed(listed, output))
            if resource.key == "pods":
                tree |= _pod_logs(things, folder)
    return tree


def crash_diagnostics_coverage(state: ClusterState) -> Expected:
    """What occurs is listed in the namespaces in which it occurs; elsewhere nothing says so."""
    covered: dict[str, Coverage] = {}
    for resource in state.resources:
        if places := _places(state, resource):
            covered[resource.key] = Coverage(How.LISTED, frozenset(places) - {""} or None)
    return covering(state, covered)


def sonobuoy(state: ClusterState, failed: Sequence[str] = ()) -> Tree:
    """A sonobuoy tarball: lists with kinds, none where there is nothing, no Secrets.

    `meta/query-time.json` has a line for each request; of a failed one it keeps only `"error":{}`,
    since Go prints nothing of the error. Of two resources with one plural only the first is asked.
    """
    tree: Tree = {}
    queries: list[Manifest] = []
    for namespace in (None, *state.namespaces):
        for resource in _queried(state, namespaced=namespace is not None):
            query = {"queryobj": resource.plural, "namespace": namespace, "time": "2.134ms"}
            said = {key: it for key, it in query.items() if it}
            if resource.key in failed:
                queries.append({**said, "error": {}})
                continue
            queries.append(said)
            if things := state.of(resource, namespace):
                scope = f"ns/{namespace}" if namespace else "cluster"
                name = f"{resource.group or 'core'}_{resource.version}_{resource.plural}.json"
                listed = _unstructured_list(resource, things)
                tree[f"resources/{scope}/{name}"] = text(go_json(listed))
    for pod in state.of(state.resource("pods")):
        place = f"podlogs/{namespace_of(pod)}/{pod['metadata']['name']}/logs"
        tree |= {f"{place}/{it}.txt": text(log_of(it)) for it in containers_of(pod)}
    tree["meta/query-time.json"] = text(go_json(queries))
    tree["serverversion.json"] = text('{"major":"1","minor":"26","gitVersion":"v1.26.4"}')
    groups = sorted({it.group for it in state.resources} - {""})
    tree["servergroups.json"] = text(go_json({"groups": [{"name": it} for it in groups]}))
    return tree


def sonobuoy_name(state: ClusterState) -> str:
    return f"{state.taken_at:%Y%m%d%H%M}_sonobuoy_3c1ff9d1-8a9e-4f57-8bb9-b1e5dd0b1c3a.tar.gz"


def sonobuoy_coverage(state: ClusterState, failed: Sequence[str] = ()) -> Expected:
    """With the query log a resource without a file is one without objects."""
    covered = {
        it.key: Coverage(How.LISTED)
        for namespaced in (True, False)
        for it in _queried(state, namespaced=namespaced)
    }
    return covering(state, covered | dict.fromkeys(failed, Coverage(How.FAILED)))


def insights(state: ClusterState) -> Tree:
    """An Insights archive: one object a file, without kind and version, and few of them.

    Only the folder tells what a file is. Of pods there are those that do not start, of CRDs two of
    storage, of webhooks all; ConfigMaps of OpenShift stand there key by key.
    """
    webhooks = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
    tree: Tree = {"config/id": text("6f1c2a9e-9d8e-4c57-a1c0-1d2e3f405162")}
    for plural in webhooks:
        resource = state.resource(f"{plural}.admissionregistration.k8s.io")
        for it in state.of(resource):
            tree[f"config/{plural}/{it['metadata']['name']}.json"] = _nameless(it)
    for it in state.of(state.resource("nodes")):
        tree[f"config/node/{it['metadata']['name']}.json"] = _nameless(it)
    tree["config/version.json"] = text('{\n    "metadata": {\n        "name": "version"\n    }\n}')
    tree["config/configmaps/openshift-config/openshift-install/version"] = text("v4.18.0")
    tree["insights-operator/gathers.json"] = text('{"status_reports":[]}')
    return tree


def insights_coverage(state: ClusterState) -> Expected:
    """An object without a kind is nothing to go by, but its folder names it."""
    group = "admissionregistration.k8s.io"
    kinds = ("nodes", f"mutatingwebhookconfigurations.{group}")
    covered = (*kinds, f"validatingwebhookconfigurations.{group}")
    return covering(
        state, {it: Coverage(How.ASSUMED) for it in covered if state.of(state.resource(it))}
    )


def _places(state: ClusterState, resource: Resource) -> dict[str, list[Manifest]]:
    """The objects of a resource by their namespaces."""
    places: dict[str, list[Manifest]] = {}
    for it in state.of(resource):
        places.setdefault(namespace_of(it), []).append(it)
    return places


def _unstructured_list(resource: Resource, things: Sequence[Manifest]) -> Manifest:
    """A list of the dynamic client: its items say their kind, and all keys are sorted."""
    kind = {"apiVersion": resource.api_version, "kind": f"{resource.kind}List"}
    whole: Manifest = in_order({**kind, "items": things, "metadata": {"resourceVersion": "120034"}})
    return whole


def _printed(value: Manifest, output: str) -> str:
    return go_yaml(value) if output == "yaml" else go_json(value, 4) + "\n"


def _pod_logs(pods: Sequence[Manifest], folder: str) -> Tree:
    tree: Tree = {}
    for pod in pods:
        logs = {f"{it}.log": text(log_of(it)) for it in containers_of(pod)}
        tree |= below(f"{folder}/{pod['metadata']['name']}", logs)
    return tree


def _queried(state: ClusterState, *, namespaced: bool) -> list[Resource]:
    seen: dict[str, Resource] = {}
    for it in sorted(state.resources, key=lambda it: (it.group, it.plural)):
        seen.setdefault(it.plural, it)
    return [it for it in seen.values() if it.namespaced == namespaced and it.key != "secrets"]


def _nameless(thing: Manifest) -> File:
    return text(go_json(typed(thing, named=False), 4))
