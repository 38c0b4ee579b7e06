"""The fixture clusters are what the builder makes, and hold what their descriptions promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fixtures.builder.cluster import Cluster, files
from fixtures.builder.clusters import all_clusters, right
from fixtures.builder.kinds import KINDS
from fixtures.builder.printing import printed
from fixtures.builder.tree import tree

ROOT = Path(__file__).parent.parent / "fixtures" / "clusters"
_READ: dict[str, list[Any]] = {}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return tree()


def test_the_tree_is_what_the_builder_makes(made: dict[str, str]) -> None:
    kept = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix in {".yaml", ".md"}
    }

    assert made == kept, "run python -m fixtures.builder"


def test_names_are_unique() -> None:
    names = [cluster.name for cluster in all_clusters()]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("cluster", all_clusters(), ids=lambda cluster: str(cluster.name))
def test_each_kind_is_listed_once(cluster: Cluster) -> None:
    kinds = {(kind.api_version, kind.name) for kind in KINDS}
    seen: set[tuple[str, str]] = set()
    for document in _documents(cluster):
        if document["kind"] == "List":
            found = {(item["apiVersion"], item["kind"]) for item in document["items"]}
        else:
            found = {(document["apiVersion"], document["kind"].removesuffix("List"))}
        assert not found & seen
        seen |= found

    refused = {it for it in kinds if it[1] in cluster.refused}
    assert not refused & seen
    assert kinds == seen | refused


@pytest.mark.parametrize("cluster", all_clusters(), ids=lambda cluster: str(cluster.name))
def test_what_is_printed_reads_back(cluster: Cluster) -> None:
    items = [
        item
        for document in _documents(cluster)
        for item in document["items"]
        if item["kind"] not in {"Endpoints", "EndpointSlice"}
    ]
    listed = [it for it in cluster.objects if it["kind"] not in cluster.refused]

    assert len(listed) == len(items)
    for item in listed:
        assert item in items


@pytest.mark.parametrize("cluster", all_clusters(), ids=lambda cluster: str(cluster.name))
def test_each_custom_resource_has_its_definition(cluster: Cluster) -> None:
    defined = {
        (it["spec"]["group"], it["spec"]["names"]["kind"])
        for it in cluster.objects
        if it["kind"] == "CustomResourceDefinition"
    }
    used = {(it["apiVersion"].partition("/")[0], it["kind"]) for it in cluster.objects}

    assert {it for it in used if _is_custom(it[0])} <= defined


@pytest.mark.parametrize("cluster", all_clusters(), ids=lambda cluster: str(cluster.name))
def test_no_variable_has_an_empty_value(cluster: Cluster) -> None:
    """The API server drops an empty `value` of a container's variable."""
    assert not re.search(r"- name: [A-Z_]+\n\s+value: \"\"$", _text(cluster), re.MULTILINE)


def test_no_private_key_is_in_the_tree(made: dict[str, str]) -> None:
    assert not [name for name, text in made.items() if re.search("PRIVATE KEY", text)]


def test_roots_of_all_meshes_share_a_subject() -> None:
    folder = ROOT.parent / "builder" / "certificates"
    roots = [
        x509.load_pem_x509_certificate(path.read_bytes())
        for path in sorted(folder.glob("*-root.pem"))
    ]

    assert {"O=cluster.local"} == {root.subject.rfc4514_string() for root in roots}
    assert len({_key(root) for root in roots}) == len(roots) == 6


@pytest.mark.parametrize("cluster", right.clusters(), ids=lambda cluster: str(cluster.name))
def test_pods_run_with_what_their_namespace_chooses(cluster: Cluster) -> None:
    """In the clusters without a fault, by the labels alone: no webhook is evaluated."""
    namespaces = {
        it["metadata"]["name"]: it["metadata"]["labels"]
        for it in cluster.objects
        if it["kind"] == "Namespace"
    }
    tags = {
        it["metadata"]["labels"]["istio.io/tag"]: it["metadata"]["labels"]["istio.io/rev"]
        for it in cluster.objects
        if it["kind"] == "MutatingWebhookConfiguration"
        and "istio.io/tag" in it["metadata"]["labels"]
    }
    checked = 0
    for pod in (it for it in cluster.objects if it["kind"] == "Pod"):
        labels = namespaces[pod["metadata"]["namespace"]]
        status = pod["metadata"].get("annotations", {}).get("sidecar.istio.io/status")
        chosen = labels.get("istio.io/rev")
        if labels.get("istio-injection") == "enabled":
            chosen = "default"
        if chosen is None:
            assert status is None
            continue
        assert f'"revision":"{tags.get(chosen, chosen)}"' in status
        checked += 1

    assert checked


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("true", '"true"\n'),
        ("1-13-9", "1-13-9\n"),
        ("1.15", '"1.15"\n'),
        ("1.15.3", "1.15.3\n"),
        ("0x1f", '"0x1f"\n'),
        ("12:30:45", '"12:30:45"\n'),
        ("2023-03-02T09:30:05Z", '"2023-03-02T09:30:05Z"\n'),
        ("", '""\n'),
        ("null", '"null"\n'),
        ("*", "'*'\n"),
        ("a: b", "'a: b'\n"),
        ("two\nlines\n", "|\n  two\n  lines\n"),
        ("=", "=\n"),
    ],
)
def test_strings_are_quoted_as_kubectl_does(value: str, text: str) -> None:
    assert f"v: {text}" == printed({"v": value})


def test_keys_stand_in_the_order_of_go() -> None:
    keys = ["v10", "v9", "a_b", "aB", "a.b", "a-b", "ab", "f:x", "."]

    assert list(yaml.safe_load(printed(dict.fromkeys(keys, 1)))) == [
        ".",
        "a-b",
        "a.b",
        "a_b",
        "aB",
        "ab",
        "f:x",
        "v9",
        "v10",
    ]


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_custom(group: str) -> bool:
    return "." in group and not group.endswith(".k8s.io")


def _text(cluster: Cluster) -> str:
    return "".join(files(cluster).values())


def _documents(cluster: Cluster) -> list[Any]:
    if cluster.name not in _READ:
        _READ[cluster.name] = [
            document
            for text in files(cluster).values()
            if not text.startswith("Error from server")
            for document in yaml.load_all(text, Loader=yaml.CSafeLoader)
        ]
    return _READ[cluster.name]
