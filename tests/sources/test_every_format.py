"""The same cluster in every format gives the same findings, or says what the format leaves out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from auditor import sources
from auditor.kinds import ALL, NAMESPACE, POD, Kind
from auditor.outcome import Verdict
from auditor.snapshot import Snapshot
from auditor.sources.clusters import SYSTEM
from auditor.sources.collected import DECLARED
from auditor.testing import jumps
from tests.formats.catalogue import FORMATS
from tests.formats.cluster_state import TAKEN_AT, Manifest, namespace_of
from tests.formats.expectations import Coverage, Format, How
from tests.formats.trees import write
from tests.sources.every_format import STATE, hidden, judged, original, read, table

TABLE = Path(__file__).parent / "every_format.md"
SAYS_NOTHING = "nothing in there can be used", "holds no Kubernetes object"
USABLE = [form for form in FORMATS if isinstance(read(form), Snapshot)]
RENDERED = [
    form
    for form in USABLE
    if How.DECLARED in {it.how for it in form.expected_coverage(STATE).values()}
]
AS_A_TREE = ("bug-report 1.30", "support bundle 2026", "must-gather", "velero: everything")
OF_A_CLUSTER = [form for form in USABLE if form not in RENDERED]


def name(form: Format) -> str:
    return form.name


def snapshot_of(form: Format) -> Snapshot:
    snapshot = read(form)
    assert isinstance(snapshot, Snapshot)
    return snapshot


def test_the_table_of_formats(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--accept"):
        TABLE.write_text(table(), encoding="utf-8")
    assert table() == TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [it for it in FORMATS if it not in USABLE], ids=name)
def test_what_has_no_object_is_refused_in_one_line(form: Format) -> None:
    said = read(form)
    assert isinstance(said, str)
    assert said.isprintable()
    assert any(it in said for it in SAYS_NOTHING)
    coverage = form.expected_coverage(STATE)
    shows = {coverage[str(kind)].how for kind in ALL if str(kind) in coverage}
    assert shows <= {How.TABLE, How.NOT_COLLECTED, How.FAILED}


@pytest.mark.parametrize("form", OF_A_CLUSTER, ids=name)
def test_each_verdict_is_the_same_or_unknown(form: Format) -> None:
    for before, after in zip(original(), judged(form), strict=True):
        assert jumps(before, after) == []
        for outcome in after.outcomes.values():
            assert outcome.verdict is not Verdict.UNKNOWN or outcome.gaps


@pytest.mark.parametrize("form", OF_A_CLUSTER, ids=name)
def test_whatever_is_not_listed_has_a_reason_and_a_command(form: Format) -> None:
    for kind in ALL:
        for gap in snapshot_of(form).seen(kind).gaps:
            assert gap.why
            assert gap.get.startswith("kubectl get ") or gap in snapshot_of(form).elsewhere


@pytest.mark.parametrize("form", OF_A_CLUSTER, ids=name)
def test_each_kind_is_listed_as_far_as_the_format_lists_it(form: Format) -> None:
    snapshot = snapshot_of(form)
    expected = form.expected_coverage(STATE)
    for kind in ALL:
        if coverage := expected.get(str(kind)):
            for namespace in STATE.namespaces if kind.namespaced else ("",):
                check(form, snapshot, kind, namespace, coverage)
            if coverage.how is How.CUT:
                assert snapshot.seen(kind).gaps


def check(form: Format, snapshot: Snapshot, kind: Kind, namespace: str, coverage: Coverage) -> None:
    whys = hidden(snapshot, kind, namespace)
    shown = coverage.namespaces is None or not namespace or namespace in coverage.namespaces
    if coverage.how is How.LISTED and shown:
        assert whys == [] or is_untold(form, kind, namespace)
    elif coverage.how is How.FAILED:
        assert any(coverage.why in why for why in whys)
    elif coverage.how not in (How.ASSUMED, How.CUT):
        assert whys


def is_untold(form: Format, kind: Kind, namespace: str) -> bool:
    """What a format lists, and nobody can tell from the file."""
    if form.name.startswith("cluster-info dump: ") and form.suffix:
        return not any(
            namespace_of(it) == namespace and it["kind"] in DUMPED for it in STATE.objects
        )
    return form.name == "sonobuoy" and kind.plural in ("gateways", "virtualservices")


DUMPED = {"DaemonSet", "Deployment", "Pod", "Service"}


@pytest.mark.parametrize("form", OF_A_CLUSTER, ids=name)
def test_what_is_listed_is_what_the_cluster_has(form: Format) -> None:
    for kind in ALL:
        there = {
            (namespace_of(it), it["metadata"]["name"])
            for it in STATE.objects
            if it["kind"] == kind.name and it["apiVersion"].rpartition("/")[0] == kind.group
        }
        seen = snapshot_of(form).seen(kind)
        found = {(it.namespace, it.name) for it in seen.so_far}
        besides = {(it[2], it[3]) for it in form.besides if it[1] == kind.name}
        assert found <= there | besides
        missing = {namespace for namespace, _ in there - found}
        assert all(hidden(snapshot_of(form), kind, namespace) for namespace in missing)


def test_the_time_of_a_dump_is_told() -> None:
    for form in OF_A_CLUSTER:
        if (time := snapshot_of(form).time) is not None:
            assert abs(time - TAKEN_AT) < timedelta(minutes=2)


def test_the_cluster_is_told_wherever_its_namespaces_are() -> None:
    [uid] = [it["metadata"]["uid"] for it in STATE.objects if is_system(it)]
    for form in OF_A_CLUSTER:
        if snapshot_of(form).find(NAMESPACE, SYSTEM).so_far:
            assert snapshot_of(form).cluster == uid


def is_system(thing: Manifest) -> bool:
    return bool(thing["kind"] == "Namespace" and thing["metadata"]["name"] == SYSTEM)


@pytest.mark.parametrize("form", [it for it in FORMATS if it.name in AS_A_TREE], ids=name)
def test_a_directory_is_read_like_an_archive(form: Format, tmp_path: Path) -> None:
    tree = form.write(STATE)
    assert not isinstance(tree, bytes)
    snapshot = sources.read([str(write(tree, tmp_path / "dump"))])
    assert snapshot.layouts == snapshot_of(form).layouts
    for kind in ALL:
        assert snapshot.seen(kind).so_far == snapshot_of(form).seen(kind).so_far
        assert snapshot.seen(kind).gaps == snapshot_of(form).seen(kind).gaps


@pytest.mark.parametrize("form", RENDERED, ids=name)
def test_what_is_rendered_is_called_so(form: Format) -> None:
    snapshot = snapshot_of(form)
    assert snapshot.layouts == ("manifests",)
    assert any(remark.what == DECLARED for remark in snapshot.remarks)
    assert snapshot.seen(POD).gaps
    for result in judged(form):
        assert result.verdict is not Verdict.ERROR
