"""Scalars mean what they mean to Kubernetes."""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.documents import Document, Malformed, documents, value
from auditor.documents.values import Refused, key, plain, tagged

ROWS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "go-yaml-values.json").read_text()
)
TAG = "tag:yaml.org,2002:"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["name"]))
def test_a_document_says_what_it_says_to_go(row: dict[str, Any]) -> None:
    if row.get("error"):
        with pytest.raises(Malformed):
            list(documents(row["document"]))
        return
    [document] = documents(row["document"].encode())
    assert isinstance(document, Document)
    found, expected = document.root["spec"]["v"], row["value"]
    assert found == (float(expected) if isinstance(found, float) else expected)
    assert isinstance(found, bool) == isinstance(expected, bool)
    assert document.root["spec"]["w"] == 1


def test_numbers_that_are_whole_become_integers_as_in_json() -> None:
    assert type(plain("1.0e+3")) is int
    assert plain("9223372036854775807e-1") == 922337203685477600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18446744073709551616", 18446744073709551616.0),
        ("-9223372036854775809", -9223372036854775809.0),
        ("0xffffffffffffffff", 18446744073709551615.0),
        ("+0xffffffffffffffff", "+0xffffffffffffffff"),
        ("0o17", 15),
        ("_1", "_1"),
        (".4_4", 0.44),
        ("._4", "._4"),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_numbers_beyond_64_bits_and_odd_ones(text: str, expected: object) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.10", "1.1"),
        ("1e3", "1000"),
        ("1e6", "1e+06"),
        ("0.00001", "1e-05"),
        ("16777217.0", "1.6777216e+07"),
        ("1e300", ".inf"),
        ("-1e300", "-.inf"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("0x10", "16"),
        ("off", "false"),
    ],
)
def test_keys_are_strings_as_sigs_yaml_writes_them(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize("text", ["~", "", "18446744073709551615"])
def test_keys_that_json_cannot_have(text: str) -> None:
    with pytest.raises(Refused):
        key(text)


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("12", "str", "12"),
        ("12", "float", 12),
        ("yes", "bool", True),
        ("", "null", None),
        ("2024-01-01", "timestamp", "2024-01-01"),
        ("aGVs\nbG8=", "binary", "hello"),
        ("/w==", "binary", "\ufffd"),
        ("x", "set", "x"),
    ],
)
def test_tags_are_taken_at_their_word(text: str, tag: str, expected: object) -> None:
    assert tagged(text, TAG + tag) == expected


@pytest.mark.parametrize(
    ("text", "tag"),
    [("x", "int"), ("1.5", "int"), ("1", "bool"), ("x", "timestamp"), ("a", "binary")],
)
def test_tags_that_lie_are_refused(text: str, tag: str) -> None:
    with pytest.raises(Refused):
        tagged(text, TAG + tag)


def test_a_merge_replaces_what_stands_before_it_and_its_first_source_wins() -> None:
    assert value("a: 1\n<<: {a: 2}\n") == {"a": 2}
    assert value("<<: [{a: 1}, {a: 2, b: 2}]\nb: 3\n") == {"a": 1, "b": 3}
    assert value('"<<": 1\n') == {"<<": 1}


@pytest.mark.parametrize("text", ["<<: 1", "<<: [1]", "x: &x [{}]\n<<: *x"])
def test_a_merge_of_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="merge"):
        value(text)


def test_a_printed_key_that_looks_like_a_merge_is_a_key() -> None:
    text = "apiVersion: v1\ndata:\n  <<: =\nkind: ConfigMap\n"
    [document] = documents(text)
    assert isinstance(document, Document)
    assert document.root["data"] == {"<<": "="}
    [document] = documents("<<: a\nb: 1\n")
    assert isinstance(document, Document)
    assert document.root == {"<<": "a", "b": 1}


def test_keys_may_be_aliases_of_scalars() -> None:
    assert value("a: &k true\n*k : 1\n") == {"a": True, "true": 1}
    with pytest.raises(Malformed, match="alias as a key"):
        value("a: &k [1]\n*k : 1\n")


def test_a_text_inside_of_another_object_is_its_first_document() -> None:
    assert value("trustDomain: a\ntrustDomain: b\n---\nc: d\n") == {"trustDomain": "b"}
    assert value("# nothing\n") is None
    with pytest.raises(Malformed):
        value("plain\nkey: 1\n")
