"""Lines reach a terminal whole, visible and no wider than it is."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.render.page import Line, Page, Tone, paint, paragraphs

ESCAPE = "\x1b"


def painted(line: Line, width: int | None = None, colour: bool = False) -> list[str]:
    return paint([line], Page(width, colour)).splitlines()


def test_nothing_is_wrapped_where_there_is_no_width() -> None:
    words = "word " * 400

    assert painted(Line(words.strip(), 2)) == [f"  {words}".rstrip()]


def test_a_word_that_is_longer_than_any_name_is_shortened() -> None:
    [shown] = painted(Line(f"version {'1' * 50_000}2 runs"))

    assert len(shown) < 100
    assert "1 … 1" in shown
    assert shown.endswith("12 runs")
    assert painted(Line("n" * 1024)) == ["n" * 1024]
    assert painted(Line("n" * 5000, command=True)) == ["n" * 5000]


def test_a_terminal_wraps_and_the_rest_hangs() -> None:
    line = Line("one two three four", 2, "Why:", hang=5)

    assert painted(line, 16) == ["  Why: one two", "       three", "       four"]


def test_a_name_is_never_cut() -> None:
    name = "icp-v115x.sdm-istio-system-with-a-very-long-name"

    assert painted(Line(f"revision {name} here"), 20) == ["revision", f"  {name}", "  here"]


def test_colour_is_for_a_label_and_only_when_asked_for() -> None:
    line = Line("crd-single-owner", 0, "ERROR", Tone.ERROR)

    assert painted(line) == ["ERROR crd-single-owner"]
    assert painted(line, colour=True) == [f"{ESCAPE}[1;31mERROR{ESCAPE}[0m crd-single-owner"]
    assert painted(Line("no label"), colour=True) == ["no label"]


@given(st.text(), st.text(), st.booleans(), st.booleans())
def test_no_character_that_does_not_show_gets_through(
    text: str, label: str, command: bool, fixed: bool
) -> None:
    line = Line(text, 0, label, command=command, fixed=fixed)

    assert all(row.isprintable() for row in paint([line], Page(width=40)).split("\n"))


@given(
    st.lists(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1), min_size=1),
    st.integers(10, 120),
)
def test_a_wrapped_command_is_the_same_command(arguments: list[str], width: int) -> None:
    command = shlex.join(arguments)
    rows = painted(Line(command, 4, command=True), width)

    assert shlex.split("\n".join(rows).replace("\\\n", "")) == arguments


def test_a_command_is_wrapped_between_its_arguments() -> None:
    line = Line('kubectl patch crd a -p \'{"spec": {"a": 1}}\' --type merge', 2, command=True)

    assert painted(line, 40) == [
        "  kubectl patch crd a -p \\",
        '    \'{"spec": {"a": 1}}\' --type merge',
    ]


def test_a_fingerprint_is_written_the_same_way_everywhere() -> None:
    whole = "sha256:" + "3f2a9c1e" * 8

    assert painted(Line(f"root {whole}.")) == ["root sha256 3f2a 9c1e 3f2a 9c1e …."]
    assert painted(Line(f"openssl {whole}", command=True)) == [f"openssl {whole}"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("One\nparagraph.", ["  Fix: One paragraph."]),
        ("One.\n\nTwo.", ["  Fix: One.", "       Two."]),
        ("Do:\n\n    kubectl get  a\n", ["  Fix: Do:", "           kubectl get  a"]),
        ("- a\n- b", ["  Fix:", "       - a", "       - b"]),
    ],
)
def test_a_page_keeps_its_lists_and_code(text: str, rows: list[str]) -> None:
    assert paint(paragraphs(text, 2, "Fix:"), Page()).splitlines() == rows
