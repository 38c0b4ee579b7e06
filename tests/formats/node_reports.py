"""What collectors of machines have of a cluster: mostly tables, of which no object can be read.

(sosreport/sos: sos/report/plugins/{kubernetes,__init__}.py at 5c7e63e; rancherlabs/support-tools:
collection/rancher/v2.x/logs-collector/rancher2_logs_collector.sh at 7b2593c;
awslabs/amazon-eks-ami: log-collector-script/linux/eks-log-collector.sh; Azure/aks-periscope:
pkg/collector)
"""

from __future__ import annotations

import re

from tests.formats.cluster_state import ClusterState, namespace_of
from tests.formats.container_logs import NEVER_WAS
from tests.formats.expectations import TABLE, Coverage, Expected, How, covering
from tests.formats.kubectl_get import get_json
from tests.formats.tables import table
from tests.formats.trees import Tree, below, text

_RBAC = "rbac.authorization.k8s.io"
SOS = {
    "events": "events",
    "deployments": "deployments.apps",
    "ingresses": "ingresses.networking.k8s.io",
    "pods": "pods",
    "pvc": "persistentvolumeclaims",
    "services": "services",
    "daemonsets": "daemonsets.apps",
    "replicasets": "replicasets.apps",
    "endpoints": "endpoints",
    "statefulsets": "statefulsets.apps",
    "configmaps": "configmaps",
    "serviceaccounts": "serviceaccounts",
    "secrets": "secrets",
    "jobs": "jobs.batch",
    "cronjobs": "cronjobs.batch",
    "clusterroles": f"clusterroles.{_RBAC}",
    "clusterrolebindings": f"clusterrolebindings.{_RBAC}",
    "limitranges": "limitranges",
    "resourcequotas": "resourcequotas",
}
"""What the plugin asks for in each namespace, as it spells it."""
_GLOBAL = {
    "sc": "storageclasses.storage.k8s.io",
    "pv": "persistentvolumes",
    "roles": f"roles.{_RBAC}",
    "rolebindings": f"rolebindings.{_RBAC}",
}
RANCHER = {
    "clusterroles": f"clusterroles.{_RBAC}",
    "clusterrolebindings": f"clusterrolebindings.{_RBAC}",
    "crds": "customresourcedefinitions.apiextensions.k8s.io",
    "mutatingwebhookconfigurations": ("mutatingwebhookconfigurations.admissionregistration.k8s.io"),
    "validatingwebhookconfigurations": (
        "validatingwebhookconfigurations.admissionregistration.k8s.io"
    ),
    "namespaces": "namespaces",
    "nodes": "nodes",
    "configmaps": "configmaps",
    "deployments": "deployments.apps",
    "daemonsets": "daemonsets.apps",
    "statefulsets": "statefulsets.apps",
    "replicasets": "replicasets.apps",
    "endpoints": "endpoints",
    "events": "events",
    "jobs": "jobs.batch",
    "cronjobs": "cronjobs.batch",
    "leases": "leases.coordination.k8s.io",
    "networkpolicies": "networkpolicies.networking.k8s.io",
    "pods": "pods",
    "pvc": "persistentvolumeclaims",
    "roles": f"roles.{_RBAC}",
    "rolebindings": f"rolebindings.{_RBAC}",
    "services": "services",
}
"""The tables of Rancher's collector, by the names of their files."""
_KUBECTL = "kubectl --kubeconfig=/etc/kubernetes/admin.conf"
_SENSITIVE = re.compile(
    r'(?P<var>{\s*"name":\s*[^,]*(pass|pwd|key|token|cred|PASS|PWD|KEY)[^,]*,\s*"value":)[^}]*'
)
_PEM = re.compile(r"----(?:-| )BEGIN.*?----(?:-| )END", re.DOTALL)


def sosreport(state: ClusterState, *, everything: bool) -> Tree:
    """A report of a control plane node, with `kubernetes.all=on` or without.

    A file is named after its command. With `all` there is a List of each kind in each namespace,
    cluster roles repeated in each; without it there are tables. Nodes are JSON in either; CRDs,
    webhooks and custom resources are in neither, Namespaces only a table. Text between BEGIN and
    END is gone, and values of variables that are called like a key; base64 data of Secrets stays.
    """
    tree: Tree = {}
    root = "sos_commands/kubernetes/cluster-info"

    def ran(arguments: str, output: str, folder: str = root) -> None:
        tree[f"{folder}/{_file_of(f'{_KUBECTL} {arguments}')}"] = text(scrubbed(output))

    ran("version", "Client Version: v1.26.4\n")
    ran("get namespaces", table(state, state.resource("namespaces")))
    ran("get nodes", table(state, state.resource("nodes")))
    ran("get -o json nodes", get_json(state.of(state.resource("nodes"))))
    for word, key in _GLOBAL.items():
        resource = state.resource(key)
        here = state.of(resource, "default" if resource.namespaced else None)
        ran(f"get{' -o json' if everything else ''} {word}", get_json(here) if everything else "")
    for word, key in SOS.items():
        resource = state.resource(key)
        if not everything:
            ran(f"get --all-namespaces=true {word}", table(state, resource))
            continue
        for namespace in state.namespaces:
            here = state.of(resource, namespace if resource.namespaced else None)
            ran(
                f"get -o json --namespace={namespace} {word}", get_json(here), f"{root}/{namespace}"
            )
    tree["sos_commands/date/date"] = text(f"{state.taken_at:%a %b %e %H:%M:%S} UTC 2023\n")
    tree["etc/kubernetes/manifests/kube-apiserver.yaml"] = text(_STATIC_POD)
    tree["version.txt"] = text("sosreport: 4.9.1\n")
    return below(f"sosreport-master-1-{state.taken_at:%Y-%m-%d}-abcdefg", tree)


