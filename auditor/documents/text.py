"""The characters of a text: how bytes are decoded, which may not be there, where one stands."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What go-yaml and libyaml refuse anywhere in a text. Bytes that were no UTF-8 are among them, as
# lone surrogates.
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SURROGATE = re.compile("[\ud800-\udfff]")


def decoded(data: bytes | str) -> str:
    """The text of a file: UTF-8, or UTF-16 with its byte order mark.

    What cannot be decoded becomes lone surrogates, so that reading stops there and no earlier.
    """
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    return _decoded(data, "utf-8")


def _decoded(data: bytes, encoding: str) -> str:
    if encoding == "utf-8":
        return data.decode(encoding, "surrogateescape")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        return data[: error.start].decode(encoding) + "\udcff"


def without_surrogates(text: str) -> str:
    """The text with U+FFFD for each byte that was no UTF-8, as Go writes it into JSON."""
    if text.isascii():
        return text
    return _SURROGATE.sub("\ufffd", text)


def lines(data: bytes | str) -> list[str]:
    """The lines of a file as they are counted here: only a line feed ends one."""
    return decoded(data).split("\n")


class Places:
    """Turns the index of a character into its line and column, fast when asked in order.

    `passed` is told where each possible object ends, by whoever asks for its last line.
    """

    def __init__(
        self, text: str, first_line: int, passed: Callable[[int], None] | None = None
    ) -> None:
        self._text = text
        self._passed = passed
        self._first_line = first_line
        self._go_back()
        self._trimmed = (0, 0)

    def _go_back(self) -> None:
        self._index = self._start_of_line = 0
        self._line = self._first_line

    def at(self, index: int) -> tuple[int, int]:
        """The line, where the text begins with `first_line`, and the column from 0."""
        if index < self._index:
            self._go_back()
        if breaks := self._text.count("\n", self._index, index):
            self._line += breaks
            self._start_of_line = self._text.rfind("\n", self._index, index) + 1
        self._index = index
        return self._line, index - self._start_of_line

    def last_line(self, index: int) -> int:
        """The line of the last character before the index that is no white space."""
        if self._passed:
            self._passed(index)
        if self._trimmed[0] != index:
            end = min(index, len(self._text))  # libyaml may count a last line that is not there
            while end > 0 and self._text[end - 1] in " \t\r\n":
                end -= 1
            self._trimmed = (index, end)
        return self.at(self._trimmed[1])[0]
