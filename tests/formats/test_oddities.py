"""What is odd about a format is in what the writers write of it."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from typing import Any

import pytest
import yaml

from tests.formats import (
    bug_report,
    cluster_info_dump,
    collectors,
    istio_dump,
    kubectl_get,
    kubectl_output,
    must_gather,
    node_reports,
    support_bundle,
    support_bundle_eras,
    velero,
)
from tests.formats.plain_loading import content, documents, value
from tests.formats.sample import PEM, sample
from tests.formats.tables import table
from tests.formats.trees import File, Link

STATE = sample()


def test_the_kind_of_a_list_comes_after_its_items() -> None:
    assert kubectl_get.list_yaml(STATE).endswith(
        b'\nkind: List\nmetadata:\n  resourceVersion: ""\n'
    )
    assert b"\nkind: List" not in kubectl_output.cut_list_yaml(STATE)


def test_an_old_list_has_a_self_link_and_managed_fields() -> None:
    old = kubectl_get.list_of_old_kubectl(STATE)
    assert old.endswith(b'  selfLink: ""\n')
    assert b"managedFields:" in old
    assert b"managedFields:" not in kubectl_get.list_yaml(STATE)


def test_items_of_a_typed_list_have_no_kind_and_custom_ones_do() -> None:
    lists = kubectl_get.raw_lists(STATE)
    pods, gateways = value(lists, "pods.json"), value(lists, "gateways.networking.istio.io.json")
    assert list(pods) == ["kind", "apiVersion", "metadata", "items"]
    assert not pods["items"][0].keys() & {"kind", "apiVersion"}
    assert gateways["items"][0]["kind"] == "Gateway"


def test_a_first_page_says_how_much_is_missing() -> None:
    page = value(kubectl_get.raw_first_pages(STATE), "/namespaces.json".lstrip("/"))
    assert page["metadata"]["remainingItemCount"] == len(page["items"]) * 4
    assert page["metadata"]["continue"]


def test_lists_without_separators_are_one_document() -> None:
    printed = kubectl_get.yaml_loop_without_separators(STATE)
    assert len(list(yaml.compose_all(printed, yaml.CSafeLoader))) == 1


def test_a_complaint_is_a_key_of_the_list() -> None:
    text = kubectl_output.refused_after(STATE).decode()
    [not_found] = [it for it in text.splitlines() if "NotFound" in it]
    assert list(yaml.safe_load(not_found)) == ["Error from server (NotFound)"]


def test_the_end_of_a_log_stands_in_its_last_line() -> None:
    dump = cluster_info_dump.stream(STATE).decode()
    assert "[==== END logs for container discovery" in dump
    assert "\n==== END" not in dump


def test_all_but_the_first_file_of_a_run_begin_with_dashes() -> None:
    for tree in (
        cluster_info_dump.directory_yaml(STATE),
        must_gather.inspect(STATE, STATE.busy),
    ):
        texts = [
            it.content
            for path, it in tree.items()
            if isinstance(it, File) and path.endswith(".yaml") and "discovery" not in path
        ]
        assert not texts[0].startswith(b"---\n")
        assert all(it.startswith(b"---\n") for it in texts[1:])


@pytest.mark.parametrize("era", bug_report.ERAS, ids=lambda it: it.name)
def test_a_bug_report_has_its_own_kinds(era: bug_report.Era) -> None:
    tree = bug_report.bug_report(STATE, era)
    kinds = {it["kind"] for it in documents(content(tree, "/k8s-resources"))[0]["items"]}
    assert ("CustomResourceDefinition" in kinds) == (era is not bug_report.NEWEST)
    assert ("Namespace" in kinds) == (era in (bug_report.EARLY_MIDDLE, bug_report.MIDDLE))
    assert content(tree, "/secrets").startswith("NAMESPACE      NAME      TYPE     DATA   AGE\n")
    assert list(tree) == sorted(tree)


def test_what_printed_nothing_has_no_file() -> None:
    tree = bug_report.bug_report(STATE, bug_report.NEWEST)
    assert all(isinstance(it, File) and it.content.strip() for it in tree.values())
    assert "bug-report/cluster/events" not in tree
    assert "bug-report/proxies/shop/cart-5f6d8c7b9-zzkqp/config_dump?include_eds" in tree


def test_a_lost_file_is_told_in_the_log() -> None:
    tree = bug_report.without_crs(STATE, bug_report.MIDDLE)
    assert not any(path.endswith("/crs") for path in tree)
    assert bug_report.CONVERSION_FAILED in content(tree, "/bug-report.log")


def test_nobody_says_the_kind_of_crds_in_2022() -> None:
    tree = support_bundle.support_bundle(STATE, support_bundle_eras.YEAR_2022)
    crds = value(tree, "custom-resource-definitions.json")
    assert crds.keys() == {"metadata", "items"}
    assert not crds["items"][0].keys() & {"kind", "apiVersion"}


@pytest.mark.parametrize(
    ("era", "empty"), [(support_bundle_eras.YEAR_2023, []), (support_bundle_eras.YEAR_2026, None)]
)
def test_no_items_of_a_bundle(era: support_bundle_eras.Era, empty: Any) -> None:
    tree = support_bundle.support_bundle(STATE, era)
    assert value(tree, "cluster-resources/pods/empty.json")["items"] == empty


def test_twins_of_a_bundle() -> None:
    path = "cluster-resources/custom-resources/gateways.networking.istio.io/shop.yaml"
    twins = {}
    for era in support_bundle_eras.ERAS:
        tree = support_bundle.support_bundle(STATE, era)
        [twins[era.name]] = [it for name, it in tree.items() if name.endswith(path)]
    assert isinstance(twins["2023-2024"], File)
    assert twins["2023-2024"].content.startswith(b"- apiVersion: networking.istio.io")
    assert twins["2026"] == Link("shop.json")


def test_masks_of_a_bundle() -> None:
    tree = support_bundle.support_bundle(STATE, support_bundle_eras.YEAR_2026)
    [cart] = value(tree, "cluster-resources/deployments/shop.json")["items"]
    env = {
        it["name"]: it["value"] for it in cart["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    assert env == {"TOKEN_AUDIENCES": support_bundle.HIDDEN, "A_KEY": "s3"}


def test_lengths_of_secrets() -> None:
    tree = must_gather.inspect(STATE, ["istio-system"])
    [secret] = yaml.safe_load(content(tree, "istio-system/core/secrets.yaml"))["items"]
    data = {key: b64decode(it).decode() for key, it in secret["data"].items()}
    assert data == {
        "ca-key.pem": "7 bytes long",
        "root-cert.pem": f"{len(PEM)} bytes long",
        "tls.crt": PEM,
    }


def test_no_secrets_are_null_and_no_others_are_a_list() -> None:
    tree = must_gather.inspect(STATE, ["shop"])
    assert yaml.safe_load(content(tree, "shop/core/secrets.yaml"))["items"] is None
    assert yaml.safe_load(content(tree, "shop/core/services.yaml"))["items"] == []


def test_pods_are_there_twice() -> None:
    tree = must_gather.must_gather(STATE, STATE.busy)
    assert sum(path.endswith("/cart-5f6d8c7b9-zzkqp.yaml") for path in tree) == 1
    assert "cart-5f6d8c7b9-zzkqp" in content(tree, "namespaces/shop/core/pods.yaml")


def test_every_file_of_a_backup_is_there_twice() -> None:
    tree = velero.backup(STATE)
    path = "resources/deployments.apps/{}namespaces/shop/cart.json"
    assert tree[path.format("")] == tree[path.format("v1-preferredversion/")]
    assert content(tree, "metadata/version") == "1.1.0\n"
    assert len(tree) == 2 * len(STATE.objects) + 1


def test_names_of_archives() -> None:
    names = [it.archive for it in bug_report.ERAS]
    assert names == ["bug-report.tgz", *["bug-report.tar.gz"] * 3]
    assert collectors.sonobuoy_name(STATE).startswith("202305090630_sonobuoy_")


def test_what_proves_a_backup_lies_beside_it() -> None:
    tree = velero.store(STATE)
    assert value(tree, "velero-backup.json")["status"]["startTimestamp"] == "2023-05-09T06:30:15Z"
    packed = tree["backups/nightly/nightly-resource-list.json.gz"]
    assert isinstance(packed, File)
    assert "shop/cart" in json.loads(gzip.decompress(packed.content))["apps/v1/Deployment"]


def test_a_backup_of_some_namespaces_has_few_crds() -> None:
    tree = velero.backup(STATE, ["shop"])
    crds = [path for path in tree if path.startswith("resources/customresourcedefinitions")]
    assert {path.rpartition("/")[2] for path in crds} == {"gateways.networking.istio.io.json"}


def test_sos_takes_text_and_leaves_base64() -> None:
    tree = node_reports.sosreport(STATE, everything=True)
    roots = content(
        tree,
        "/shop/kubectl_--kubeconfig_.etc.kubernetes.admin.conf_get_-o_json_"
        "--namespace_shop_configmaps",
    )
    assert "-----SCRUBBED CERTIFICATE-----" in roots
    assert "BEGIN" not in roots
    pods = json.loads(content(tree, "--namespace_shop_deployments"))
    env = pods["items"][0]["spec"]["template"]["spec"]["containers"][0]["env"]
    assert [it["value"] for it in env] == ["istio-ca", "********"]
    secrets = json.loads(content(tree, "--namespace_istio-system_secrets"))
    assert b64decode(secrets["items"][0]["data"]["ca-key.pem"]) == b"private"


def test_queries_of_sonobuoy_tell_what_was_empty_and_what_failed() -> None:
    tree = collectors.sonobuoy(STATE, failed=["services"])
    queries = value(tree, "query-time.json")
    assert {"queryobj": "services", "namespace": "shop", "time": "2.134ms", "error": {}} in queries
    assert any(it["queryobj"] == "jobs" and "error" not in it for it in queries)
    assert not any(path.endswith("_jobs.json") for path in tree)


def test_dashes_of_an_istio_dump() -> None:
    resources = content(istio_dump.istio_dump(STATE), "/resources.yaml")
    first, second, third = documents(resources)
    assert first["kind"] == "List"
    assert second == {"kind": "Secret"}
    assert third is None
    assert "cacerts" in content(istio_dump.istio_dump(STATE, minor=6), "/resources.yaml")


def test_a_table() -> None:
    namespaces = STATE.resource("namespaces")
    assert table(STATE, namespaces).startswith("NAME           STATUS   AGE\ndefault ")
    assert table(STATE, STATE.resource("jobs.batch")) == "No resources found\n"
