"""Whatever is done to a dump, it is read without a defect, and never says more than it did."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import sources
from auditor.kinds import KINDS, Kind
from auditor.snapshot import Snapshot
from tests.formats.catalogue import FORMATS
from tests.formats.cluster_state import namespace_of
from tests.formats.fixture_clusters import small
from tests.formats.trees import contents
from tests.sources.packing import tarred

STATE = small("sdm-first", ("bookshop", "istio-system", "kube-system", "sdm-istio-system"))
ONE_OF_EACH = (
    "cluster-info dump: directory, JSON",
    "bug-report 1.8-1.11",
    "bug-report 1.20.1-1.29",
    "bug-report 1.30",
    "support bundle 2022",
    "support bundle 2023-2024",
    "support bundle 2026",
    "must-gather",
    "velero: everything",
    "velero: some namespaces",
    "sosreport: kubernetes.all=on",
    "crash-diagnostics",
    "sonobuoy",
    "dump_kubernetes.sh 1.7",
)
TREES: dict[str, dict[str, bytes]] = {
    form.name: contents(tree)
    for form in FORMATS
    if form.name in ONE_OF_EACH and not isinstance(tree := form.write(STATE), bytes)
}
PLACES = (*STATE.namespaces, "elsewhere")
JUNK = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"", b"null", b"[]", b"{}", b"items:", b"[[", b"- a", b"\xff\xfe{", b"[null]"]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["kind", "apiVersion", "items", "metadata", "name", "error", "spec"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)
fuzzed = settings(
    max_examples=settings().max_examples // 7,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read(files: dict[str, Any]) -> Snapshot | None:
    try:
        return sources.read(["-"], stdin=io.BytesIO(tarred(files)))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)
        return None


def listed(snapshot: Snapshot, kind: Kind, namespace: str) -> bool:
    return not any(gap.hides(namespace) for gap in snapshot.seen(kind).gaps)


def sound(snapshot: Snapshot | None) -> None:
    """What is listed in a namespace is all that the cluster has there."""
    if snapshot is None:
        return
    for kind in KINDS.values():
        found = {(it.namespace, it.name) for it in snapshot.seen(kind).so_far}
        for namespace in PLACES if kind.namespaced else ("",):
            names = {
                (namespace, it["metadata"]["name"])
                for it in STATE.objects
                if it["kind"] == kind.name
                and it["apiVersion"].rpartition("/")[0] == kind.group
                and namespace_of(it) == namespace
            }
            assert not listed(snapshot, kind, namespace) or names <= found


UNTOLD_OF = {
    **dict.fromkeys(TREES, ("/custom-resources/",)),
    **dict.fromkeys(
        ("velero: everything", "velero: some namespaces", "sonobuoy"), ("/resources/",)
    ),
}
"""Where a format writes nothing for nothing, nobody can tell that a file was taken away."""


@pytest.mark.parametrize("form", TREES)
@fuzzed
@given(data=st.data())
def test_files_that_are_missing_are_not_taken_for_empty(form: str, data: Any) -> None:
    files = dict(TREES[form])
    told = [path for path in sorted(files) if not any(it in f"/{path}" for it in UNTOLD_OF[form])]
    for path in data.draw(st.lists(st.sampled_from(told), max_size=4, unique=True)):
        del files[path]
    sound(read(files))


@pytest.mark.parametrize("form", TREES)
@fuzzed
@given(data=st.data())
def test_files_that_are_cut_hide_what_they_lost(form: str, data: Any) -> None:
    files: dict[str, Any] = dict(TREES[form])
    path = data.draw(st.sampled_from(sorted(files)))
    content = files[path]
    cut = data.draw(st.integers(0, len(content)))
    if path.endswith(".yaml") and content[:cut].endswith(b"\n"):
        return  # of a bare list of YAML, as custom resources of 2022 are, nobody can tell
    files[path] = content[:cut]
    sound(read(files))


@pytest.mark.parametrize("form", TREES)
@fuzzed
@given(data=st.data())
def test_files_of_anything_make_no_defect(form: str, data: Any) -> None:
    files: dict[str, Any] = dict(TREES[form])
    for path in data.draw(st.lists(st.sampled_from(sorted(files)), max_size=4, unique=True)):
        files[path] = data.draw(JUNK)
    read(files)
