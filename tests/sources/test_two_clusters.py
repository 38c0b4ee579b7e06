"""Two clusters in one source are never mixed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from auditor.snapshot import Snapshot
from auditor.sources import Choice
from tests.formats import bug_report
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import contents
from tests.sources.dumps import bare, complaint, listing
from tests.sources.packing import tarred

Read = Callable[..., Snapshot]
STATE = fixture("sdm-first")
REPORT = contents(bug_report.bug_report(STATE, bug_report.MIDDLE))
ONE, OTHER = "11111111-aaaa-4aaa-8aaa-000000000001", "22222222-bbbb-4bbb-8bbb-000000000002"


def namespaces(uid: str, *more: str) -> str:
    system = {"metadata": {"name": "kube-system", "uid": uid, "resourceVersion": "1"}}
    others = [{"metadata": {"name": name, "uid": f"{uid}{name}"}} for name in more]
    return json.dumps(listing(system, *others, kind="NamespaceList"))


def pods(name: str) -> str:
    pod = {"metadata": {"name": name, "namespace": "shop", "uid": name}}
    return json.dumps(listing(pod, kind="PodList"))


TWO = {
    "east/namespaces.json": namespaces(ONE, "shop"),
    "east/pods.json": pods("eastern"),
    "west/namespaces.json": namespaces(OTHER),
    "west/sub/pods.json": pods("western"),
}


@pytest.fixture
def choosing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    def read(files: Mapping[str, str | bytes], cluster: str = "", layout: str = "") -> Snapshot:
        (tmp_path / "dump.tar").write_bytes(tarred(files))
        monkeypatch.chdir(tmp_path)
        return sources.read(["dump.tar"], choice=Choice(layout, cluster))

    return read


def test_two_clusters_are_told_and_not_read(choosing: Read) -> None:
    assert complaint(lambda: choosing(TWO)) == (
        f"2 clusters are in there: {ONE} (east/namespaces.json), {OTHER} (west/namespaces.json); "
        "pick one with --cluster"
    )


@pytest.mark.parametrize("name", [OTHER, OTHER[:8], "west", "west/", "west/namespaces.json"])
def test_one_is_picked(choosing: Read, name: str) -> None:
    snapshot = choosing(TWO, name)
    assert [pod.name for pod in snapshot.seen(POD)] == ["western"]
    assert [it.name for it in snapshot.seen(NAMESPACE)] == ["kube-system"]
    assert snapshot.cluster == OTHER
    [remark] = [it for it in snapshot.remarks if "another cluster" in it.what]
    assert remark.where == "east/namespaces.json, east/pods.json"


@pytest.mark.parametrize("name", ["north", "1", "33333333", "."])
def test_one_that_is_not_there_is_refused(choosing: Read, name: str) -> None:
    said = complaint(lambda: choosing(TWO, name))
    assert said.startswith(f"--cluster {name}: 2 clusters are in there: ")
    east = {path: it for path, it in TWO.items() if path.startswith("east")}
    said = complaint(lambda: choosing(east, name))
    assert said == f"--cluster {name}: the only cluster is {ONE} (east/namespaces.json)"


def test_a_file_of_which_nobody_tells_may_hide_anything(choosing: Read) -> None:
    files = {**TWO, "crds.json": json.dumps(listing(kind="SecretList"))}
    snapshot = choosing(files, "west")
    assert any("crds.json: does not tell which" in gap.why for gap in snapshot.seen(POD).gaps)


def test_two_clusters_in_one_file_cannot_be_told_apart(choosing: Read) -> None:
    both = namespaces(ONE) + namespaces(OTHER)
    assert "holds objects of 2 clusters" in complaint(lambda: choosing({"a.json": both}))


def test_a_collectors_dump_is_of_one_cluster(choosing: Read) -> None:
    files = {**REPORT, "a/namespaces.json": namespaces(ONE)}
    said = complaint(lambda: choosing(files))
    assert "(bug-report/)" in said
    snapshot = choosing(files, "bug-report")
    assert len(snapshot.seen(NAMESPACE).so_far) == len(STATE.namespaces)


def test_several_sources_are_one_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", namespaces(ONE)), ("b", namespaces(OTHER)), ("c", pods("x"))):
        Path(name).write_text(text)
    assert "2 clusters" in complaint(lambda: sources.read(["a", "b"]))
    assert [pod.name for pod in sources.read(["a", "c"]).seen(POD)] == ["x"]


def test_manifests_are_of_any_cluster(choosing: Read) -> None:
    declared = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}}
    files = {"east/a.json": TWO["east/namespaces.json"], "chart.json": json.dumps(declared)}
    assert choosing(files).cluster == ONE


def test_a_layout_is_chosen(choosing: Read) -> None:
    files = REPORT
    assert choosing(files, layout="bug-report").layouts == ("istioctl bug-report",)
    assert choosing(files, layout="objects").layouts == ("Kubernetes objects",)
    said = complaint(lambda: choosing(files, layout="velero"))
    assert said == "--layout velero: dump.tar has no file of it"
    said = complaint(lambda: choosing(files, layout="zip"))
    assert said.startswith("--layout zip: no such layout; there are objects, bug-report, ")


def test_bare_objects_have_a_cluster_too(choosing: Read) -> None:
    one: Any = {
        "apiVersion": "v1",
        "kind": "Namespace",
        **bare(json.loads(namespaces(ONE))["items"][0]),
    }
    assert choosing({"a.json": json.dumps(one)}).cluster == ONE
