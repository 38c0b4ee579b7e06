"""A file that was cut lists nothing that it lost."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor import sources
from auditor.kinds import POD, SECRET
from tests.sources.dumps import ALL, LISTED_ELSEWHERE, TEXTS, Piped, whole


def test_the_texts_are_whole_before_they_are_cut(piped: Piped) -> None:
    for text in TEXTS.values():
        assert whole(piped(text)) == ALL


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_a_file_cut_at_any_byte_lists_nothing_that_it_lost(name: str, data: Any) -> None:
    content = TEXTS[name].encode()
    cut = data.draw(st.integers(0, len(content)))
    try:
        snapshot = sources.read(["-"], stdin=io.BytesIO(content[:cut]))
    except sources.Unusable as unusable:
        assert "\n" not in str(unusable)
        return
    for kind, names in whole(snapshot).items():
        assert names == ALL[kind]


@given(st.sampled_from(sorted(TEXTS)), st.data())
@example("a List in JSON", None)
def test_a_cut_makes_doubtful_what_another_file_lists(name: str, data: Any) -> None:
    content = TEXTS[name].encode()
    cut = data.draw(st.integers(1, len(content))) if data else len('{    "apiVersion"')
    if content[:cut].strip().endswith((b"}", b"---")):
        return  # between two lists nothing shows that there was another
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "cut").write_bytes(content[:cut])
        Path(folder, "other").write_text(LISTED_ELSEWHERE)
        snapshot = sources.read([folder])
    for kind, names in whole(snapshot).items():
        assert names >= ALL[kind]


@pytest.mark.parametrize(
    "left",
    [
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: ca",
        "apiVersion: v1\nkind: P",
        "apiV",
        "kind:",
    ],
)
def test_a_manifest_that_stops_within_a_line(directory: Any, left: str) -> None:
    live = left.replace("name:", "creationTimestamp: '2026-01-01T00:00:00Z'\n  name:")
    snapshot = directory({"a.json": LISTED_ELSEWHERE, "b.yaml": live})
    assert snapshot.seen(POD).gaps != ()
    assert [thing.name for thing in snapshot.seen(POD).so_far] == ["other"]


def test_a_manifest_without_a_line_feed_at_its_end_is_whole(piped: Piped) -> None:
    text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop"
    assert whole(piped(text)) == {"Namespace": {"shop"}}


def test_items_without_a_value_are_not_an_empty_list(directory: Any) -> None:
    text = "apiVersion: v1\nkind: PodList\nitems:\n"
    snapshot = directory({"a.yaml": text, "b.json": LISTED_ELSEWHERE})
    assert snapshot.seen(POD).gaps != ()
    assert snapshot.seen(SECRET).gaps[1:] == snapshot.elsewhere
