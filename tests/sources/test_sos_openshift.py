"""The tables of sosreport's plugin openshift have all names: they show that something was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.kinds import DAEMON_SET, NAMESPACE, POD
from auditor.snapshot import Snapshot
from tests.formats import sos_openshift
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import contents
from tests.sources.dumps import whys

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = fixture("sdm-first")
PODS = "/namespaces/bookshop/pods/"


def report() -> dict[str, bytes]:
    return contents(sos_openshift.sosreport(STATE, ["bookshop"]))


def test_a_kind_is_listed_in_the_namespaces_that_were_asked_for(directory: Read) -> None:
    snapshot = directory(report())
    assert whys(snapshot, POD, "bookshop") == whys(snapshot, DAEMON_SET, "bookshop") == []
    assert whys(snapshot, POD, "kafka")
    assert whys(snapshot, NAMESPACE)


def test_a_file_that_is_gone_is_missed(directory: Read) -> None:
    files = report()
    gone = next(it for it in files if PODS in it and it.endswith(".yaml"))
    del files[gone]
    lost = f"names {gone.rpartition('/')[2][:-5]}, of which there is no file"
    assert any(why.endswith(lost) for why in whys(directory(files), POD, "bookshop"))


def test_without_its_table_nobody_knows_what_is_gone(directory: Read) -> None:
    files = {path: it for path, it in report().items() if f"{PODS}oc_get" not in path}
    said = "the sosreport has no table of it, which would have all names"
    assert said in whys(directory(files), POD, "bookshop")


def test_a_table_that_is_none_lists_nothing(directory: Read) -> None:
    files = report()
    [table] = [it for it in files if f"{PODS}oc_get" in it]
    files = {path: it for path, it in files.items() if PODS not in path}
    assert whys(directory({**files, table: b"error: You must be logged in\n"}), POD, "bookshop")
