"""A support bundle of Replicated's troubleshoot: folders by kind, with names of their own.

Real about it: the names of folders and files; typed lists with two spaces of indent, whose items
say their kind (in 2022 nobody says it in the list of CRDs); `items: null`; custom resources as bare
arrays, in two files each; nothing for a CRD without instances; files of errors; masked values;
modes 0600 and members in no order. Secrets are never in it.
(troubleshoot: pkg/collect/cluster_resources.go, pkg/constants/constants.go, pkg/redact/redact.go,
pkg/supportbundle at v0.35.0, v0.100.0 and v0.133.0)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.formats.client_go import typed_list
from tests.formats.cluster_state import ClusterState, Manifest, Resource, namespace_of
from tests.formats.container_logs import containers_of, log_of
from tests.formats.expectations import Coverage, Expected, How, covering
from tests.formats.go_printing import go_json, go_yaml, in_order
from tests.formats.support_bundle_eras import CRDS, Era
from tests.formats.trees import File, Link, Tree, below, text

HIDDEN = "***HIDDEN***"
SENSITIVE = re.compile(
    r"(?i)SECRET_?ACCESS_?KEY|ACCESS_?KEY_?ID|OWNER_?ACCOUNT|password|token|database|user"
)


def support_bundle(
    state: ClusterState, era: Era, *, namespaces: Sequence[str] | None = None
) -> Tree:
    """The tree of an archive; with `namespaces`, only those could be collected."""
    chosen = state.namespaces if namespaces is None else tuple(namespaces)
    files: Tree = {}
    for key, folder in sorted(era.namespaced.items()):
        for namespace in chosen:
            files[f"{folder}/{namespace}.json"] = _list(state, state.resource(key), era, namespace)
    for key, name in era.whole.items():
        files[f"{name}.json"] = _list(state, state.resource(key), era)
    files |= _custom(state, era, chosen)
    files |= _discovery(state)
    files |= {f"auth-cani-list/{it}.json": _private(_ALLOWED) for it in chosen}
    files |= _logs(state, chosen)
    return below(_folder(state), {**below("cluster-resources", files), **_frame(state, chosen)})


def refused_in_part(state: ClusterState, era: Era) -> Tree:
    """A bundle made with few rights: error files, an empty file, a namespace without a file."""
    tree = support_bundle(state, era)
    root = f"{_folder(state)}/cluster-resources"
    namespace = state.busy[-1]
    empty, missing = f"{root}/nodes.json", f"{root}/deployments/{namespace}.json"
    tree[empty] = File(b"", 0o600)
    del tree[missing]
    tree[f"{root}/nodes-errors.json"] = _private([NODES_REFUSED])
    tree[f"{root}/deployments-errors.json"] = _private({namespace: DEPLOYMENTS_REFUSED})
    failed = min(it.key for it in state.custom)
    group, plural = failed.partition(".")[2], failed.partition(".")[0]
    why = f'{plural}.{group} is forbidden: User "bundle" cannot list resource "{plural}"'
    folder = f"{root}/custom-resources"
    kept = {path: it for path, it in tree.items() if not path.startswith(f"{folder}/{failed}")}
    return {**kept, f"{folder}/custom-resources-errors.json": _private({failed: why})}


NODES_REFUSED = 'nodes is forbidden: User "bundle" cannot list resource "nodes"'
DEPLOYMENTS_REFUSED = 'deployments.apps is forbidden: User "bundle" cannot list resource'


def without_crd_list(state: ClusterState, era: Era) -> Tree:
    """CRDs could not be listed: so there is no custom resource either, and nothing else says so."""
    tree = support_bundle(state, era)
    root = f"{_folder(state)}/cluster-resources"
    kept = {path: it for path, it in tree.items() if not path.startswith(f"{root}/custom-")}
    errors = f"{root}/custom-resource-definitions-errors.json"
    custom = f"{root}/custom-resources/custom-resources-errors.json"
    return {
        **kept,
        f"{root}/custom-resource-definitions.json": File(b"", 0o600),
        errors: _private([CRDS_REFUSED]),
        custom: _private({"crdList": CRDS_REFUSED}),
    }


CRDS_REFUSED = f"{CRDS} is forbidden"


def of_one_namespace(state: ClusterState, era: Era) -> Tree:
    """`-n NAMESPACE`: `namespaces.json` is one bare object."""
    namespace = state.busy[-1]
    tree = support_bundle(state, era, namespaces=[namespace])
    [found] = [
        it for it in state.of(state.resource("namespaces")) if it["metadata"]["name"] == namespace
    ]
    path = f"{_folder(state)}/cluster-resources/namespaces.json"
    return {**tree, path: _private(found)}


def expected_coverage(
    state: ClusterState, era: Era, *, namespaces: Sequence[str] | None = None
) -> Expected:
    """A custom resource is listed wherever the list of CRDs and no error say so."""
    chosen = None if namespaces is None else frozenset(namespaces)
    covered: dict[str, Coverage] = {key: Coverage(How.LISTED) for key in era.whole}
    for key in era.namespaced:
        covered[key] = Coverage(How.LISTED, chosen, withheld=_withheld(key))
    for it in state.custom:
        covered[it.key] = Coverage(How.LISTED, chosen if it.namespaced else None)
    return covering(state, covered)


def coverage_refused_in_part(state: ClusterState, era: Era) -> Expected:
    rest = frozenset(state.namespaces) - {state.busy[-1]}
    failed = min(it.key for it in state.custom)
    whole = expected_coverage(state, era)
    return {
        **whole,
        "nodes": Coverage(How.FAILED, why=NODES_REFUSED),
        "deployments.apps": Coverage(
            How.LISTED, rest, withheld=_withheld("deployments.apps"), why=DEPLOYMENTS_REFUSED
        ),
        failed: Coverage(How.FAILED, why="forbidden"),
    }


def coverage_without_crd_list(state: ClusterState, era: Era) -> Expected:
    lost = (CRDS, *(it.key for it in state.custom))
    failed = Coverage(How.FAILED, why=CRDS_REFUSED)
    return {**expected_coverage(state, era), **dict.fromkeys(lost, failed)}


def coverage_of_one_namespace(state: ClusterState, era: Era) -> Expected:
    """The Namespace itself is there, and nothing says whether there are others."""
    namespace = state.busy[-1]
    covered = dict(expected_coverage(state, era, namespaces=[namespace]))
    covered["namespaces"] = Coverage(How.ASSUMED, names=frozenset({namespace}))
    return covered


_ALLOWED = [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]


def _withheld(key: str) -> tuple[str, ...]:
    """Values of variables whose names look sensitive are masked, `TOKEN_AUDIENCES` with them."""
    variables = "containers[].env[].value"
    if key == "pods":
        return (f"spec.{variables}",)
    workloads = ("deployments", "replicasets", "statefulsets", "daemonsets", "jobs")
    return (f"spec.template.spec.{variables}",) if key.partition(".")[0] in workloads else ()


def _folder(state: ClusterState) -> str:
    return f"support-bundle-{state.taken_at:%Y-%m-%dT%H_%M_%S}"


def _private(value: Any) -> File:
    return text(_redacted(go_json(value, 2)), 0o600)


def _list(state: ClusterState, resource: Resource, era: Era, namespace: str | None = None) -> File:
    named = era.kinds_of_crds or resource.key != CRDS
    whole = typed_list(resource, state.of(resource, namespace), named=named, empty=era.empty)
    if not named:
        del whole["kind"], whole["apiVersion"]
    return _private(whole)


def _redacted(printed: str) -> str:
    """The default redactor of variables: it looks at a line with a name and the one below it."""
    lines = printed.split("\n")
    for at, line in enumerate(lines[:-1]):
        name = re.fullmatch(r'\s*"name": "([^"]*)",?', line)
        if name and SENSITIVE.search(name[1]):
            lines[at + 1] = re.sub(r'("value": ")[^"]*(")', rf"\1{HIDDEN}\2", lines[at + 1])
    return "\n".join(lines)


def _custom(state: ClusterState, era: Era, namespaces: Sequence[str]) -> Tree:
    tree: Tree = {}
    for resource in state.custom:
        places: dict[str, list[Manifest]] = {}
        for thing in state.of(resource):
            here = namespace_of(thing)
            if not here or here in namespaces:
                path = f"{resource.key}/{here}" if here else resource.key
                places.setdefault(f"custom-resources/{path}", []).append(in_order(thing))
        for path, things in places.items():
            tree |= _in_two_files(path, things, era)
    return tree


def _in_two_files(path: str, things: list[Manifest], era: Era) -> Tree:
    yaml, json = f"{path}.yaml", f"{path}.json"
    if era.twins == "none":
        return {yaml: text(go_yaml(things), 0o600)}
    second = text(go_yaml(things), 0o600) if era.twins == "copy" else Link(json.rpartition("/")[2])
    return {json: _private(things), yaml: second}


def _discovery(state: ClusterState) -> Tree:
    by_version: dict[str, list[Manifest]] = {}
    for it in state.resources:
        said = {"name": it.plural, "singularName": "", "namespaced": it.namespaced}
        by_version.setdefault(it.api_version, []).append(
            {**said, "kind": it.kind, "verbs": ["get", "list"]}
        )
    resources = [{"groupVersion": it, "resources": kinds} for it, kinds in by_version.items()]
    groups = [{"name": it} for it in sorted({it.group for it in state.resources})]
    return {"resources.json": _private(resources), "groups.json": _private(groups)}


def _logs(state: ClusterState, namespaces: Sequence[str]) -> Tree:
    tree: Tree = {}
    for pod in state.of(state.resource("pods")):
        if namespace_of(pod) in namespaces:
            place = f"pods/logs/{namespace_of(pod)}/{pod['metadata']['name']}"
            tree |= {f"{place}/{it}.log": text(log_of(it), 0o600) for it in containers_of(pod)}
    return tree


def _frame(state: ClusterState, namespaces: Sequence[str]) -> Tree:
    """What stands beside the objects: the marker, versions, what collectors did, links to logs."""
    version = {"apiVersion": "troubleshoot.sh/v1beta2", "kind": "SupportBundle"}
    git = {"info": {"major": "1", "minor": "26", "gitVersion": "v1.26.4"}, "string": "v1.26.4"}
    summary = (
        "============ Collectors summary =============\n"
        "Succeeded (S), eXcluded (X), Failed (F)\n"
        "=============================================\n"
        "cluster-resources                    (S) : 2,132ms\n"
        "exec/istio                           (F) : 15,000ms\n"
    )
    links: Tree = {}
    for path in _logs(state, namespaces):
        target = f"../../../cluster-resources/{path}"
        links[f"all-logs/{path.removeprefix('pods/logs/')}"] = Link(target)
    return {
        "version.yaml": text(go_yaml({**version, "spec": {"versionNumber": "v0.133.0"}}), 0o600),
        "analysis.json": _private([]),
        "cluster-info/cluster_version.json": _private(git),
        "execution-data/summary.txt": text(summary, 0o600),
        "collector-errors/exec-error.json": _private(['pods "x" not found']),
        "host-collectors/system/archive.tar": File(b"", 0o600),
        **links,
    }
