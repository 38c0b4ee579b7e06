"""Texts written to bring their reader down."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.documents import Document, Malformed, builder, documents, line_of, lines, stream, value
from auditor.documents import json as json_documents

LEVELS = 50_000

ATTACKS = {
    "brackets": "[" * LEVELS,
    "brackets and braces": "a: " + "[{a: " * LEVELS,
    "braces": "{a: " * LEVELS,
    "indentation": "\n".join(f"{' ' * level}a:" for level in range(2000)),
    "dashes on one line": "- " * LEVELS,
    "question marks": "? " * LEVELS,
    "objects of JSON": '{"a":' * LEVELS,
    "whole objects of JSON": '{"a":' * LEVELS + "1" + "}" * LEVELS,
    "objects of JSON, not quite too deep for its parser": '{"a":' * 300 + "1" + "}" * 300,
    "arrays of JSON": "[" * LEVELS + "]" * LEVELS,
    "arrays in an object of JSON": '{"a":' + "[" * LEVELS + "]" * LEVELS + "}",
    "Lists in Lists": '{"items":[' * LEVELS,
    "Lists in Lists of YAML": "".join(f"{' ' * level}- items:\n" for level in range(2000)),
    "a merge bomb": "a0: &a0 {k: v}\n"
    + "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], b: *a{n - 1}, c: *a{n - 1}}}\n"
        for n in range(1, 40)
    ),
    "an alias bomb": "a0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 40)),
    "aliases of one long list": f"- &a [{'x,' * 5000}]\n" + "- *a\n" * 5000,
    "a mapping in itself": "a: &a {b: *a}",
    "a root in itself": "&a {b: *a}",
    "a list in itself": "&a [*a]",
    "a merge with itself": "a: &a {<<: *a}",
    "an alias of nothing": "a: *b",
    "tag handles": "".join(f"%TAG !a{n}! x\n" for n in range(20_000)) + "---\na",
    "a version": f"%YAML 1.{'9' * 5000}\n---\na",
    "a character beyond Unicode": 'a: "\\U00110000"',
    "half a surrogate pair": 'a: "\\ud800"',
}


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_ends_in_one_clear_line(attack: str) -> None:
    with pytest.raises(Malformed) as caught:
        list(documents(ATTACKS[attack]))
    assert caught.value.line > 0
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("either_parser")
def test_depth_that_objects_really_have_is_fine() -> None:
    for text in ("[" * 240 + "]" * 240, '{"a":' * 240 + "1" + "}" * 240, "- " * 240 + "x"):
        assert len(list(documents(text))) == 1


def test_items_before_an_attack_are_kept() -> None:
    for text in (
        "items:\n- a: 1\n- b: " + "[" * LEVELS,
        '{"items": [{"a": 1}, {"b": ' + "[" * LEVELS,
    ):
        reading = documents(text)
        document = next(reading)
        assert isinstance(document, Document)
        assert document.root == {"items": [{"a": 1}]}
        with pytest.raises(Malformed, match="nest"):
            next(reading)


FRAGMENTS = st.sampled_from(
    [
        *"{}[]:,-?&*!|>'\"%@#~\t\\",
        *("\n", "\n  ", "\n- ", "---\n", "...\n", ": ", "- ", "? ", "<<: ", "&a ", "*a", "!!int "),
        *("items:", "apiVersion: v1\n", "kind: List\n", '{"items":[', '"a":', "1e9", ".inf"),
        *("Warning: x", "\nerror: y\n", "Error from server (NotFound): z"),
        *("\x00", "\x85", "\ufeff"),
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=3), max_size=25).map("".join)


@pytest.mark.usefixtures("either_parser")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS | st.binary(max_size=40))
def test_any_text_is_read_or_malformed(data: str | bytes) -> None:
    try:
        for document in documents(data):
            assert document.line <= len(lines(data))
    except Malformed as damage:
        assert 1 <= damage.line <= len(lines(data))
        assert damage.column >= 0


@given(TEXTS, st.lists(st.sampled_from(["a", "items", 0, 1]), max_size=4).map(tuple))
def test_any_text_has_a_line_for_any_path(text: str, path: tuple[str | int, ...]) -> None:
    found = line_of(lines(text), 1, 0, path)
    assert found is not None
    assert 1 <= found <= len(lines(text))


@given(TEXTS)
def test_any_text_in_an_object_has_a_value_or_is_malformed(text: str) -> None:
    try:
        json.dumps(value(text))
    except Malformed as damage:
        assert damage.line >= 1


@pytest.mark.parametrize("text", ["[{},{},{}\n,{}]", "- {}\n- {}\n- {}\n- {}\n"])
def test_a_list_of_very_many_items_gives_the_first(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    for reader in (builder, json_documents):
        monkeypatch.setattr(reader, "MOST_ITEMS", 2)
    found = documents(text)
    first = next(found)
    assert isinstance(first, Document)
    assert first.root == [{}, {}]
    with pytest.raises(Malformed, match=r"a list of more than 1,000,000 items"):
        list(found)


def test_a_text_of_very_many_documents_gives_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_DOCUMENTS", 2)
    found = documents('{"a":1}\n{"a":2}\n{"a":3}\n{"a":4}\n')
    assert [next(found), next(found)] == [Document({"a": 1}, 1), Document({"a": 2}, 2)]
    with pytest.raises(Malformed, match=r"line 3, .* more than 1,000,000 documents"):
        next(found)


def test_of_damages_without_a_document_between_them_the_first_are_kept() -> None:
    found = documents('{"a":1}\n' + "{x\n" * 1000 + '{"a":2}\n{x\n')
    assert [it.line for it in (next(found), next(found)) if isinstance(it, Document)] == [1, 1002]
    with pytest.raises(Malformed) as raised:
        next(found)
    lines_of_damages = [it.line for it in (raised.value, *raised.value.others)]
    assert lines_of_damages == [*range(2, 12), 1003]


def test_after_very_many_damages_no_more_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_DAMAGES", 3)
    found: list[object] = []
    with pytest.raises(Malformed) as raised:
        found.extend(documents('{"a":1}\n{x\n' * 100))
    assert len(raised.value.others) == 3
    assert "after which no more was read" in raised.value.others[-1].what


def test_damage_that_is_not_kept_lets_go_of_its_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Malformed] = []
    entries = stream._entries

    def noted(*arguments: Any) -> Iterator[Any]:
        for entry in entries(*arguments):
            given.extend([entry] if isinstance(entry, Malformed) else [])
            yield entry

    monkeypatch.setattr(stream, "_entries", noted)
    with pytest.raises(Malformed):
        list(documents("---\na: [b\n" * 50))
    assert len(given) == 50
    assert {damage.__traceback__ for damage in given} == {None}
