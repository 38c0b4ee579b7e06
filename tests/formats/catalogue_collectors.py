"""The formats of other tools, with what can be read from each."""

from __future__ import annotations

from functools import partial

from tests.formats import (
    bug_report,
    collectors,
    gitops,
    helm,
    istio_dump,
    must_gather,
    node_reports,
    rendered,
    sos_openshift,
    support_bundle,
    support_bundle_eras,
    velero,
)
from tests.formats.cluster_state import ClusterState
from tests.formats.expectations import Expected, Format
from tests.formats.trees import Tree

_BUG_REPORT = "istio: tools/bug-report/pkg/content"
_BUNDLE = "troubleshoot: pkg/collect/cluster_resources.go"
_INSPECT = "oc: pkg/cli/admin/inspect (6b8e30c)"
_VELERO = "velero: pkg/backup/item_backupper.go (d30d389)"
_SOS = "sos: sos/report/plugins/kubernetes.py (5c7e63e)"
_HELM = "helm: cmd/helm (3.14.0)"
_GENERATE = "istio: operator/cmd/mesh/manifest-generate.go (1.20.8)"

BUG_REPORT = (
    *(
        Format(
            f"bug-report {era.name}",
            partial(bug_report.bug_report, era=era),
            partial(bug_report.expected_coverage, era=era),
            f"{_BUG_REPORT} ({era.name})",
        )
        for era in bug_report.ERAS
    ),
    Format(
        "bug-report: full Secrets",
        partial(bug_report.bug_report, era=bug_report.NEWEST, full_secrets=True),
        partial(bug_report.expected_coverage, era=bug_report.NEWEST, full_secrets=True),
        f"{_BUG_REPORT} (1.30.3)",
    ),
    Format(
        "bug-report: no custom resources",
        partial(bug_report.without_crs, era=bug_report.MIDDLE),
        partial(bug_report.coverage_without_crs, era=bug_report.MIDDLE),
        f"{_BUG_REPORT} (1.29.0)",
    ),
    Format(
        "bug-report: no cluster dump",
        bug_report.without_cluster_dump,
        bug_report.coverage_without_cluster_dump,
        f"{_BUG_REPORT} (1.30.3)",
    ),
    Format(
        "bug-report: --include",
        bug_report.with_include,
        bug_report.coverage_with_include,
        f"{_BUG_REPORT} (1.30.3)",
    ),
    Format(
        "bug-report: no folder",
        partial(bug_report.without_prefix, era=bug_report.MIDDLE),
        partial(bug_report.expected_coverage, era=bug_report.MIDDLE),
        "istio: tools/bug-report/pkg/archive/archive.go (1.29.0)",
    ),
)
SUPPORT_BUNDLE = (
    *(
        Format(
            f"support bundle {era.name}",
            partial(support_bundle.support_bundle, era=era),
            partial(support_bundle.expected_coverage, era=era),
            f"{_BUNDLE} ({era.name})",
        )
        for era in support_bundle_eras.ERAS
    ),
    Format(
        "support bundle: few rights",
        partial(support_bundle.refused_in_part, era=support_bundle_eras.YEAR_2026),
        partial(support_bundle.coverage_refused_in_part, era=support_bundle_eras.YEAR_2026),
        f"{_BUNDLE} (0.133.0)",
    ),
    Format(
        "support bundle: no CRDs",
        partial(support_bundle.without_crd_list, era=support_bundle_eras.YEAR_2023),
        partial(support_bundle.coverage_without_crd_list, era=support_bundle_eras.YEAR_2023),
        f"{_BUNDLE} (0.100.0)",
    ),
    Format(
        "support bundle: one namespace",
        partial(support_bundle.of_one_namespace, era=support_bundle_eras.YEAR_2026),
        partial(support_bundle.coverage_of_one_namespace, era=support_bundle_eras.YEAR_2026),
        f"{_BUNDLE} (0.133.0)",
    ),
)


def _inspected(state: ClusterState) -> Tree:
    return must_gather.inspect(state, state.busy)


def _inspected_coverage(state: ClusterState) -> Expected:
    return must_gather.expected_coverage(state, state.busy)


def _gathered(state: ClusterState) -> Tree:
    return must_gather.must_gather(state, state.busy)


def _gathered_coverage(state: ClusterState) -> Expected:
    return must_gather.coverage_of_must_gather(state, state.busy)


def _killed(state: ClusterState) -> Tree:
    return must_gather.truncated(state, state.busy)


def _killed_coverage(state: ClusterState) -> Expected:
    return must_gather.coverage_of_truncated(state, state.busy)


def _backup_of_some(state: ClusterState) -> Tree:
    return velero.backup(state, state.busy)


def _backup_of_some_coverage(state: ClusterState) -> Expected:
    return velero.expected_coverage(state, state.busy)


def _sos_openshift(state: ClusterState) -> Tree:
    return sos_openshift.sosreport(state, state.busy)


def _sos_openshift_coverage(state: ClusterState) -> Expected:
    return sos_openshift.expected_coverage(state, state.busy)


