"""Files of several documents, and where their objects stand."""

import copy
import gc
import pickle
from typing import Any

import pytest

from auditor.documents import Document, Located, Malformed, documents, events
from auditor.withheld import Withheld

LIST = """\
apiVersion: v1
items:
- apiVersion: v1
  kind: Namespace
  metadata:
    name: a
- apiVersion: v1
  items:
  - kind: Pod
  kind: List
kind: List
metadata:
  resourceVersion: ""
"""
LIST_JSON = """\
{
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": "a"}
        },
        {"apiVersion": "v1", "items": [
            {"kind": "Pod"}], "kind": "List"}
    ],
    "kind": "List",
    "metadata": {"resourceVersion": ""}
}
"""


def roots(data: bytes | str) -> list[Any]:
    found = list(documents(data))
    assert all(isinstance(document, Document) for document in found)
    return [document.root for document in found if isinstance(document, Document)]


def place(located: Any) -> tuple[int, int, int]:
    assert isinstance(located, Located)
    return located.line, located.column, located.last


@pytest.mark.usefixtures("either_parser")
def test_objects_of_a_yaml_list_know_their_place() -> None:
    [root] = roots(LIST)
    assert place(root) == (1, 0, 13)
    assert place(root["items"][0]) == (3, 2, 6)
    assert place(root["items"][1]) == (7, 2, 10)
    assert place(root["items"][1]["items"][0]) == (9, 4, 9)
    assert type(root["metadata"]) is dict


def test_objects_of_a_json_list_know_their_place() -> None:
    [root] = roots(LIST_JSON)
    assert root == roots(LIST)[0]
    assert place(root) == (1, 0, 14)
    assert place(root["items"][0]) == (4, 8, 8)
    assert place(root["items"][1]) == (9, 8, 10)
    assert place(root["items"][1]["items"][0]) == (10, 12, 10)
    assert type(root["metadata"]) is dict


@pytest.mark.parametrize(
    "text", ["- kind: Pod\n- - kind: Node\n", '[{"kind": "Pod"}, [{"kind": "Node"}]]']
)
def test_elements_of_a_top_level_list_are_objects(text: str) -> None:
    [[pod, [node]]] = roots(text)
    assert isinstance(pod, Located)
    assert isinstance(node, Located)


def test_line_breaks_that_only_yaml_knows_do_not_count() -> None:
    [root] = roots("items:\n- a: 'x\u2028y'\r\n- b: \"\x85\"\n- c: 1\nkind: List\n")
    assert [item.line for item in root["items"]] == [2, 3, 4]


def test_aliases_among_objects_are_objects_too() -> None:
    [root] = roots("x: &x {kind: Pod}\ny: &y [*x]\nitems: [*x]\n")
    assert place(root["items"][0]) == (3, 8, 3)
    [root] = roots("x: &x\n- kind: Pod\nitems: *x\n")
    assert place(root["items"][0]) == (3, 7, 3)


def test_a_located_mapping_survives_copies() -> None:
    [root] = roots(LIST)
    for again in (pickle.loads(pickle.dumps(root)), copy.deepcopy(root), copy.copy(root)):
        assert again == root
        assert place(again) == place(root)


def test_lists_that_were_printed_after_each_other_stay_apart() -> None:
    first, second = roots(LIST + LIST.replace("Namespace", "Node"))
    assert first["items"][0]["kind"] == "Namespace"
    assert second["items"][0]["kind"] == "Node"
    assert place(first) == (1, 0, 13)
    assert place(second) == (14, 0, 26)


def test_objects_that_were_printed_after_each_other_stay_apart() -> None:
    role = "aggregationRule: {}\napiVersion: v1\nkind: ClusterRole\nrules: []\n"
    assert [list(root) for root in roots(role * 2)] == [
        ["aggregationRule", "apiVersion", "kind", "rules"]
    ] * 2
    authored = "kind: Pod\napiVersion: v1\n"
    assert roots(authored * 3) == [{"kind": "Pod", "apiVersion": "v1"}] * 3


