"""PEM blocks in a text, found as Go's `encoding/pem` finds them, since that is what Istio does."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass

FIRST_LINE = re.compile(r"^-----BEGIN ([^\n]*)-----[ \t]*\r?$", re.MULTILINE)
BLANKS = re.compile(r"[ \t\r\n]")
LOOKS_LIKE_ONE = "-----BEGIN "
DASHES = "[-\u2010-\u2015]"
LOOKS_LIKE_A_CERTIFICATE = re.compile(rf"{DASHES}\s*BEGIN [A-Z0-9 ]*CERTIFICATE", re.IGNORECASE)
"""A first line as a person sees it, with too few hyphens too, or a word processor's dashes."""
BODY = re.compile(r"^[ \t]*(?=\S*[A-Z])(?=\S*[g-z])[A-Za-z0-9+/]{60,76}[ \t]*\r?$", re.MULTILINE)
"""A line of base64, as there are in a certificate. One of hexadecimal digits is none."""


@dataclass(frozen=True)
class PemBlock:
    """One block: what it says it is, what it holds, and where it stands in the text."""

    kind: str
    der: bytes
    start: int
    end: int


def pem_blocks(text: str) -> Iterator[PemBlock]:
    """Every block of a text, in order.

    A block whose first or last line does not begin its line is skipped, and so is one that
    is not base64; the next ones are found all the same (go: src/encoding/pem/pem.go).
    """
    position = 0
    while first := FIRST_LINE.search(text, position):
        found = _block_at(text, first)
        if found:
            yield found
        position = found.end if found else first.end()


def looks_like_one(text: str) -> bool:
    """Whether a person would see a block, or what is left of one, in a text."""
    found = LOOKS_LIKE_A_CERTIFICATE.search(text) or BODY.search(text)
    return LOOKS_LIKE_ONE in text or bool(found)


def outside(text: str, blocks: tuple[PemBlock, ...]) -> str:
    """What stands around the blocks of a text."""
    edges = [0, *(edge for block in blocks for edge in (block.start, block.end)), len(text)]
    return "\n".join(text[start:end] for start, end in zip(edges[::2], edges[1::2]))


def _block_at(text: str, first: re.Match[str]) -> PemBlock | None:
    start, headed = _body_of(text, first.end() + 1)
    if not headed and text.startswith("-----END ", start):
        end = start
    else:
        end = text.find("\n-----END ", start) + 1
    last = f"-----END {first[1]}-----"
    after = end + len(last)
    if (end == 0) or not text.startswith(last, end):
        return None
    rest = text[after:].partition("\n")[0]
    if rest.strip(" \t\r"):
        return None
    try:
        der = b64decode(BLANKS.sub("", text[start:end]), validate=True)
    except (NotBase64, ValueError):
        return None
    return PemBlock(first[1], der, first.start(), after + len(rest))


def _body_of(text: str, start: int) -> tuple[int, bool]:
    """Where the body begins, and whether headers stand before it: lines with a colon."""
    headed = False
    while ":" in (line := text[start:].partition("\n")[0]):
        start += len(line) + 1
        headed = True
    return start, headed
