"""`istioctl bug-report`: what kubectl printed, in files without extensions.

Real about it: the paths, which kinds a release asks for, Lists as kubectl prints them, Secrets as a
table, the last file parts of URLs (one has a `?`), discovery's answers as JSON without a kind, no
file for what printed nothing, and no file but an error in `bug-report.log` for what failed.
ClusterRoles, ServiceAccounts and Leases are never in it.
(istio: tools/bug-report/pkg/{bugreport,content,archive,common,kubectlcmd} at 1.8.6, 1.11.8, 1.12.9,
1.29.0 and 1.30.3)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.formats import istiod_pages
from tests.formats.cluster_state import ClusterState, Manifest, namespace_of
from tests.formats.container_logs import containers_of, log_of
from tests.formats.expectations import (
    TABLE,
    Coverage,
    Expected,
    How,
    covering,
    listing,
)
from tests.formats.go_printing import go_json
from tests.formats.kubectl_get import ALL, get_yaml
from tests.formats.tables import events_table, table
from tests.formats.trees import Tree, below, text
from tests.formats.words import words

CRDS = "customresourcedefinitions.apiextensions.k8s.io"
WEBHOOKS = tuple(
    f"{kind}webhookconfigurations.admissionregistration.k8s.io"
    for kind in ("mutating", "validating")
)
_OLDEST = (*ALL, "ingresses.networking.k8s.io", "endpoints", CRDS, "configmaps", "events")
_LATER = (
    *ALL,
    "nodes",
    "namespaces",
    "ingresses.networking.k8s.io",
    "endpoints",
    "endpointslices.discovery.k8s.io",
    CRDS,
    "configmaps",
    "events",
    *WEBHOOKS,
    "networkpolicies.networking.k8s.io",
)
_ISTIOD = words(
    "adsz authorizationz configz endpointz endpointShardz inject push_status registryz resourcesz"
    " syncz"
)
_PROXY = words(
    "certs clusters config_dump?include_eds listeners memory server_info stats/prometheus runtime"
)


@dataclass(frozen=True)
class Era:
    """What the releases of some years collect, and under which names."""

    name: str
    archive: str
    resources: tuple[str, ...]
    cluster_resources: tuple[str, ...] = ()
    nodes_and_pods: bool = True
    """Whether `nodes` and `pods` are YAML. Before, there were texts of `kubectl describe`."""
    one_analysis: bool = True
    debug: tuple[str, ...] = ("mesh",)

    @property
    def kinds(self) -> tuple[str, ...]:
        return (*self.resources, *self.cluster_resources)


OLDEST = Era(
    "1.8-1.11", "bug-report.tgz", _OLDEST, nodes_and_pods=False, one_analysis=False, debug=()
)
MIDDLE = Era("1.20.1-1.29", "bug-report.tar.gz", _LATER)
EARLY_MIDDLE = replace(
    MIDDLE,
    name="1.12-1.16",
    resources=tuple(
        it
        for it in _LATER
        if it.partition(".")[0] not in ("nodes", "endpointslices", "networkpolicies")
    ),
    nodes_and_pods=False,
)
NEWEST = Era(
    "1.30",
    "bug-report.tar.gz",
    tuple(
        it
        for it in _LATER
        if it not in ("nodes", "namespaces", "endpoints", "events", CRDS, *WEBHOOKS)
    ),
    ("nodes", "namespaces", CRDS, *WEBHOOKS),
)
ERAS = (OLDEST, EARLY_MIDDLE, MIDDLE, NEWEST)


def bug_report(state: ClusterState, era: Era, *, full_secrets: bool = False) -> Tree:
    """The tree of an archive, below its one folder. Members are in lexical order."""
    files = {f"cluster/{name}": it for name, it in _of_cluster(state, era, full_secrets).items()}
    for pod in state.of(state.resource("pods")):
        files |= _of_pod(state, pod, era)
    files |= _analysis(state, era)
    files["versions"] = _versions(state)
    files["bug-report.log"] = _log(state)
    printed = {path: text(it) for path, it in sorted(files.items()) if it.strip()}
    return below("bug-report", printed)


def without_crs(state: ClusterState, era: Era) -> Tree:
    """One custom resource could not be listed: there is no `crs`, only the error in the log."""
    tree = bug_report(state, era)
    del tree["bug-report/cluster/crs"]
    names = ",".join(it.key for it in state.custom)
    error = _kubectl_error(f"get --all-namespaces {names} -o yaml", CONVERSION_FAILED)
    tree["bug-report/bug-report.log"] = text(_log(state) + error)
    return tree


def without_cluster_dump(state: ClusterState, era: Era = NEWEST) -> Tree:
    """`--skip-cluster-dump`: of the cluster only the context and Istio's own pods."""
    tree = bug_report(state, era)
    kept = ("cluster-context", "kubectl-version", "pods")
    prefix = "bug-report/cluster/"
    return {
        path: it
        for path, it in tree.items()
        if not path.startswith(prefix) or path.removeprefix(prefix) in kept
    }


