"""What tools write is what is read."""

import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents import Document, documents
from auditor.documents.values import Refused, plain

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["y", "1:20", "0o17", "1e3", "=", "<<", "2024-01-01", "null", "", "a: b", "- x", "#", "0189"]
)
# Go writes a whole float of more than 53 bits in the fewest digits, and reads an integer.
FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not 1 << 53 <= abs(number) < 1 << 63
)
NUMBERS = st.integers(-(1 << 63), (1 << 63) - 1) | FLOATS


def trees(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | NUMBERS | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    ).map(lambda tree: {"data": tree})


def is_what_it_looks_like(text: str) -> bool:
    """Whether Go takes the text for a string where it stands without quotes."""
    try:
        return plain(text) == text
    except Refused:
        return False


def only_root(text: str | bytes) -> Any:
    [document] = documents(text)
    assert isinstance(document, Document)
    return document.root


@given(trees(TEXTS), st.sampled_from([None, 0, 4]), st.booleans())
def test_json(tree: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)
    assert only_root(text) == tree
    assert only_root(text.encode()) == tree
    assert only_root(text.encode("utf-16")) == tree


@given(trees(TEXTS))
def test_yaml_in_quotes(tree: Any) -> None:
    assert only_root(yaml.safe_dump(tree, default_style='"')) == tree


@given(trees(TEXTS.filter(is_what_it_looks_like)), st.sampled_from([None, False, True]))
def test_yaml_as_it_is_written_by_hand(tree: Any, flow: bool | None) -> None:
    assert only_root(yaml.safe_dump(tree, default_flow_style=flow)) == tree


@given(st.lists(trees(TEXTS), max_size=4))
def test_documents_in_a_row(roots: list[Any]) -> None:
    as_yaml = yaml.safe_dump_all(roots, default_style='"', explicit_start=True)
    as_lines = "".join(json.dumps(root) + "\n" for root in roots)
    for text in (as_yaml, as_lines):
        assert [
            document.root for document in documents(text) if isinstance(document, Document)
        ] == roots
