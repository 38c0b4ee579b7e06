"""A repository from which a cluster is made: manifests, and much that only looks like them.

Overlays hold the same objects again, patches are objects with few fields, lists of JSON patches and
values files have no kind, templates are no YAML, and what SOPS encrypted keeps its keys in clear.
(kustomize: api/types/kustomization.go; argo-cd: pkg/apis/application/v1alpha1/types.go;
fluxcd/helm-controller: api/v2; getsops/sops: README, all as of 2024)
"""

from __future__ import annotations

from tests.formats.authored import authored, coverage_of
from tests.formats.cluster_state import ClusterState, Manifest, namespace_of
from tests.formats.expectations import Expected
from tests.formats.go_printing import go_yaml
from tests.formats.trees import File, Tree, text

ENCRYPTED = ("", "Secret", "istio-system", "cacerts-by-sops")
"""A Secret of which only the keys can be read."""
PATCHED = "patched-by-an-overlay"
"""A label's value that only an overlay gives."""

_KUSTOMIZATION = """\
# Made by hand.
resources:
- ../../base
patches:
- path: patch.yaml
- path: operations.yaml
  target:
    kind: Deployment
configMapGenerator:
- name: generated
  literals:
  - mode=on
"""
_OPERATIONS = "- op: replace\n  path: /spec/replicas\n  value: 3\n"
_VALUES = """\
# Values of the chart istiod.
global: {tag: 1.10, logAsJson: off}
pilot:
  env:
    ISTIO_MULTIROOT_MESH: "true"
meshConfig: &mesh
  defaultConfig: {proxyMetadata: {}}
other:
  <<: *mesh
"""
_TEMPLATE = """\
{{- if .Values.gateway.enabled }}
apiVersion: networking.istio.io/v1beta1
kind: Gateway
metadata:
  name: {{ include "mesh.fullname" . }}
  labels: {{- toYaml .Values.labels | nindent 4 }}
spec:
  servers: []
{{- end }}
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: istiod
  namespace: argocd
spec:
  destination:
    namespace: istio-system
    server: https://kubernetes.default.svc
  source:
    chart: istiod
    helm:
      values: |
        revision: canary
        base:
          enableIstioConfigCRDs: off
    repoURL: https://istio-release.storage.googleapis.com/charts
    targetRevision: 1.20.8
"""
_HELM_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: istiod, namespace: istio-system}
spec:
  interval: 1h
  chart:
    spec: {chart: istiod, version: 1.20.8, sourceRef: {kind: HelmRepository, name: istio}}
  values:
    pilot: {env: {ISTIO_MULTIROOT_MESH: "true"}}
"""
_SOPS = """\
apiVersion: v1
kind: Secret
metadata:
    name: cacerts-by-sops
    namespace: istio-system
stringData:
    ca-key.pem: ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]
sops:
    kms: []
    age:
        - recipient: age1madeup
    lastmodified: "2023-05-02T10:11:12Z"
    mac: ENC[AES256_GCM,data:bWFj,iv:bWFj,tag:bWFj,type:str]
    version: 3.8.1
"""


def repository(state: ClusterState) -> Tree:
    """A checkout, with one overlay."""
    things = authored(state)
    names: Tree = {_path(it): text(_written(it)) for it in things}
    listed = "".join(f"- {path.removeprefix('mesh/base/')}\n" for path in names)
    overlay = "mesh/overlays/prod"
    return {
        "README.md": text(
            "# mesh\n\n```yaml\nkind: Namespace\nmetadata: {name: in-a-readme}\n```\n"
        ),
        ".git/HEAD": text("ref: refs/heads/main\n"),
        ".github/workflows/deploy.yaml": text("on: [push]\njobs: {deploy: {runs-on: x}}\n"),
        "mesh/base/kustomization.yaml": text(f"resources:\n{listed}"),
        **names,
        f"{overlay}/kustomization.yaml": text(f"kind: Kustomization\n{_KUSTOMIZATION}"),
        f"{overlay}/patch.yaml": text(_patches(things)),
        f"{overlay}/operations.yaml": text(_OPERATIONS),
        "argocd/istiod.yaml": text(_APPLICATION),
        "flux/istiod.yaml": text(_HELM_RELEASE),
        "charts/mesh/Chart.yaml": text("apiVersion: v2\nname: mesh\nversion: 0.1.0\n"),
        "charts/mesh/values.yaml": text(_VALUES),
        "charts/mesh/templates/gateway.yaml": text(_TEMPLATE),
        "charts/mesh/templates/_helpers.tpl": text('{{- define "mesh.fullname" -}}x{{- end }}\n'),
        "secrets/cacerts.enc.yaml": text(_SOPS),
        "scripts/apply.sh": File(b"#!/bin/sh\nkubectl apply -k mesh/overlays/prod\n", 0o755),
    }


def expected_coverage(state: ClusterState) -> Expected:
    """The manifests of the base; no overlay may be mixed into it."""
    return coverage_of(state, authored(state))


def _path(thing: Manifest) -> str:
    place = namespace_of(thing) or "cluster"
    group = thing["apiVersion"].rpartition("/")[0].partition(".")[0] or "core"
    kind, name = thing["kind"].lower(), thing["metadata"]["name"]
    return f"mesh/base/{place}/{group}-{kind}-{name}.yaml"


def _written(thing: Manifest) -> str:
    """YAML as people write it: kind first, and a comment."""
    head = {key: thing[key] for key in ("apiVersion", "kind")}
    rest = {key: it for key, it in thing.items() if key not in head}
    return f"# {thing['kind']}\n{go_yaml(head)}{go_yaml(rest)}"


def _patches(things: list[Manifest]) -> str:
    patched = [it for it in things if it["kind"] == "Deployment"]
    return "---\n".join(
        go_yaml(
            {
                "apiVersion": it["apiVersion"],
                "kind": it["kind"],
                "metadata": {
                    "name": it["metadata"]["name"],
                    "namespace": namespace_of(it),
                    "labels": {"istio.io/rev": PATCHED},
                },
            }
        )
        for it in patched
    )
