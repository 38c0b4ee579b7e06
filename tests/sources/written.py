"""A cluster of the fixtures, written as collectors write it; as much of each as tells it apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from auditor.documents import Document, documents
from auditor.kinds import KINDS, Kind
from auditor.sources.versions import kind_of
from tests.sources.dumps import bare

Thing = dict[str, Any]
Files = dict[str, str]
CLUSTERS = Path(__file__).parents[2] / "fixtures" / "clusters"
ALL_OF = ("pods", "services", "daemonsets", "deployments", "statefulsets", "cronjobs", "jobs")

NO_CONTROLLERS = '{"kind": "ReplicationControllerList", "apiVersion": "v1", "items": []}'


class Cluster:
    """The objects of a cluster, by kind and namespace."""

    def __init__(self, name: str) -> None:
        self.things: list[Thing] = []
        for path in sorted((CLUSTERS / name).iterdir()):
            for document in documents(path.read_bytes()):
                assert isinstance(document, Document)
                self.things += json.loads(json.dumps(document.root["items"]))
        self.namespaces = [it["metadata"]["name"] for it in self.of("namespaces")]

    def of(self, *plurals: str, namespace: str | None = None) -> list[Thing]:
        return [
            it
            for it in self.things
            if (kind := kind_of(it["apiVersion"], it["kind"]))
            and {kind.plural, str(kind)} & set(plurals)
            and namespace in (None, it["metadata"].get("namespace"))
        ]

    @property
    def custom(self) -> list[Thing]:
        return [thing for thing in self.things if (kind := kind_of_thing(thing)) and kind.is_custom]


def kind_of_thing(thing: Thing) -> Kind | None:
    return kind_of(thing["apiVersion"], thing["kind"])


def kind_named(plural: str) -> Kind:
    return next(it for it in KINDS.values() if plural in (it.plural, str(it)))


def api_version(kind: Kind) -> str:
    return f"{kind.group}/v1".removeprefix("/")


def a_list(things: Iterable[Thing]) -> str:
    root = {"apiVersion": "v1", "items": list(things), "kind": "List", "metadata": {}}
    return yaml.dump(root, Dumper=yaml.CSafeDumper)


def typed(plural: str, things: Iterable[Thing], *, named: bool = True, none: Any = ()) -> str:
    kind = kind_named(plural)
    items = [it if named else bare(it) for it in things] or (None if none is None else [])
    root = {"kind": f"{kind.name}List", "apiVersion": api_version(kind), "items": items}
    return json.dumps(root, indent=2) + "\n"


def cluster_info_dump(cluster: Cluster) -> Files:
    files = {"nodes.json": '{"kind": "NodeList", "apiVersion": "v1", "items": []}'}
    for namespace in cluster.namespaces:
        files[f"{namespace}/events.json"] = '{"kind": "EventList", "apiVersion": "v1", "items": []}'
        files[f"{namespace}/replication-controllers.json"] = NO_CONTROLLERS
        for plural in ALL_OF[:4]:
            here = cluster.of(plural, namespace=namespace)
            files[f"{namespace}/{plural}.json"] = typed(plural, here, named=False)
    return files


def printed_dump(cluster: Cluster) -> str:
    """The same on standard output, with logs that hold what may look like objects."""
    files = cluster_info_dump(cluster)
    texts = [files["nodes.json"]]
    for namespace in cluster.namespaces:
        texts.append(files[f"{namespace}/events.json"])
        texts.append(NO_CONTROLLERS)
        texts += [files[f"{namespace}/{it}.json"] for it in ("services", "daemonsets")]
        texts += [files[f"{namespace}/{it}.json"] for it in ("deployments", "pods")]
        for pod in cluster.of("pods", namespace=namespace):
            mark = f"logs for container a of pod {namespace}/{pod['metadata']['name']} ===="
            log = '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"never"}}\n}{ x: y: z'
            texts.append(f"==== START {mark}\n{log}==== END {mark}")
    return "\n".join(texts)


def bug_report(cluster: Cluster, era: int) -> Files:
    """Of Istio 1.`era`."""
    whole = ("namespaces", "mutatingwebhookconfigurations", "validatingwebhookconfigurations")
    kinds = (*ALL_OF, "customresourcedefinitions", "configmaps")
    files = {
        "cluster/k8s-resources": a_list(cluster.of(*kinds, *(whole if 12 <= era < 30 else ()))),
        "cluster/crs": a_list(cluster.custom),
        "cluster/secrets": "NAMESPACE   NAME   TYPE   DATA   AGE\nshop   a   Opaque   1   9d\n",
        "versions": "✅ apiVersion: none\n",
        "bug-report.log": "2023-05-09T06:30:15.000000Z\tinfo\tkind: Pod\n",
        "proxies/shop/a-1/config_dump?include_eds": "{}",
    }
    if era >= 30:
        files["cluster/k8s-resources"] = a_list(cluster.of(*ALL_OF, "configmaps"))
        files["cluster/k8s-cluster-resources"] = a_list(cluster.of(kinds[-2], *whole))
    return {f"bug-report/{name}": text for name, text in files.items()}


def support_bundle(cluster: Cluster, year: int) -> Files:
    whole = {"namespaces": "namespaces", "customresourcedefinitions": "custom-resource-definitions"}
    here: tuple[str, ...] = ALL_OF
    if year >= 2023:
        whole |= {"clusterroles": "clusterroles", "clusterrolebindings": "clusterrolebindings"}
        here = (*ALL_OF, "configmaps")
    if year >= 2026:
        for word in ("mutating", "validating"):
            whole[f"{word}webhookconfigurations"] = f"{word}-webhook-configurations"
    none = None if year >= 2026 else ()
    files = {f"{file}.json": typed(it, cluster.of(it), none=none) for it, file in whole.items()}
    for namespace in cluster.namespaces:
        for it in here:
            text = typed(it, cluster.of(it, namespace=namespace), none=none)
            files[f"{it}/{namespace}.json"] = text
    if year < 2023:
        root = json.loads(files["custom-resource-definitions.json"])
        nameless = {"items": [bare(it) for it in root["items"]]}
        files["custom-resource-definitions.json"] = json.dumps(nameless)
    for path, things in _custom(cluster).items():
        files[f"custom-resources/{path}.yaml"] = yaml.safe_dump(things)
        if year >= 2023:
            files[f"custom-resources/{path}.json"] = json.dumps(things)
    top = "support-bundle-2023-05-09T06_30_15"
    named = {f"{top}/cluster-resources/{path}": text for path, text in files.items()}
    return {**named, f"{top}/version.yaml": "apiVersion: troubleshoot.sh/v1beta2\n"}


def _custom(cluster: Cluster) -> Mapping[str, list[Thing]]:
    found: dict[str, list[Thing]] = {}
    for thing in cluster.custom:
        path = "/".join(filter(None, (str(kind_of_thing(thing)), namespace_of(thing))))
        found.setdefault(path, []).append(thing)
    return found


def namespace_of(thing: Thing) -> str:
    return str(thing["metadata"].get("namespace", ""))


def inspection(cluster: Cluster, namespaces: Iterable[str]) -> Files:
    """`oc adm inspect` of namespaces, and of the CRDs, which it saves one by one."""
    files = {"timestamp": "2023-05-09 06:30:15.1 +0000 UTC m=+0.1\n"}
    for namespace in namespaces:
        [own] = [it for it in cluster.of("namespaces") if it["metadata"]["name"] == namespace]
        folder = f"namespaces/{namespace}"
        files[f"{folder}/{namespace}.yaml"] = f"---\n{yaml.safe_dump(own)}"
        for plural in (*ALL_OF, "configmaps", "secrets"):
            group = kind_named(plural).group or "core"
            here = cluster.of(plural, namespace=namespace)
            files[f"{folder}/{group}/{plural}.yaml"] = f"---\n{typed(plural, here)}"
    for crd in cluster.of("customresourcedefinitions"):
        folder = "cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions"
        files[f"{folder}/{crd['metadata']['name']}.yaml"] = yaml.safe_dump(crd)
    return files


def velero(cluster: Cluster, namespaces: Iterable[str] | None = None) -> Files:
    chosen = None if namespaces is None else set(namespaces)
    files = {"metadata/version": "1.1.0\n"}
    if chosen is None:
        backup = {"kind": "Backup", "spec": {"includedNamespaces": ["*"]}}
        files["velero-backup.json"] = json.dumps(backup)
    for thing in cluster.things:
        place, name = namespace_of(thing), thing["metadata"]["name"]
        if (kind := kind_of_thing(thing)) is None:
            continue
        if chosen is None or place in chosen or (kind.name == "Namespace" and name in chosen):
            scope = f"namespaces/{place}" if place else "cluster"
            for version in ("", "v1-preferredversion/"):
                files[f"resources/{kind}/{version}{scope}/{name}.json"] = json.dumps(thing)
    return files


def sosreport(cluster: Cluster) -> Files:
    folder = "sosreport-node1-2023-05-09-abcdefg/sos_commands/kubernetes/cluster-info"
    rows = "".join(f"{it}   Active   90d\n" for it in cluster.namespaces)
    files = {f"{folder}/kubectl_get_namespaces": f"NAME   STATUS   AGE\n{rows}"}
    for namespace in cluster.namespaces:
        for plural in (*ALL_OF, "configmaps", "secrets", "clusterroles", "clusterrolebindings"):
            here = namespace if kind_named(plural).namespaced else None
            root = {"apiVersion": "v1", "items": cluster.of(plural, namespace=here), "kind": "List"}
            name = f"kubectl_get_-o_json_--namespace_{namespace}_{plural}"
            files[f"{folder}/{namespace}/{name}"] = json.dumps(root)
    return files


def crash_diagnostics(cluster: Cluster) -> Files:
    files: Files = {}
    for plural in (*ALL_OF, "configmaps", "namespaces"):
        kind = kind_named(plural)
        for namespace in cluster.namespaces if kind.namespaced else (None,):
            if here := cluster.of(plural, namespace=namespace):
                folder = "/".join(filter(None, (f"{kind.group or 'core'}_v1", namespace)))
                files[f"kube/{folder}/{plural}-2023-05-09T06-30-15Z.123.json"] = typed(plural, here)
    return files


def sonobuoy(cluster: Cluster) -> Files:
    files: Files = {}
    queries: list[Thing] = []
    for kind in KINDS.values():
        for namespace in cluster.namespaces if kind.namespaced else (None,):
            if kind.name == "Secret":
                continue
            queries.append({"queryobj": kind.plural, "namespace": namespace})
            if here := cluster.of(str(kind), namespace=namespace):
                scope = f"ns/{namespace}" if namespace else "cluster"
                name = f"{kind.group or 'core'}_v1_{kind.plural}"
                files[f"resources/{scope}/{name}.json"] = typed(str(kind), here)
    return {**files, "meta/query-time.json": json.dumps(queries)}
