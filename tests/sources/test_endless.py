"""Files and streams that are larger than anybody can hold, or do not end."""

from __future__ import annotations

import io
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.documents import Malformed, documents
from auditor.kinds import NAMESPACE, POD
from auditor.sources import files, said
from tests.sources.dumps import NAMESPACES, Piped, complaint


class Endless(io.BytesIO):
    """A stream that gives as much as it is asked for, and counts it."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size
        assert size > 0, "nobody may ask for all of it"
        self.given += size
        return b"a" * size


def test_standard_input_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_AT_ONCE", 5 * files.PIECE)
    stream = Endless()
    said = complaint(lambda: sources.read(["-"], stdin=stream))
    assert said == "standard input: larger than 4 GiB; save it to a file and name that"
    assert stream.given == 6 * files.PIECE


def test_a_file_with_a_hole_that_no_memory_holds(tmp_path: Path) -> None:
    """It takes no room on the disk, and a terabyte when it is read."""
    (tmp_path / "a.json").write_text(NAMESPACES)
    (tmp_path / "b.yaml").touch()
    os.truncate(tmp_path / "b.yaml", 1024**4)
    snapshot = sources.read([str(tmp_path)])
    assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["shop"]
    [gap] = snapshot.elsewhere
    assert gap.why == "b.yaml: cannot be read: larger than 4 GiB; give it in parts"
    said = complaint(lambda: sources.read([str(tmp_path / "b.yaml")]))
    assert said.endswith("cannot be read: larger than 4 GiB; give it in parts")


def test_a_pipe_in_a_directory_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(NAMESPACES)
    os.mkfifo(tmp_path / "pipe.yaml")
    snapshot = sources.read([str(tmp_path)])
    assert [it.name for it in snapshot.seen(NAMESPACE)] == ["shop"]
    assert [remark.where for remark in snapshot.remarks] == ["pipe.yaml"]


def test_a_million_items_that_are_none_are_told_of_a_few_times(
    piped: Piped, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[object] = []
    update = Counter.update

    def count(self: Counter[Any], given: Any) -> None:
        counted.append(given)
        update(self, given)

    monkeypatch.setattr(Counter, "update", count)
    text = "apiVersion: v1\nkind: List\nitems:\n" + "- a\n" * 10_000
    said = complaint(lambda: piped(f"{text}metadata: {{}}\n"))
    assert said == "standard input:1: the list has an item that is no object; collect it again"
    assert len(counted) < 100


def test_a_line_that_is_longer_than_anybody_reads_is_cut(piped: Piped) -> None:
    for text in (
        f"Error from server (Forbidden): {'a' * 500_000}\n{NAMESPACES}",
        f'{NAMESPACES}\n{{"apiVersion":"v1","kind":"Status","status":"Failure",'
        f'"message":"{"a" * 500_000}"}}',
    ):
        snapshot = piped(text)
        assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["shop"]
        assert max(len(remark.what) for remark in snapshot.remarks) < 1100
        assert snapshot.seen(NAMESPACE).gaps != ()


def test_a_hundred_thousand_different_failures_are_not_all_told(piped: Piped) -> None:
    said = "".join(
        f'Error from server (Forbidden): pods is forbidden: User "u{number}" {number}\n'
        for number in range(1000)
    )
    snapshot = piped(f"{NAMESPACES}\n{said}")
    assert len(snapshot.remarks) == 201
    assert (
        snapshot.seen(POD).gaps[-1].why == "standard input: more failures, each said in other words"
    )
    assert len(snapshot.seen(POD).gaps) < 210


def test_a_hundred_thousand_refused_namespaces_are_told_as_one(
    piped: Piped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(said, "MOST_PLACES", 300)
    refused = "".join(
        'Error from server (Forbidden): pods is forbidden: User "u" cannot list resource "pods" '
        f'in API group "" in the namespace "n{number}"\n'
        for number in range(1000)
    )
    gaps = piped(f"{NAMESPACES}\n{refused}").seen(POD).gaps
    assert len([gap for gap in gaps if gap.namespace]) == 300
    assert len(gaps) == 301


def test_damage_keeps_no_hold_of_what_was_read_before_it() -> None:
    with pytest.raises(Malformed) as raised:
        [*documents("[\n" * 2000)]
    assert len(raised.value.others) > 5
    assert {damage.__traceback__ for damage in raised.value.others} == {None}
    assert {damage.__context__ for damage in raised.value.others} == {None}
