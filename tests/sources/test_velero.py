"""A Velero backup is taken for the whole cluster only where something says that it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from auditor import sources
from auditor.kinds import ALL, CLUSTER_ROLE_BINDING, CRD, CRON_JOB, NAMESPACE, POD
from auditor.snapshot import Snapshot
from tests.formats import velero
from tests.formats.containers import CONTAINERS
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import Tree, contents, write
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


NIGHTLY = "backups/nightly/"


def bucket(*left_out: str, some: tuple[str, ...] | None = None) -> Tree:
    """What Velero keeps of a backup in its bucket."""
    tree = velero.store(STATE, some)
    return {path: it for path, it in tree.items() if not path.endswith(left_out or ("?",))}


@pytest.mark.parametrize("pack", ["", ".tar", ".tar.gz", ".zip"])
def test_the_bucket_tells_of_what_its_archive_is(tmp_path: Path, pack: str) -> None:
    source = tmp_path / f"bucket{pack}"
    if pack:
        source.write_bytes(CONTAINERS[pack](bucket()))
    else:
        write(bucket(), source)
    snapshot = sources.read([str(source)])
    assert snapshot.layouts == ("Velero backup",)
    assert snapshot.time == STATE.taken_at.replace(microsecond=0)
    assert [kind for kind in ALL if snapshot.seen(kind).gaps] == []


def test_the_files_may_be_named_one_by_one(tmp_path: Path) -> None:
    """As the report asks for: `mesh-auditor audit nightly.tar.gz velero-backup.json`."""
    folder = write(bucket(), tmp_path) / NIGHTLY
    names = ("nightly.tar.gz", BACKUP, "nightly-resource-list.json.gz")
    for several in (names, names[::-1]):
        snapshot = sources.read([str(folder / name) for name in several])
        assert [kind for kind in ALL if snapshot.seen(kind).gaps] == []


@pytest.mark.parametrize("folder", ["", "nightly/", "a/b/"])
def test_an_archive_that_was_unpacked_below_them(directory: Read, folder: str) -> None:
    beside = {path: it for path, it in contents(bucket()).items() if not path.endswith(".tar.gz")}
    unpacked = {
        f"{NIGHTLY}{folder}{path}": it for path, it in contents(velero.backup(STATE)).items()
    }
    snapshot = directory({**beside, **unpacked})
    assert snapshot.time == STATE.taken_at.replace(microsecond=0)
    assert [kind for kind in ALL if snapshot.seen(kind).gaps] == []


def test_without_the_list_what_has_no_file_may_not_have_been_taken(directory: Read) -> None:
    snapshot = directory(contents(bucket("resource-list.json.gz")))
    assert whys(snapshot, POD, "elsewhere") == []
    assert whys(snapshot, CRON_JOB, "elsewhere")


def test_the_bucket_of_a_backup_of_some_namespaces(directory: Read) -> None:
    snapshot = directory(contents(bucket(some=("bookshop",))))
    assert whys(snapshot, POD, "kafka") == [A_PART]
    assert whys(snapshot, POD, "bookshop") == []


@pytest.mark.parametrize("phase", ["PartiallyFailed", "InProgress", "Failed\x1b[31m"])
def test_a_backup_that_did_not_end_well_is_of_a_part(directory: Read, phase: str) -> None:
    said = json.dumps({"kind": "Backup", "spec": {}, "status": {"phase": phase}})
    snapshot = directory({**contents(velero.backup(STATE)), BACKUP: said})
    [why] = whys(snapshot, POD, "elsewhere")
    assert "may lack some of what it was asked for" in why
    assert "\x1b" not in why
    assert any(why == remark.what for remark in snapshot.remarks)


def test_what_the_list_names_and_the_archive_lacks_was_lost(directory: Read) -> None:
    listed = json.dumps({"v1/Pod": ["bookshop/gone"], "shop.io/v1/Cart": ["a"], "odd": None})
    snapshot = directory({**told({}), "resource-list.json": listed})
    assert whys(snapshot, POD, "bookshop") == [
        "resource-list.json names bookshop/gone, which the archive does not have"
    ]


@pytest.mark.parametrize("listed", ['{"v1/Pod": ["bookshop/', "[]", "odd", ""])
def test_a_list_that_cannot_be_read_proves_nothing(directory: Read, listed: str) -> None:
    snapshot = directory({**told({}), "resource-list.json": listed})
    assert whys(snapshot, CRON_JOB, "elsewhere")


def test_the_bucket_of_two_backups_keeps_them_apart(directory: Read) -> None:
    """Each archive has what lies beside it, and no other's."""
    other = {path.replace("nightly", "weekly"): it for path, it in bucket(BACKUP).items()}
    snapshot = directory(contents({**bucket(), **other}))
    assert whys(snapshot, POD, "elsewhere") == []
