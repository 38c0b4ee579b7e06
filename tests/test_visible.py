"""No character that would not show leaves the auditor."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.objects import LONGEST_QUOTE, quoted
from auditor.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("shop", "shop"),
        ("größe 広州 …", "größe 広州 …"),
        ("\x1b[31mred\x1b[0m", r"\u001b[31mred\u001b[0m"),
        ("one\ntwo\tthree\r", r"one\ntwo\tthree\r"),
        ("\x00\x7f\x9b", r"\u0000\u007f\u009b"),
        ("\u202eright to left", r"\u202eright to left"),
        ("\ud800", r"\ud800"),
        ("\U0001f600 \U000e0001", "\U0001f600 \\udb40\\udc01"),
    ],
)
def test_what_would_not_show_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_what_is_shown_is_printable_and_stays_so(text: str) -> None:
    shown = visible(text)

    assert shown.isprintable()
    assert visible(shown) == shown


@given(st.text(max_size=LONGEST_QUOTE // 12 - 1))  # a character takes up to two escapes of six
def test_a_json_text_keeps_its_meaning(text: str) -> None:
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text
    assert json.loads(quoted(text)) == text