def without_prefix(state: ClusterState, era: Era) -> Tree:
    """`--dir`: the archive has no folder of its own."""
    return {path.removeprefix("bug-report/"): it for path, it in bug_report(state, era).items()}


def with_include(state: ClusterState) -> Tree:
    """`--include shop` with 1.30: kubectl is given `-n shop,istio-system`, one namespace to it.

    Nothing is in a namespace of that name, and nobody complains: Lists are empty, tables too, and
    of custom resources only those of the whole cluster are left.
    """
    tree = bug_report(state, NEWEST)
    whole = (it for custom in state.custom if not custom.namespaced for it in state.of(custom))
    left = {"k8s-resources": text(get_yaml([])), "crs": text(get_yaml(whole))}
    tree |= below("bug-report/cluster", left)
    return {path: it for path, it in tree.items() if path.rpartition("/")[2] not in _TABLES}


_TABLES = ("secrets", "events")
CONVERSION_FAILED = (
    "Error from server: conversion webhook for sailoperator.io/v1alpha1, Kind=Istio failed: Post "
    '"https://sail-operator.sail-operator.svc:443/convert?timeout=30s": service "sail-operator" '
    "not found"
)


def expected_coverage(state: ClusterState, era: Era, *, full_secrets: bool = False) -> Expected:
    """`crs` lists the instances of every CRD, so a custom resource without any is listed too."""
    crs = tuple(it.key for it in state.custom)
    secrets = ("secrets",) if full_secrets else ()
    expected = dict(listing(state, (*era.kinds, *crs, *secrets)))
    if not full_secrets:
        expected["secrets"] = TABLE
    if expected["events"].how is not How.LISTED:
        expected["events"] = TABLE
    return expected


def coverage_without_crs(state: ClusterState, era: Era) -> Expected:
    failed = Coverage(How.FAILED, why=CONVERSION_FAILED)
    return {
        **expected_coverage(state, era),
        **dict.fromkeys((it.key for it in state.custom), failed),
    }


def coverage_with_include(state: ClusterState) -> Expected:
    """An empty List proves nothing here; pods of Istio's own namespace are there all the same."""
    whole = dict(listing(state, NEWEST.cluster_resources))
    whole["pods"] = Coverage(How.LISTED, frozenset({state.istio_namespace}))
    left = (it for it in state.custom if not it.namespaced)
    return {**whole, **{it.key: Coverage(How.LISTED) for it in left}}


def coverage_without_cluster_dump(state: ClusterState) -> Expected:
    return covering(state, {"pods": Coverage(How.LISTED, frozenset({state.istio_namespace}))})


