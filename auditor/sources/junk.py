"""Logs and whatever else fills dumps and holds no object, told without parsing it.

A log may quote an object. Nothing in a log is one.
"""

from __future__ import annotations

import re

from auditor.sources.contents import is_wide, packed

LOG = "is a log, or holds no object by what is in it"

_LOG = re.compile(
    r"(?:^|/)(?:logs|all-logs)/(?:.*/)?[^/]*\.(?:log|txt|gz)$"
    r"|\.log(?:\.\d+)*\.gz$|\.log[.-]\d+$|(?:^|/)logs\.txt$|\.html?$"
)
_MAY_SAY_SOMETHING = 1024 * 1024
_TRACES = (b"apiVersion", b"metadata", b"items", b"kind", b"rror", b"onnect")
"""An object has one of the first; the others are what kubectl says in the place of objects."""
_TIMED = re.compile(rb"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* +\S|\[?\d{4}-\d\d-\d\dT\S+\t")
_LINES = 3
_LEAST = 4096


def is_log(name: str) -> bool:
    """Whether a name is one that only logs have. Some hold what kubectl said beside a dump."""
    return name.endswith(".log") or _LOG.search(name) is not None


def is_useless_log(name: str, size: int) -> bool:
    """Whether a file is a log in which nobody would have noted what kubectl said."""
    return _LOG.search(name) is not None or (
        name.endswith(".log") and size > _MAY_SAY_SOMETHING and not name.endswith("bug-report.log")
    )


def is_timed(data: bytes) -> bool:
    """Whether the lines that a text begins with all begin with a time, as those of logs do."""
    first = [line for line in data[:_LEAST].split(b"\n") if line.strip()][:_LINES]
    return len(first) == _LINES and all(_TIMED.match(line) for line in first)


def holds_nothing(data: bytes) -> bool:
    """Whether no object and no failure of kubectl can be in a file of some size."""
    if len(data) < _LEAST or is_wide(data) or packed(data):
        return False
    return not any(trace in data for trace in _TRACES)
