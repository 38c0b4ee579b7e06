"""Helm: what it prints, and the releases that it keeps in Secrets of the cluster.

Real about it: the order of kinds; `# Source:` above each document, and documents of comments alone;
CRDs first and only if asked for; the sections of `helm get all`; `data.release`, which is base64 of
base64 of gzip of JSON in a Secret, one base64 less in a ConfigMap, and without gzip in old ones.
(helm: cmd/helm/{template,status,get_all}.go, pkg/releaseutil/kind_sorter.go,
pkg/storage/driver/{secrets,cfgmaps,util}.go at v3.14.0)
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.formats.authored import authored, coverage_of
from tests.formats.cluster_state import ClusterState, Manifest
from tests.formats.expectations import Expected
from tests.formats.go_printing import go_json, go_yaml

_ORDER = (
    "PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodDisruptionBudget"
    " ServiceAccount Secret ConfigMap StorageClass PersistentVolume PersistentVolumeClaim"
    " CustomResourceDefinition ClusterRole ClusterRoleBinding Role RoleBinding Service DaemonSet"
    " Pod ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job"
    " CronJob IngressClass Ingress APIService"
)


TEST_POD = ("", "Pod", "", "istiod-test")
"""A hook, which `helm template` prints, and the cluster has only while a test runs."""


STORED = frozenset(
    ("", "Secret", "istio-system", f"sh.helm.release.v1.istiod.v{revision}") for revision in (1, 2)
)


@dataclass(frozen=True)
class Release:
    """An installation of a chart."""

    name: str = "istiod"
    namespace: str = "istio-system"
    chart: str = "istiod"
    chart_version: str = "1.20.8"
    revision: int = 1
    status: str = "deployed"
    values: Manifest = field(default_factory=lambda: {"pilot": {"env": {"A": "b"}}})
    manifest: str = ""
    when: str = "2023-05-02T10:11:12.131415+02:00"

    def as_json(self) -> str:
        """What Helm keeps of it."""
        info = {"first_deployed": self.when, "last_deployed": self.when, "deleted": ""}
        said = {"description": "Install complete", "status": self.status, "notes": "ready\n"}
        metadata = {"name": self.chart, "version": self.chart_version, "apiVersion": "v2"}
        chart: Manifest = {
            "metadata": metadata,
            "lock": None,
            "templates": [],
            "values": {"global": {}},
        }
        whole: dict[str, Any] = {"name": self.name, "info": {**info, **said}, "chart": chart}
        rest = {"config": self.values, "manifest": self.manifest, "version": self.revision}
        return go_json({**whole, **rest, "namespace": self.namespace})


def release_secret(release: Release, *, packed: bool = True) -> Manifest:
    """The Secret `sh.helm.release.v1.NAME.vN`; the oldest Helm 3 did not pack what is in it."""
    return {
        **_storage(release, "Secret"),
        "data": {"release": b64encode(_encoded(release, packed=packed).encode()).decode()},
        "type": "helm.sh/release.v1",
    }


def release_config_map(release: Release) -> Manifest:
    """The same in a ConfigMap, with `HELM_DRIVER=configmap`."""
    return {**_storage(release, "ConfigMap"), "data": {"release": _encoded(release, packed=True)}}


def with_releases(state: ClusterState, releases: Iterable[Release]) -> ClusterState:
    """The cluster with the Secrets of releases in it, for any other writer."""
    return replace(state, objects=(*state.objects, *map(release_secret, releases)))


def manifest(state: ClusterState, chart: str = "istiod", *, crds: bool = False) -> str:
    """The manifest of a release, as it is stored and as `helm get manifest` prints it."""
    parts = [
        f"---\n# Source: {chart}/templates/{_file_of(it)}.yaml\n{go_yaml(it)}"
        for it in sorted(authored(state, crds=crds), key=_place)
    ]
    # Behind `---` stands a template that renders to nothing but its comments.
    parts.insert(1, f"---\n# Source: {chart}/templates/reader.yaml\n# Not created: disabled\n")
    return "".join(parts)


def template(state: ClusterState, chart: str = "istiod", *, include_crds: bool = False) -> bytes:
    """`helm template`: with hooks and tests at its end, CRDs of crds/ first if asked for."""
    crds = "".join(
        f"---\n# Source: {chart}/crds/crd-all.gen.yaml\n{go_yaml(it)}"
        for it in authored(state)
        if include_crds and it["kind"] == "CustomResourceDefinition"
    )
    return f"{crds}{manifest(state, chart).strip()}\n{_hook(chart)}".encode()


def template_with_crds(state: ClusterState) -> bytes:
    return template(state, include_crds=True)


def get_manifest(state: ClusterState) -> bytes:
    """`helm get manifest`: without hooks, and with an empty line at its end."""
    return f"{manifest(state)}\n".encode()


def get_all(state: ClusterState, release: Release | None = None) -> bytes:
    """`helm get all`: texts, values and manifests one after the other. No YAML as a whole."""
    it = release or Release()
    values = go_yaml(it.values)
    return (
        f"NAME: {it.name}\nLAST DEPLOYED: Tue May  2 10:11:12 2023\nNAMESPACE: {it.namespace}\n"
        f"STATUS: {it.status}\nREVISION: {it.revision}\nCHART: {it.chart}\n"
        f"VERSION: {it.chart_version}\nAPP_VERSION: {it.chart_version}\nTEST SUITE: None\n"
        f"USER-SUPPLIED VALUES:\n{values}\nCOMPUTED VALUES:\n{values}\n"
        f'HOOKS:\nMANIFEST:\n{manifest(state)}\nNOTES:\n"istiod" successfully installed!\n'
        f"  $ kubectl get pods -n {it.namespace}\n"
    ).encode()


def status_json(state: ClusterState) -> bytes:
    """`helm status -o json`: the release as it is stored, on one line."""
    return f"{Release(manifest=manifest(state)).as_json()}\n".encode()


def stored(state: ClusterState) -> bytes:
    """`kubectl get secrets -A -l owner=helm -o yaml`: a release, and what it was before."""
    now = Release(manifest=manifest(state), revision=2)
    before = Release(status="superseded")
    items = [release_secret(it) for it in (before, now)]
    listed = {"apiVersion": "v1", "items": items, "kind": "List"}
    return go_yaml({**listed, "metadata": {"resourceVersion": ""}}).encode()


def dry_run(state: ClusterState) -> bytes:
    """`helm install --dry-run --hide-secret`: a Secret leaves a comment behind."""
    hidden = "---\n# Source: istiod/templates/secret.yaml\n"
    hidden += "# HIDDEN: The Secret output has been suppressed\n"
    head = "NAME: istiod\nLAST DEPLOYED: Tue May  2 10:11:12 2023\nNAMESPACE: istio-system\n"
    head += "STATUS: pending-install\nREVISION: 1\nTEST SUITE: None\nHOOKS:\nMANIFEST:\n"
    return f"{head}{hidden}{manifest(state)}\nNOTES:\nread: the notes\n".encode()


def expected_coverage(state: ClusterState, *, crds: bool = False) -> Expected:
    return coverage_of(state, authored(state, crds=crds))


def coverage_with_crds(state: ClusterState) -> Expected:
    return expected_coverage(state, crds=True)


def _storage(release: Release, kind: str) -> Manifest:
    labels = {"modifiedAt": "1683015072", "name": release.name, "owner": "helm"}
    name = f"sh.helm.release.v1.{release.name}.v{release.revision}"
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {
            "creationTimestamp": "2023-05-02T08:11:12Z",
            "labels": {**labels, "status": release.status, "version": str(release.revision)},
            "name": name,
            "namespace": release.namespace,
            "resourceVersion": "98765",
            "uid": "a3a1a6d6-6b57-44cf-9b5c-0f5d6a1d8c11",
        },
    }


def _encoded(release: Release, *, packed: bool) -> str:
    content = release.as_json().encode()
    return b64encode(gzip.compress(content, 9, mtime=0) if packed else content).decode()


def _place(thing: Manifest) -> tuple[int, str]:
    order = _ORDER.split()
    kind = thing["kind"]
    return (order.index(kind) if kind in order else len(order)), kind


def _file_of(thing: Manifest) -> str:
    return str(thing["kind"]).lower()


def _hook(chart: str) -> str:
    annotations = {"helm.sh/hook": "test"}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"annotations": annotations, "name": f"{chart}-test"},
        "spec": {"containers": [{"image": "busybox", "name": "test"}], "restartPolicy": "Never"},
    }
    return f"---\n# Source: {chart}/templates/tests/test.yaml\n{go_yaml(pod)}"