STATIC_POD = ("", "Pod", "kube-system", "kube-apiserver")
"""A file of the node's disk that is a whole manifest: what the kubelet was told to run."""
_STATIC_POD = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\n  namespace: kube-system\n"
    "spec:\n  containers:\n  - name: kube-apiserver\n    image: kube-apiserver:v1.26.4\n"
)


def sosreport_coverage(state: ClusterState, *, everything: bool) -> Expected:
    """The file names say the kind, so that an empty List lists it.

    Roles and their bindings are asked for without a namespace: those of `default` come.
    """
    covered = dict.fromkeys((*SOS.values(), *_GLOBAL.values(), "namespaces"), TABLE)
    if everything:
        covered = {it: Coverage(How.LISTED, withheld=_masked(it)) for it in SOS.values()}
        for key in _GLOBAL.values():
            is_whole = not state.resource(key).namespaced
            covered[key] = Coverage(How.LISTED, None if is_whole else frozenset({"default"}))
        covered["namespaces"] = TABLE
    return covering(state, {**covered, "nodes": Coverage(How.LISTED)})


def scrubbed(output: str) -> str:
    """What sos takes out of kubectl's output."""
    masked = _SENSITIVE.sub(r'\g<var> "********"', output)
    return _PEM.sub("-----SCRUBBED", masked)


def _masked(key: str) -> tuple[str, ...]:
    variables = "containers[].env[].value"
    if key in ("pods", "configmaps"):
        return ("data",) if key == "configmaps" else (f"spec.{variables}",)
    with_template = ("apps", "batch")
    return (f"spec.template.spec.{variables}",) if key.partition(".")[2] in with_template else ()


def _file_of(command: str) -> str:
    name = re.sub(r"[^\w\-./]+", "_", command)
    return name.replace("/", ".").strip(" ._-")


def rancher(state: ClusterState) -> Tree:
    """Rancher's v2 logs collector on RKE2: tables with standard error in them, nodes in JSON."""
    folder = "rke2/kubectl"
    warning = "Warning: v1 ComponentStatus is deprecated in v1.19+\n"
    tree: Tree = {
        f"{folder}/{name}": text(warning + table(state, state.resource(key)))
        for name, key in RANCHER.items()
    }
    tree[f"{folder}/nodes.json"] = text(get_json(state.of(state.resource("nodes"))))
    tree[f"{folder}/version"] = text("Client Version: v1.26.4\nServer Version: v1.26.4\n")
    tree["systeminfo/hostname"] = text("worker-1\n")
    return below(f"worker-1-{state.taken_at:%Y-%m-%d_%H_%M_%S}", tree)


def rancher_coverage(state: ClusterState) -> Expected:
    covered = dict.fromkeys(RANCHER.values(), TABLE)
    return covering(state, {**covered, "nodes": Coverage(How.LISTED)})


def eks(state: ClusterState) -> Tree:
    """The log collector of EKS, of one node: nothing of the cluster, though files look like it."""
    kubelet = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
    return {
        "system/instance-id.txt": text("i-0123456789abcdef0\n"),
        "kubelet/kubelet-config.json": text('{"kind":"KubeletConfiguration"}\n'),
        "kubelet/kubelet.yaml": text(kubelet),
        "containers/pods.txt": text(f"POD ID   NAME\n0a1b2c   {NEVER_WAS}\n"),
        "date.txt": text(f"{state.taken_at:%a %b %e %H:%M:%S} UTC 2023\n"),
    }


def aks(state: ClusterState) -> Tree:
    """aks-periscope: tables and texts of `kubectl describe`."""
    described = "".join(
        f"Name:             {it['metadata']['name']}\nNamespace:        {namespace_of(it)}\n\n"
        for it in state.of(state.resource("pods"))
    )
    return {
        "collector/kubeobjects/kube-system/pod": text(described),
        "collector/networkoutbound": text("2023-05-09 Succeeded\n"),
        "collector/pods.txt": text(table(state, state.resource("pods"))),
    }


def nothing(state: ClusterState) -> Expected:
    return covering(state, {})


def aks_coverage(state: ClusterState) -> Expected:
    return covering(state, {"pods": TABLE})
