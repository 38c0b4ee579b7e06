"""PEM blocks as Go's encoding/pem finds them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.models.pem import looks_like_one, outside, pem_blocks

CERTIFICATES = Path(__file__).parents[2] / "fixtures" / "certificates"
ROOT = (CERTIFICATES / "sdm-root.pem").read_text(encoding="ascii")
OTHER = (CERTIFICATES / "stranger-root.pem").read_text(encoding="ascii")
BODY = "\n".join(ROOT.splitlines()[1:-1])


def kinds(text: str) -> list[str]:
    return [block.kind for block in pem_blocks(text)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(ROOT, 1, id="one"),
        pytest.param(ROOT.rstrip("\n"), 1, id="no line end after the last line"),
        pytest.param(ROOT + OTHER, 2, id="two"),
        pytest.param("# a comment\n" + ROOT, 1, id="text before"),
        pytest.param(ROOT.replace("\n", "\r\n"), 1, id="CR LF"),
        pytest.param(ROOT.replace("-----\n", "----- \t\n"), 1, id="blanks after the dashes"),
        pytest.param(ROOT.replace("\n", "\n   ", len(ROOT.splitlines()) - 2), 1, id="indented"),
        pytest.param(ROOT.replace("\nMII", "\nSubject: me\n\nMII", 1), 1, id="a header"),
        pytest.param(" " + ROOT, 0, id="a space before BEGIN"),
        pytest.param(ROOT.replace("\n-----END", "\n -----END"), 0, id="a space before END"),
        pytest.param(ROOT + " " + OTHER, 1, id="a space before the second"),
        pytest.param(ROOT.replace("-----END CERTIFICATE-----", ""), 0, id="no END"),
        pytest.param(ROOT.replace("END CERTIFICATE", "END KEY"), 0, id="another END"),
        pytest.param(ROOT.replace("-----\n", "----- x\n"), 0, id="text after the dashes"),
        pytest.param(ROOT.replace("MII", "M*I", 1), 0, id="no base64"),
        pytest.param(ROOT.replace("MII", "M*I", 1) + OTHER, 1, id="the next one is found"),
        pytest.param(ROOT.replace("-----END CERTIFICATE-----\n", "") + OTHER, 1, id="unclosed"),
        pytest.param("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 1, id="empty"),
        pytest.param(ROOT.replace("CERTIFICATE", "WHATEVER"), 1, id="any kind"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_blocks_are_those_that_go_finds(text: str, count: int) -> None:
    assert len(kinds(text)) == count


@given(st.text(alphabet="-BEGIND CRTFA\n\r\t :M=", max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    blocks = tuple(pem_blocks(text))

    assert all(text[block.start : block.end].startswith("-----BEGIN ") for block in blocks)
    assert len(outside(text, blocks)) <= len(text) + len(blocks)


@given(before=st.text(alphabet="ab \n", max_size=20), between=st.text(alphabet="ab \n", max_size=9))
def test_what_stands_around_blocks_changes_none(before: str, between: str) -> None:
    text = f"{before}\n{ROOT}{between}\n{OTHER}"

    assert [block.der for block in pem_blocks(text)] == [
        block.der for block in pem_blocks(ROOT + OTHER)
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" " + ROOT, id="indented"),
        pytest.param(ROOT.replace("-----", "----"), id="four hyphens"),
        pytest.param(ROOT.replace("-----", "\u2014\u2014"), id="dashes of a word processor"),
        pytest.param(ROOT.replace("-----BEGIN", "----- BEGIN"), id="a space behind the hyphens"),
        pytest.param(ROOT.replace("BEGIN CERT", "Begin Cert"), id="small letters"),
        pytest.param(BODY, id="neither first nor last line"),
        pytest.param(BODY.replace("\n", "\r\n"), id="the same with CR LF"),
        pytest.param(ROOT.replace("\n", "\\n"), id="line ends of JSON"),
    ],
)
def test_what_a_person_takes_for_a_certificate(text: str) -> None:
    assert not kinds(text)
    assert looks_like_one(text)


@pytest.mark.parametrize(
    "text",
    [
        "the root of the other mesh, of 2024-01-01",
        "3f189403f70bd863" * 4,
        "3F:18:94:03:F7:0B:D8:63:3F:18:94:03:F7:0B:D8:63:3F:18:94:03:F7:0B:D8:63",
        "https://pki.example.com/roots/the-one-that-we-were-told-of-in-the-mail-of-monday.pem",
        "# here begins the certificate of the other mesh",
    ],
)
def test_what_is_only_said_of_one(text: str) -> None:
    assert not looks_like_one(text)
