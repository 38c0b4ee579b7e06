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
LAST_LINE = "-----END "
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
    lines = _Lines(text)
    while first := FIRST_LINE.search(text, position):
        found = _block_at(text, first, lines)
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


class _Lines:
    """What follows in a text, asked for from places that only go on.

    A text may have a thousand first lines and one last line; none of it is walked twice.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = -1
        self._body = 0

    def end_after(self, start: int) -> int:
        """Where the next line that may end a block begins; 0 where there is none."""
        if self._end and self._end <= start:
            self._end = self._text.find(f"\n{LAST_LINE}", start) + 1
        return self._end

    def body_after(self, start: int) -> int:
        """Where the body begins behind headers, which are lines with a colon."""
        if start >= self._body:
            self._body = start
            while self._text.find(":", self._body, end := self._line_end(self._body)) >= 0:
                self._body = end + 1
        return self._body

    def _line_end(self, start: int) -> int:
        end = self._text.find("\n", start)
        return len(self._text) if end < 0 else end


def _block_at(text: str, first: re.Match[str], lines: _Lines) -> PemBlock | None:
    start = lines.body_after(first.end() + 1)
    headed = start > first.end() + 1
    at_once = not headed and text.startswith(LAST_LINE, start)
    end = start if at_once else lines.end_after(start)
    last = f"-----END {first[1]}-----"
    after = end + len(last)
    if (end == 0) or not text.startswith(last, end):
        return None
    line_end = text.find("\n", after)
    line_end = len(text) if line_end < 0 else line_end
    if text[after:line_end].strip(" \t\r") or text.find("-", start, end) >= 0:
        return None
    try:
        der = b64decode(BLANKS.sub("", text[start:end]), validate=True)
    except (NotBase64, ValueError):
        return None
    return PemBlock(first[1], der, first.start(), line_end)