def _of_cluster(state: ClusterState, era: Era, full_secrets: bool) -> dict[str, str]:
    secrets = state.resource("secrets")
    files = {
        "k8s-resources": get_yaml(state.all_of(era.resources)),
        "crs": get_yaml(it for custom in state.custom for it in state.of(custom)),
        "secrets": get_yaml(state.of(secrets)) if full_secrets else table(state, secrets),
        "events": events_table(state),
        "cluster-context": f"{state.context}\n{state.server}\n",
        "kubectl-version": "Client Version: v1.26.4\nServer Version: v1.26.4\n",
    }
    pods = state.of(state.resource("pods"), state.istio_namespace)
    if era.cluster_resources:
        files["k8s-cluster-resources"] = get_yaml(state.all_of(era.cluster_resources))
    if era.nodes_and_pods:
        files |= {"nodes": get_yaml(state.of(state.resource("nodes"))), "pods": get_yaml(pods)}
    else:
        files["describe-pods"] = "\n\n".join(map(_described, pods))
    if not era.one_analysis:
        files["cluster-context"] = f"{state.context}\n"
    return files


def _of_pod(state: ClusterState, pod: Manifest, era: Era) -> dict[str, str]:
    """What was had of a pod's containers: istiod's, wherever it runs, and proxies'."""
    place = f"{namespace_of(pod)}/{pod['metadata']['name']}"
    labels = pod["metadata"].get("labels", {})
    files: dict[str, str] = {}
    for container in containers_of(pod):
        if container == "istio-proxy":
            files |= {f"proxies/{place}/{url}": _ENVOY for url in _PROXY}
            files[f"proxies/{place}/istio-proxy.log"] = log_of(container)
        elif container == "discovery" and labels.get("app") == "istiod":
            for page in (*_ISTIOD, *era.debug):
                said = istiod_pages.page(state, pod, page)
                files[f"istio/{place}/debug/{page}"] = go_json(said, 2)
            files[f"istio/{place}/discovery.log"] = log_of(container)
    return files


_ENVOY = '{"configs":[{"@type":"type.googleapis.com/envoy.admin.v3.BootstrapConfigDump"}]}\n'


def _analysis(state: ClusterState, era: Era) -> dict[str, str]:
    said = "Info [IST0102] (Namespace shop) The namespace is not enabled for Istio injection.\n"
    system = ("kube-public", "kube-system")
    places = (
        ["allNamespaces"]
        if era.one_analysis
        else [it for it in state.namespaces if it not in system]
    )
    return {f"analyze/{it}/{it}": said for it in places}


def _described(pod: Manifest) -> str:
    metadata = pod["metadata"]
    return (
        f"Name:             {metadata['name']}\nNamespace:        {metadata['namespace']}\n"
        "Status:           Running\nContainers:\n"
        + "".join(f"  {it}:\n    Ready:          True\n" for it in containers_of(pod))
    )


def _versions(state: ClusterState) -> str:
    del state
    return (
        'CLI version:\nversion.BuildInfo{Version:"1.20.8"}\n\n'
        "✅ The following Istio control plane revisions/versions were found in the cluster:\n"
        "Revision default:\n&version.MeshInfo{}\n\n"
        "✅ The following proxy revisions/versions were found in the cluster:\n"
        "Revision default: Versions {1.20.8}\n"
    )


def _log(state: ClusterState) -> str:
    """What the tool did. The times of its lines are the only clock of the archive but mtimes."""
    time = state.taken_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    tasks = ("kubectl get crds --no-headers", "PodLogs shop/cart/istio-proxy")
    done = "".join(
        f"{time}\tinfo\t{word} {it}\n" for it in tasks for word in ("STARTING", "COMPLETED")
    )
    return f"{time}\tinfo\tTarget cluster context: {state.context}\n{done}"


def _kubectl_error(command: str, complaint: str) -> str:
    """How the log tells that kubectl failed, with all that it had printed."""
    printed = get_yaml([])
    return (
        f"2023-05-09T06:30:19.000001Z\terror\tkubectl error: exit status 1\n\n"
        f"stderr:\n{complaint}\n\nstdout:\n{printed}\n"
        f"2023-05-09T06:30:19.000002Z\tinfo\tCOMPLETED kubectl {command}\n"
    )
