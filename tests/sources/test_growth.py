"""Texts on which a search that begins again at each character would go on for days.

Nothing is timed here: each text is so long that a test of a search of that kind does not end.
"""

from __future__ import annotations

from typing import Any

import pytest

from auditor.documents import Document, Malformed, documents, value, yaml
from auditor.documents.json import Reader
from auditor.documents.limits import MOST_IN_A_ROW
from auditor.documents.values import Refused, tagged
from auditor.kinds import NAMESPACE, POD, Kind
from auditor.models.pem import pem_blocks
from auditor.sources.collected import Collected
from auditor.sources.findings import Findings
from auditor.sources.junk import LOG, uselessness
from auditor.sources.refusals import gaps_of
from tests.sources.dumps import NAMESPACES, Piped
from tests.sources.packing import tarred

LONG = 500_000
BEGIN, END = "-----BEGIN A-----\n", "-----END A-----\n"


@pytest.mark.parametrize("line", ["\n", "-\n", " \n", "{\n"])
def test_blank_lines_before_damage(piped: Piped, line: str) -> None:
    snapshot = piped(f'{NAMESPACES}\n---\n{line * LONG}a: "b\n')
    assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["shop"]


@pytest.mark.parametrize("word", ["a", "a.", "-a"])
def test_a_refusal_of_one_long_word(word: str) -> None:
    said = f"Error from server (Forbidden): {word * LONG}"
    assert gaps_of(said) is None
    assert [kind for kind, _ in gaps_of(f"{said} pods is forbidden") or ()] == [POD]


def test_a_timestamp_that_is_none() -> None:
    with pytest.raises(Refused):
        tagged(f"1970-1-1T1:{'1' * LONG} x", "tag:yaml.org,2002:timestamp")
    assert tagged("1970-1-1T1:10:00Z", "tag:yaml.org,2002:timestamp") == "1970-1-1T1:10:00Z"


def test_a_file_of_a_sosreport_that_is_named_after_many_options(piped: Piped) -> None:
    folder = "sos_commands/kubernetes/cluster-info"
    name = f"{folder}/kubectl_get_-o_json_{'-a_' * 70}"
    snapshot = piped(tarred({f"{name}!": "{}", f"{name}namespaces": NAMESPACES}))
    assert snapshot.layouts == ("sosreport",)
    assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["shop"]


def test_a_name_of_many_folders_of_logs() -> None:
    for _ in range(5_000):
        assert uselessness("logs/" * 800 + "x", 1) == ""
    assert uselessness("logs/" * 800 + "x.txt", 1) == LOG


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (BEGIN * LONG, 0),
        (BEGIN * (LONG // 10) + END, 1),
        (BEGIN + "a: b\n" * LONG, 0),
        ("-----BEGIN a:b-----\n" * LONG, 0),
        ((BEGIN + "QUJD\n" + END) * (LONG // 10), LONG // 10),
        ((BEGIN + "QUJD\n" + END.replace("A", "B")) * (LONG // 10), 0),
    ],
    ids=["no end", "one end", "headers", "kinds that look like headers", "blocks", "other ends"],
)
def test_first_lines_of_certificates(text: str, count: int) -> None:
    assert sum(1 for _ in pem_blocks(text)) == count


@pytest.mark.parametrize("end", ["1e999", "[" * 2000], ids=["a number", "too deep"])
def test_damage_in_json_is_not_looked_for_in_itself(
    monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Each line begins what holds the damage at the end, and what stands before it."""
    decoded: list[int] = []
    decode = Reader._decoded

    def counted(self: Reader, index: int, depth: int) -> Any:
        decoded.append(index)
        return decode(self, index, depth)

    monkeypatch.setattr(Reader, "_decoded", counted)
    good = '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}\n'
    text = good + '{"a":[\n' * 200 + "0," * 100 + end + "\n" + good
    found, damages = read(text)
    assert damages == 1
    assert len(decoded) < 20
    assert [it.line for it in found if isinstance(it, Document)] == [1]


def test_aliases_of_all_documents_of_a_file_count_together() -> None:
    few, many = nested_aliases("ab"), nested_aliases("abcd")
    assert len(value(few)["b"]) == 10
    assert [*documents(f"{few}---\n" * 1000)] != []
    found, damages = read(f"{many}---\n" * 1000)
    assert 50 < len(found) < 100
    assert damages == MOST_IN_A_ROW


def read(text: str) -> tuple[list[Any], int]:
    """What is in a text, and how many of its places are damaged."""
    found: list[Any] = []
    try:
        found.extend(documents(text))
    except Malformed as damage:
        return found, 1 + len(damage.others)
    return found, 0


def nested_aliases(names: str) -> str:
    """Lists of ten, each of the list before it."""
    lists = [
        f"{last}: &{last} [{', '.join([it] * 10)}]\n"
        for it, last in zip(["x", *(f"*{n}" for n in names)], names)
    ]
    return "".join(lists)


def test_documents_that_are_blank_get_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    entries = yaml.entries

    def counted(text: str, *given: Any, **named: Any) -> Any:
        begun.append(text)
        return entries(text, *given, **named)

    monkeypatch.setattr(yaml, "entries", counted)
    found = [it for it in documents("---\n" * 1000 + "a: 1\n--- \n\n---\n") if it]
    assert [(it.line, len(begun)) for it in found if isinstance(it, Document)] == [(1001, 1)]


def test_files_are_not_held_against_each_other() -> None:
    asked: list[object] = []

    class Everywhere(set[Kind]):
        def __contains__(self, kind: object) -> bool:
            asked.append(kind)
            return super().__contains__(kind)

    collected = Collected("a dump")
    for number in range(1000):
        found = Findings(str(number), lists={NAMESPACE}, everywhere=Everywhere())
        found.lose("was lost", (NAMESPACE,), None)
        collected.files.append((number, found))
    assert len(collected.snapshot().seen(NAMESPACE).gaps) == 1000
    assert 1000 <= len(asked) < 10_000
