"""The logs that `kubectl cluster-info dump` prints between the objects.

A line of a log may look like an object, or like anything else. The last one need not end in a
line feed, so the mark of the end need not begin a line.
"""

from __future__ import annotations

import codecs
import re

from auditor.sources.contents import is_wide

_START = re.compile(r"^==== START (logs for container [^\n]{1,1000}? ====)\r?$", re.MULTILINE)
_VISIBLE = re.compile(r"[^\r\n]+")
_TRACE = b"==== START logs for container "
_WIDE_TRACE = _TRACE.decode().encode("utf-16-le")[:-1]


def without_container_logs(data: bytes) -> tuple[bytes, bool]:
    """The same, each character of a log blanked so that places stay; whether each log ended."""
    if is_wide(data):
        if _WIDE_TRACE not in data:
            return data, True
        even = data[: len(data) // 2 * 2]
        text, whole = _blanked(even.decode("utf-16", "surrogatepass"))
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le", "surrogatepass"), whole
    if _TRACE not in data:
        return data, True
    text, whole = _blanked(data.decode("latin-1"))  # a character for each byte
    return text.encode("latin-1"), whole


def _blanked(text: str) -> tuple[str, bool]:
    pieces = []
    done = 0
    while start := _START.search(text, done):
        mark = f"==== END {start[1]}"
        end = text.find(mark, start.end())
        pieces.append(text[done : start.start()])
        done = end + len(mark) if end >= 0 else len(text)
        pieces.append(_VISIBLE.sub(lambda said: " " * len(said[0]), text[start.start() : done]))
        if end < 0:
            return "".join(pieces), False
    return "".join([*pieces, text[done:]]), True
