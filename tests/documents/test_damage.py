"""A damaged file gives what is whole in it, and never passes for a whole one."""

import json
from typing import Any

import pytest
import yaml

from auditor.documents import Document, Malformed, Remark, documents

ITEMS = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"labels": {"rev": "1-20"}, "name": "a"}},
    {"apiVersion": "v1", "data": {"mesh": "a: b\nc: d\n"}, "kind": "ConfigMap"},
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "spec": {"containers": [{"image": "x:1.20"}, {"port": 12}]},
    },
]
LIST = {"apiVersion": "v1", "items": ITEMS, "kind": "List", "metadata": {"resourceVersion": ""}}


def read(data: bytes | str) -> tuple[list[Document | Remark], Malformed | None]:
    found: list[Document | Remark] = []
    try:
        for entry in documents(data):
            found.append(entry)  # noqa: PERF402 - what came before the damage is kept
    except Malformed as damage:
        return found, damage
    return found, None


@pytest.mark.parametrize(
    "text",
    [
        yaml.safe_dump(LIST),
        yaml.safe_dump(LIST, default_flow_style=True),
        json.dumps(LIST),
        json.dumps(LIST, indent=4),
        json.dumps(ITEMS),
    ],
    ids=["YAML", "flow YAML", "JSON", "indented JSON", "top-level array"],
)
def test_wherever_a_list_is_cut_no_item_is_lost_in_silence_and_none_is_half(text: str) -> None:
    for end in range(text.find("Namespace"), len(text.rstrip())):
        found, damage = read(text[:end])
        items: list[Any] = []
        for document in found:
            assert isinstance(document, Document)
            items += document.root["items"] if isinstance(document.root, dict) else document.root
            assert damage is None or document.cut is not None
        assert items == ITEMS[: len(items)]
        assert damage is not None or len(items) == len(ITEMS)


def test_a_list_that_ends_where_its_text_is_sound_is_not_taken_for_whole() -> None:
    [document], damage = read("apiVersion: v1\nitems:\n- kind: A\n- kind: B\n")
    assert isinstance(document, Document)
    assert document.root == {"apiVersion": "v1", "items": [{"kind": "A"}]}
    assert document.cut is not None
    assert str(damage) == "line 5, column 1: the text ends inside of a list"


@pytest.mark.usefixtures("either_parser")
def test_damage_stays_within_its_document() -> None:
    found, damage = read("a: 1\n---\nb: [1\n---\nc: 'open\n---\nd: 4\n")
    assert found == [Document({"a": 1}, 1), Document({"d": 4}, 7)]
    assert damage is not None
    assert [damage.line, *(other.line for other in damage.others)] == [4, 6]


def test_a_broken_line_of_json_is_one_line() -> None:
    found, damage = read('{"a": 1}\n{"b": 2\n{"c": 3}\n{"d": 4]\n{"e": 5}\nlog\n{"f": 6}\n')
    assert found == [
        Document({"a": 1}, 1),
        Document({"c": 3}, 3),
        Document({"e": 5}, 5),
        Document({"f": 6}, 7),
    ]
    assert damage is not None
    assert [damage.line, *(other.line for other in damage.others)] == [3, 4, 6]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x9f", "\ufffe", "\ud800"])
@pytest.mark.parametrize("before", ["", "'", '"', "|\n    "])
def test_a_forbidden_character_stops_reading_at_its_very_place(bad: str, before: str) -> None:
    text = f"items:\n- a: 1\n- b: {before}x{bad}y\n- c: 1\n---\nd: 1\n"
    found, damage = read(text)
    assert [document.root for document in found if isinstance(document, Document)] == [
        {"items": [{"a": 1}]},
        {"d": 1},
    ]
    assert damage is not None
    assert damage.what == "a control character, or bytes that are no text"
    index = text.index(bad)
    assert damage.line == text.count("\n", 0, index) + 1
    assert damage.column == index - text.rfind("\n", 0, index) - 1


def test_bytes_that_are_no_text() -> None:
    for data in (b"a: \xff\n", b"\x1f\x8b\x08\x00\x00\x00", b"\xff\xfea\x00:\x00 \x00\x00\xd8"):
        found, damage = read(data)
        assert found == []
        assert damage is not None
    found, damage = read("a: 1\n---\nb: 2\n".encode("utf-16") + b"\x00")
    assert Document({"a": 1}, 1) in found
    assert damage is not None


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "text",
    [
        "a: 'hunter2hunter2",
        "a: hunter2hunter2\nhunter2hunter2\n",
        "a: !hunter2hunter2!x y\n",
        "a: *hunter2hunter2\n",
        'a: "\\hunter2hunter2"\n',
        "a: !!int hunter2hunter2\n",
        "a: !!binary hunter2hunter2!\n",
        "? {hunter2hunter2: a}\n: b\n",
        "%hunter2hunter2 x\n---\n- [\n",
        '{"hunter2hunter2": hunter2hunter2}',
        '{"a": "hunter2hunter2',
        '{"a": 1} hunter2hunter2',
    ],
)
def test_what_is_said_of_damage_never_quotes_the_text(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        list(documents(text))
    error: BaseException | None = caught.value
    while error is not None:
        assert "hunter2" not in f"{error} {error!r}"
        assert "\n" not in str(error)
        error = error.__context__


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_json_or_go_does_not_have(constant: str) -> None:
    found, damage = read(f'{{"items": [{{"a": 1}},\n{{"b": {constant}}}]}}')
    [document] = found
    assert isinstance(document, Document)
    assert document.root == {"items": [{"a": 1}]}
    assert damage is not None
    assert damage.line == 2
    assert str(document.cut) == str(damage)


@pytest.mark.parametrize(
    "text", ['{"a": 1,}', '[{"a": 1},]', '{"a" 1}', '{"a": 1 "b": 2}', '{"a": 01}']
)
def test_json_is_not_read_more_kindly_than_go_does(text: str) -> None:
    _, damage = read(text)
    assert damage is not None