def test_another_key_given_twice_is_told() -> None:
    [document] = documents("kind: A\nspec: 1\nspec: 2\n")
    assert document == Document({"kind": "A", "spec": 2}, 1, repeated=("spec",))
    [document] = documents('{"kind": "A", "items": [1], "items": []}')
    assert document == Document({"kind": "A", "items": []}, 1, repeated=("items",))


def test_blank_documents_and_comments_are_nothing() -> None:
    text = (
        "# ---\n# by hand\n---\na: 1\n---\n# comment\n---\n---\n\n---\nnull\n--- # why\nb: 2\n---\n"
    )
    assert roots(text) == [{"a": 1}, {"b": 2}]
    assert roots("") == roots("\n \n") == roots(b"\xef\xbb\xbf") == []


def test_directives_belong_to_the_document_below_them() -> None:
    assert roots("%YAML 1.1\n---\na: 1\n---\nb: 2\n...\n%TAG ! !x\n---\nc: 3\n") == [
        {"a": 1},
        {"b": 2},
        {"c": 3},
    ]


def test_json_and_yaml_may_take_turns() -> None:
    text = '{"a": 1}\n{"b":\n2}{"c": 3}\n---\nd: 4\n---\n{e: 5}\n---\n[]\n'
    assert roots(text) == [{"a": 1}, {"b": 2}, {"c": 3}, {"d": 4}, {"e": 5}, []]


@pytest.mark.parametrize("text", [LIST, LIST_JSON])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("line_feed", ["\n", "\r\n"])
def test_windows_has_its_own_ways_to_write_a_file(text: str, encoding: str, line_feed: str) -> None:
    written = text.replace("\n", line_feed)
    [root] = roots(written.encode(encoding))
    assert root == roots(text)[0]
    assert place(root["items"][1]) == place(roots(text)[0]["items"][1])
    assert roots(b"\xfe\xff" + written.encode("utf-16-be")) == [root]
    assert roots("\ufeff" + written) == [root]


def test_withheld_values_are_only_for_those_who_ask() -> None:
    text = "a: !withheld redacted by the dump\n"
    [asked] = documents(text, withheld=True)
    assert asked == Document({"a": Withheld("redacted by the dump")}, 1)
    assert roots(text) == [{"a": "redacted by the dump"}]


def test_unknown_tags_and_tags_of_collections_are_ignored() -> None:
    text = "a: !foo bar\nb: !foo {c: 1}\nd: !!python/object:os.system [x]\ne: ! 12\n"
    assert roots(text) == [{"a": "bar", "b": {"c": 1}, "d": ["x"], "e": "12"}]


def test_numbers_in_json_are_those_of_kubernetes() -> None:
    text = (
        '[9223372036854775807, 18446744073709551615, 1.0, "\\ud83d\\ude00", "\\ud800", "\\\\ud800"]'
    )
    [[large, larger, one, pair, half, backslash]] = roots(text)
    assert (type(large), large) == (int, 9223372036854775807)
    assert (type(larger), larger) == (float, 18446744073709551615.0)
    assert (type(one), one) == (float, 1.0)
    assert (pair, half, backslash) == ("\U0001f600", "\ufffd", "\\ud800")
    assert roots(b'{"a": "\xff"}') == [{"a": "\ufffd"}]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        found = documents("a: 1\n---\nb: 'broken\n")
        next(found)
        assert gc.isenabled() == enabled
        with pytest.raises(Malformed):
            next(found)
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_a_text_that_is_read_part_by_part_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"- name: käse-{n} 🧀\n  text: |\n    {'é' * n}\n" for n in range(200))
    whole = list(documents(text))
    monkeypatch.setattr(events, "LONGEST_AT_ONCE", 1)

    assert list(documents(text)) == whole
    with pytest.raises(Malformed) as damage:
        list(documents(f"{text}- 'open"))
    assert damage.value.line == text.count("\n") + 1