OPENSHIFT = (
    Format("oc adm inspect: namespaces", _inspected, _inspected_coverage, _INSPECT),
    Format("must-gather", _gathered, _gathered_coverage, _INSPECT),
    Format("must-gather: killed", _killed, _killed_coverage, _INSPECT),
    Format(
        "Insights archive",
        collectors.insights,
        collectors.insights_coverage,
        "insights-operator: docs/insights-archive-sample (8494b69)",
    ),
)
OTHERS = (
    Format("velero: everything", velero.backup, velero.expected_coverage, _VELERO),
    Format("velero: told", velero.backup_that_tells, velero.coverage_of_all, _VELERO),
    Format("velero: some namespaces", _backup_of_some, _backup_of_some_coverage, _VELERO),
    Format(
        "crash-diagnostics",
        collectors.crash_diagnostics,
        collectors.crash_diagnostics_coverage,
        "crash-diagnostics: k8s/object_writer.go (34f37a3)",
    ),
    Format(
        "crash-diagnostics: a file an object, YAML",
        partial(collectors.crash_diagnostics, output="yaml", one_file_each=True),
        collectors.crash_diagnostics_coverage,
        "crash-diagnostics: k8s/object_writer.go (34f37a3)",
    ),
    Format(
        "sonobuoy",
        collectors.sonobuoy,
        collectors.sonobuoy_coverage,
        "sonobuoy: pkg/discovery/query.go (3075601)",
    ),
    Format(
        "sosreport: kubernetes.all=on",
        partial(node_reports.sosreport, everything=True),
        partial(node_reports.sosreport_coverage, everything=True),
        _SOS,
        besides=frozenset({node_reports.STATIC_POD}),
    ),
    Format(
        "sosreport",
        partial(node_reports.sosreport, everything=False),
        partial(node_reports.sosreport_coverage, everything=False),
        _SOS,
        besides=frozenset({node_reports.STATIC_POD}),
    ),
    Format(
        "sosreport: openshift.with-api",
        _sos_openshift,
        _sos_openshift_coverage,
        "sos: sos/report/plugins/openshift.py (16bc7e0)",
    ),
    Format(
        "Rancher logs collector",
        node_reports.rancher,
        node_reports.rancher_coverage,
        "support-tools: collection/rancher/v2.x/logs-collector (7b2593c)",
    ),
    Format(
        "EKS log collector",
        node_reports.eks,
        node_reports.nothing,
        "amazon-eks-ami: log-collector-script/linux",
    ),
    Format("aks-periscope", node_reports.aks, node_reports.aks_coverage, "aks-periscope: pkg"),
    Format(
        "dump_kubernetes.sh 1.7",
        istio_dump.istio_dump,
        istio_dump.expected_coverage,
        "istio: tools/dump_kubernetes.sh (1.7.8)",
    ),
    Format(
        "dump_kubernetes.sh 1.6",
        partial(istio_dump.istio_dump, minor=6),
        partial(istio_dump.expected_coverage, minor=6),
        "istio: tools/dump_kubernetes.sh (1.6.14)",
    ),
)
_HOOK = frozenset({helm.TEST_POD})
DECLARED = (
    Format("helm template", helm.template, helm.expected_coverage, _HELM, ".yaml", besides=_HOOK),
    Format(
        "helm template --include-crds",
        helm.template_with_crds,
        helm.coverage_with_crds,
        _HELM,
        ".yaml",
        besides=_HOOK,
    ),
    Format("helm get manifest", helm.get_manifest, helm.expected_coverage, _HELM, ".yaml"),
    Format("helm get all", helm.get_all, helm.expected_coverage, _HELM, ".txt"),
    Format("helm status -o json", helm.status_json, helm.expected_coverage, _HELM, ".json"),
    Format(
        "Helm release Secrets",
        helm.stored,
        helm.expected_coverage,
        _HELM,
        ".yaml",
        besides=helm.STORED,
    ),
    Format("helm install --dry-run", helm.dry_run, helm.expected_coverage, _HELM, ".txt"),
    Format(
        "istioctl manifest generate",
        rendered.manifest_generate,
        rendered.expected_coverage,
        _GENERATE,
        ".yaml",
    ),
    Format(
        "istioctl manifest generate -o",
        rendered.manifest_generate_tree,
        rendered.expected_coverage,
        _GENERATE,
    ),
    Format(
        "kustomize build",
        rendered.kustomize_build_with_remarks,
        rendered.expected_coverage,
        "kustomize: api/resmap (5.5)",
        ".yaml",
    ),
    Format(
        "flux export",
        rendered.flux_export,
        rendered.expected_coverage,
        "flux2: cmd/flux/export.go",
        ".yaml",
    ),
    Format(
        "GitOps repository",
        gitops.repository,
        gitops.expected_coverage,
        "kustomize, argo-cd, fluxcd, sops: their API types",
        besides=frozenset({gitops.ENCRYPTED}),
    ),
)
