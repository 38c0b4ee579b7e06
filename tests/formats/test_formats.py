"""What every writer writes is what it says: no object more, none less."""

from __future__ import annotations

from posixpath import dirname, join, normpath

import pytest

from tests.formats.catalogue import FORMATS
from tests.formats.cluster_state import ClusterState
from tests.formats.container_logs import NEVER_WAS
from tests.formats.expectations import Format, How, Identity, shown
from tests.formats.reading_back import found_in
from tests.formats.sample import sample
from tests.formats.trees import File, Link

STATE = sample()
every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda it: it.name)


def compared(form: Format, state: ClusterState) -> tuple[set[Identity], set[Identity]]:
    """What is found in a dump of a cluster, and what was expected but for what was cut off."""
    coverage = form.expected_coverage(state)
    expected = shown(state, coverage)
    found = found_in(state, form.write(state)) - form.besides
    cut = {(it.group, it.kind) for it in state.resources if coverage[it.key].how is How.CUT}
    lost = {it for it in expected - found if it[:2] in cut}
    assert bool(lost) == bool(cut)
    return found, expected - lost


@every_format
def test_the_objects_are_those_expected(form: Format) -> None:
    found, expected = compared(form, STATE)
    assert found == expected


@every_format
def test_what_is_besides_is_there(form: Format) -> None:
    assert form.besides <= found_in(STATE, form.write(STATE))


@every_format
def test_links_lead_to_files(form: Format) -> None:
    tree = form.write(STATE)
    links = {} if isinstance(tree, bytes) else tree
    for path, entry in links.items():
        if isinstance(entry, Link):
            target = normpath(join(dirname(path), entry.target))
            assert isinstance(links.get(target), File), path


@every_format
def test_each_kind_has_an_expectation(form: Format) -> None:
    expected = form.expected_coverage(STATE)
    assert expected.keys() == {it.key for it in STATE.resources}


@every_format
def test_the_same_cluster_gives_the_same_bytes(form: Format) -> None:
    assert form.write(STATE) == form.write(sample())


@every_format
def test_an_empty_cluster_can_be_written(form: Format) -> None:
    names = ("default", "kube-system")
    namespaces = tuple(it for it in STATE.objects if it["metadata"]["name"] in names)
    empty = ClusterState(tuple(it for it in namespaces if it["kind"] == "Namespace"))
    if form.name in NEED_A_WORKLOAD:
        pytest.skip("it is made of the namespace of a workload")
    found, expected = compared(form, empty)
    assert found == expected


NEED_A_WORKLOAD = {
    "cluster-info dump: cut in a log",
    "must-gather: killed",
    "support bundle: few rights",
    "support bundle: one namespace",
}


def test_no_two_formats_have_one_name() -> None:
    assert len({it.name for it in FORMATS}) == len(FORMATS)


def test_no_object_of_a_log_is_one_of_the_cluster() -> None:
    assert all(it["metadata"]["name"] != NEVER_WAS for it in STATE.objects)


@every_format
def test_a_failure_gives_its_reason(form: Format) -> None:
    failed = [it for it in form.expected_coverage(STATE).values() if it.how is How.FAILED]
    assert all(it.why for it in failed)
