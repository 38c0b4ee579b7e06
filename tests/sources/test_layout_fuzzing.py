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
from tests.sources import written
from tests.sources.packing import tarred
from tests.sources.test_layouts import FORMATS, SOME
from tests.sources.written import Cluster, Files


class Small(Cluster):
    """A cluster of few objects, so that many dumps of it can be read."""

    def __init__(self) -> None:
        super().__init__("sdm-first")
        kept: dict[tuple[str, str], int] = {}
        whole, self.things = self.things, []
        for thing in whole:
            thing["metadata"].pop("managedFields", None)
            place = thing["kind"], written.namespace_of(thing)
            kept[place] = kept.get(place, 0) + 1
            name = thing["metadata"]["name"]
            if thing["kind"] == "Namespace":
                if name in (*SOME, "kube-system"):
                    self.things.append(thing)
            elif kept[place] <= FEW and place[1] in ("", *SOME, "kube-system"):
                self.things.append(thing)
        self.namespaces = [it["metadata"]["name"] for it in self.of("namespaces")]


FEW = 2
CLUSTER = Small()
TREES: dict[str, Files] = {name: write(CLUSTER) for name, (_, write) in FORMATS.items()}
PLACES = (*CLUSTER.namespaces, "elsewhere")
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
    max_examples=15,
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
        there = CLUSTER.of(str(kind))
        found = {(it.namespace, it.name) for it in snapshot.seen(kind).so_far}
        for namespace in PLACES if kind.namespaced else ("",):
            names = {
                (namespace, it["metadata"]["name"])
                for it in there
                if written.namespace_of(it) == namespace
            }
            assert not listed(snapshot, kind, namespace) or names <= found


UNTOLD_OF = {
    **dict.fromkeys(TREES, ("/custom-resources/",)),
    **dict.fromkeys(("a backup", "a backup of some", "sonobuoy"), ("/resources/",)),
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
    content = files[path].encode()
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
