"""What is missing from a dump is missing there, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from auditor.kinds import (
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    CRD,
    DEPLOYMENT,
    ENVOY_FILTER,
    INJECTOR,
    ISTIO_CONTROL_PLANE,
    NAMESPACE,
    POD,
    SECRET,
)
from auditor.snapshot import Snapshot
from auditor.withheld import Withheld
from tests.formats import (
    bug_report,
    cluster_info_dump,
    must_gather,
    node_reports,
    support_bundle,
)
from tests.formats.container_logs import NEVER_WAS
from tests.formats.fixture_clusters import fixture
from tests.formats.kubectl_get import get_yaml
from tests.formats.support_bundle_eras import YEAR_2022, YEAR_2023, YEAR_2026, Era
from tests.formats.trees import contents
from tests.sources.conftest import bytes_of
from tests.sources.dumps import NAMESPACES, complaint, whys

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = fixture("sdm-first")
BUNDLE = "support-bundle-2023-05-09T06_30_15/cluster-resources"


def bundle(era: Era = YEAR_2026) -> dict[str, str | bytes]:
    return {**contents(support_bundle.support_bundle(STATE, era))}


def report(era: bug_report.Era) -> dict[str, str | bytes]:
    return {**contents(bug_report.bug_report(STATE, era))}


def cut(content: str | bytes, end: int) -> bytes:
    assert isinstance(content, bytes)
    return content[:end]


def test_the_pods_of_one_namespace_blur_no_others(directory: Read) -> None:
    files = bundle()
    del files[f"{BUNDLE}/pods/kafka.json"]
    files[f"{BUNDLE}/pods-errors.json"] = json.dumps({"kafka": "pods is \x1b forbidden"})
    snapshot = directory(files)
    assert whys(snapshot, POD, "bookshop") == []
    assert whys(snapshot, POD, "kafka") == ["pods is \\u001b forbidden"]
    [gap] = snapshot.seen(POD).gaps
    assert gap.get == "kubectl get pods -n kafka -o yaml"


def test_a_file_that_was_cut_hides_what_it_lists(directory: Read) -> None:
    files = bundle()
    path = f"{BUNDLE}/pods/bookshop.json"
    files[path] = cut(files[path], -200)
    snapshot = directory(files)
    assert whys(snapshot, POD, "bookshop")
    assert whys(snapshot, POD, "kafka") == []
    assert whys(snapshot, DEPLOYMENT, "bookshop") == []
    assert snapshot.elsewhere == ()


def test_a_namespace_without_a_file_is_a_gap_of_its_own(directory: Read) -> None:
    files = bundle(YEAR_2023)
    del files[f"{BUNDLE}/configmaps/kafka.json"]
    snapshot = directory(files)
    assert [gap.namespace for gap in snapshot.seen(CONFIG_MAP).gaps] == ["kafka"]


def test_a_list_of_the_whole_cluster_that_failed(directory: Read) -> None:
    files = bundle()
    files[f"{BUNDLE}/mutating-webhook-configurations.json"] = ""
    said = 'mutatingwebhookconfigurations is forbidden: User "bundle"'
    files[f"{BUNDLE}/mutating-webhook-configurations-errors.json"] = json.dumps([said])
    assert whys(directory(files), INJECTOR) == [said]


def test_custom_resources_are_known_only_with_their_definitions(directory: Read) -> None:
    files = bundle()
    files[f"{BUNDLE}/custom-resource-definitions.json"] = ""
    files[f"{BUNDLE}/custom-resources/custom-resources-errors.json"] = '{"crdList": "no CRDs"}'
    snapshot = directory(files)
    assert whys(snapshot, CRD)
    assert "no CRDs" in whys(snapshot, ISTIO_CONTROL_PLANE, "kafka")
    assert "no CRDs" in whys(snapshot, ENVOY_FILTER, "kafka")


def test_a_definition_that_failed_hides_its_own_resources(directory: Read) -> None:
    files = bundle()
    errors = {"envoyfilters.networking.istio.io": "not served"}
    files[f"{BUNDLE}/custom-resources/custom-resources-errors.json"] = json.dumps(errors)
    snapshot = directory(files)
    assert whys(snapshot, ENVOY_FILTER, "kafka") == ["not served"]
    assert whys(snapshot, ISTIO_CONTROL_PLANE, "kafka") == []


@pytest.mark.parametrize("shape", ["object", "array"])
def test_namespaces_that_were_picked_are_not_all(directory: Read, shape: str) -> None:
    all_of_them = STATE.of(STATE.resource("namespaces"))
    own = next(it for it in all_of_them if it["metadata"]["name"] == "bookshop")
    files = bundle()
    files[f"{BUNDLE}/namespaces.json"] = json.dumps(own if shape == "object" else [own])
    snapshot = directory(files)
    assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["bookshop"]
    assert whys(snapshot, NAMESPACE)
    assert whys(snapshot, ENVOY_FILTER, "bookshop") == []
    assert whys(snapshot, ENVOY_FILTER, "kafka")


def test_what_a_bundle_says_of_secrets_is_no_secret(directory: Read) -> None:
    status = {"namespace": "bookshop", "name": "cacerts", "key": "k", "secretExists": True}
    files = bundle()
    files["support-bundle-2023-05-09T06_30_15/secrets/bookshop/cacerts.json"] = json.dumps(status)
    snapshot = directory(files)
    assert snapshot.seen(SECRET).so_far == ()
    assert whys(snapshot, SECRET, "bookshop") == ["a support bundle never collects it"]


def test_values_that_oc_elided_are_withheld(directory: Read) -> None:
    snapshot = directory(contents(must_gather.inspect(STATE, ["istio-system"])))
    data = [thing.at("data").held for thing in snapshot.seen(SECRET).so_far]
    held = [value for values in data for key, value in values.items() if "cert" in key]
    assert held
    assert all(isinstance(value, Withheld) for value in held)
    assert whys(snapshot, SECRET, "istio-system") == []
    assert whys(snapshot, SECRET, "bookshop")


def test_a_bug_report_tells_what_kubectl_complained_of(directory: Read) -> None:
    snapshot = directory(contents(bug_report.without_crs(STATE, bug_report.MIDDLE)))
    assert bug_report.CONVERSION_FAILED in whys(snapshot, ISTIO_CONTROL_PLANE)[0]


def test_an_empty_list_of_a_filtered_bug_report_lists_nothing(directory: Read) -> None:
    files = report(bug_report.NEWEST)
    files["bug-report/cluster/k8s-resources"] = get_yaml([])
    files["bug-report/cluster/crs"] = get_yaml([])
    snapshot = directory(files)
    assert whys(snapshot, POD, "kafka")
    assert whys(snapshot, ISTIO_CONTROL_PLANE, "kafka")
    assert whys(snapshot, NAMESPACE) == []


def test_a_printed_dump_lists_what_it_came_to(piped: Any) -> None:
    snapshot = piped(cluster_info_dump.stream(STATE))
    assert snapshot.layouts == ("kubectl cluster-info dump",)
    assert whys(snapshot, POD, "bookshop") == []
    assert whys(snapshot, POD, "elsewhere")
    assert all(pod.name != NEVER_WAS for pod in snapshot.seen(POD).so_far)
    assert [str(it) for it in snapshot.remarks] == []


def test_the_lines_of_a_printed_dump_stay_where_they_are(piped: Any) -> None:
    text = cluster_info_dump.stream(STATE).decode()
    [*_, last] = piped(text).seen(POD).so_far
    assert last.origin is not None
    line = last.origin.line(("metadata", "name"))
    assert f'"name": "{last.name}"' in text.split("\n")[line - 1]


def test_a_printed_dump_that_was_cut_in_a_log(piped: Any) -> None:
    snapshot = piped(cluster_info_dump.cut_in_a_log(STATE))
    assert whys(snapshot, POD, "bookshop") == []
    assert any("inside of a container's log" in str(it) for it in snapshot.remarks)


def test_what_lies_beside_a_dump_is_read_as_well(directory: Read) -> None:
    files = contents(cluster_info_dump.directory(STATE))
    snapshot = directory({**files, "namespaces.json": NAMESPACES})
    assert whys(snapshot, NAMESPACE) == []
    assert snapshot.layouts == ("kubectl cluster-info dump", "Kubernetes objects")


def test_older_snapshots_in_a_must_gather_stay_closed(directory: Read) -> None:
    files = contents(must_gather.inspect(STATE, ["bookshop"]))
    top = "must-gather.local.1/quay-io-sha256-1"
    image: dict[str, str | bytes] = {f"{top}/{path}": it for path, it in files.items()}
    image["must-gather.local.1/must-gather.logs"] = "ClusterID: 6f1c2a9e-9d8e-4c57\n"
    image[f"{top}/insights-data/x.tar.gz"] = "\x1f\x8b"
    snapshot = directory(image)
    assert snapshot.layouts == ("must-gather",)
    assert snapshot.elsewhere == ()
    assert snapshot.cluster == "6f1c2a9e-9d8e-4c57"


def test_collectors_of_tables_are_named(directory: Read) -> None:
    said = complaint(lambda: directory({"node/rke2/kubectl/pods": "NAME  READY\na  1/1\n"}))
    assert "Rancher's logs collector: tables and logs, and no object to audit" in said


def test_a_patch_of_kustomize_is_no_object(directory: Read) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: a}\n"
    files = {
        "base/istiod.yaml": f"{patch}spec: {{replicas: 2, selector: {{}}}}\n",
        "prod/kustomization.yaml": "resources: [../base]\npatches:\n- path: patch.yaml\n",
        "prod/patch.yaml": f"{patch}spec: {{replicas: 7}}\n",
    }
    [istiod] = directory(files).seen(DEPLOYMENT).so_far
    assert istiod.at("spec", "replicas").value == 2


def test_an_empty_list_with_the_name_of_its_kind(directory: Read) -> None:
    snapshot = directory(contents(node_reports.sosreport(STATE, everything=True)))
    assert whys(snapshot, POD, "istio-system") == []
    assert whys(snapshot, NAMESPACE) == ["a table, which shows no labels and no fields"]


def test_a_bare_list_that_was_cut_within_a_line(directory: Read) -> None:
    files = bundle(YEAR_2022)
    path = next(it for it in files if "/envoyfilters" in it)
    files[path] = cut(files[path], bytes_of(files[path]).rindex(b"uid:") + 6)
    namespace = path.rpartition("/")[2].removesuffix(".yaml")
    snapshot = directory(files)
    assert any("cut short" in why for why in whys(snapshot, ENVOY_FILTER, namespace))


def test_a_list_of_which_the_items_are_none(directory: Read) -> None:
    files = bundle(YEAR_2023)
    files[f"{BUNDLE}/clusterrolebindings.json"] = '{"items":true}'
    assert whys(directory(files), CLUSTER_ROLE_BINDING)
