"""A Velero backup is taken for the whole cluster only where something says that it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from auditor.kinds import CLUSTER_ROLE_BINDING, CRD, NAMESPACE, POD
from auditor.snapshot import Snapshot
from tests.formats import velero
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import contents
from tests.sources.dumps import whys

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = fixture("sdm-first")
BACKUP = "velero-backup.json"
A_PART = "the backup was asked for a part of the cluster only"


def told(spec: Mapping[str, object]) -> dict[str, str | bytes]:
    """A backup with what says of what it is."""
    said = json.dumps({"kind": "Backup", "spec": spec})
    return {**contents(velero.backup(STATE)), BACKUP: said}


def test_an_object_that_is_gone_may_have_been_there(directory: Read) -> None:
    files = contents(velero.backup(STATE))
    path = next(it for it in files if "/pods/namespaces/bookshop/" in it)
    snapshot = directory({**files, path: ""})
    assert whys(snapshot, POD, "bookshop") == [f"{path} is empty"]
    assert whys(snapshot, POD, "kafka") == []


@pytest.mark.parametrize("some", [("bookshop",), ("bookshop", "kube-system")])
def test_it_may_be_of_some_namespaces(directory: Read, some: tuple[str, ...]) -> None:
    """Whoever leaves one namespace out has kube-system in the backup all the same."""
    snapshot = directory(contents(velero.backup(STATE, some)))
    [why] = whys(snapshot, POD, "kafka")
    assert why.endswith(f"add its {BACKUP}, which tells")
    assert whys(snapshot, POD, "bookshop") == []
    assert whys(snapshot, NAMESPACE) == [why]
    assert whys(snapshot, CRD)


def test_what_no_namespace_needs_shows_that_it_has_what_is_cluster_scoped(directory: Read) -> None:
    snapshot = directory(contents(velero.backup(STATE)))
    assert whys(snapshot, CLUSTER_ROLE_BINDING) == []
    assert whys(snapshot, NAMESPACE)


@pytest.mark.parametrize("spec", [{}, {"includedNamespaces": ["*"]}], ids=str)
def test_it_says_itself_that_it_is_of_all(directory: Read, spec: dict[str, object]) -> None:
    snapshot = directory(told(spec))
    assert whys(snapshot, POD, "elsewhere") == whys(snapshot, NAMESPACE) == []


@pytest.mark.parametrize(
    "spec",
    [
        {"includedNamespaces": ["bookshop"]},
        {"excludedNamespaces": ["kafka"]},
        {"includeClusterResources": False},
        {"includedResources": ["pods"]},
    ],
    ids=str,
)
def test_it_says_itself_that_it_is_of_a_part(directory: Read, spec: dict[str, object]) -> None:
    snapshot = directory(told(spec))
    assert whys(snapshot, CLUSTER_ROLE_BINDING) == [A_PART]
    assert whys(snapshot, POD, "gone") == [A_PART]
    assert whys(snapshot, POD, "bookshop") == []


def test_what_has_a_label_is_not_all_of_any_namespace(directory: Read) -> None:
    snapshot = directory(told({"labelSelector": {"matchLabels": {"app": "catalogue"}}}))
    assert whys(snapshot, POD, "bookshop") == [A_PART]
