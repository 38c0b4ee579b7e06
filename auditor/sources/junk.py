"""Logs and whatever else fills dumps and holds no object, told without parsing it.

A log may quote an object. Nothing in a log is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.sources.contents import is_wide, packed

LOG = "is a log, or holds no object by what is in it"
SOURCE_CODE = "is source code, which only quotes objects"

_LOG = re.compile(r"\.log(?:\.\d+)*\.gz$|\.log[.-]\d+$|(?:^|/)logs\.txt$|\.html?$")
_FOLDER_OF_LOGS = re.compile(r"(?:^|/)(?:all-)?logs/")
_IN_SUCH_A_FOLDER = (".log", ".txt", ".gz")
_SOURCE_CODE = re.compile(
    r"\.(?:bash|c|cc|cpp|css|go|h|hcl|hpp|java|js|jsx|kt|php|proto|ps1|py|rb|scala|sh|swift|tf|tsx)$"
)
"""Not `.rs` or `.cs`, which may be what somebody called a dump of ReplicaSets."""
_OF_A_LOG_LINE = frozenset(
    ("level", "lvl", "severity", "msg", "message", "ts", "time", "timestamp", "@timestamp")
    + ("logger", "caller")
)
"""What programs write around the fields of whatever they log. No kind has two of them."""
_ENOUGH_OF_A_LOG = 2
_MAY_SAY_SOMETHING = 1024 * 1024
_TRACES = (b"apiVersion", b"metadata", b"items", b"kind", b"rror", b"onnect")
"""An object has one of the first; the others are what kubectl says in the place of objects."""
_TIMED = re.compile(rb"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* +\S|\[?\d{4}-\d\d-\d\dT\S+\t")
_LINES = 3
_LEAST = 4096


def is_log(name: str) -> bool:
    """Whether a name is one that only logs have. Some hold what kubectl said beside a dump."""
    return name.endswith(".log") or _is_named_a_log(name)


def _is_named_a_log(name: str) -> bool:
    """Whether nothing but a log is named so, whatever its size."""
    if name.endswith(_IN_SUCH_A_FOLDER) and _FOLDER_OF_LOGS.search(name):
        return True
    return _LOG.search(name) is not None


def uselessness(name: str, size: int) -> str:
    """Why a file is not worth being read, by its name; empty where it is.

    A log is worth it where somebody may have noted in it what kubectl said.
    """
    if _SOURCE_CODE.search(name):
        return SOURCE_CODE
    said = size <= _MAY_SAY_SOMETHING or name.endswith("bug-report.log")
    return LOG if _is_named_a_log(name) or (name.endswith(".log") and not said) else ""


def is_timed(data: bytes) -> bool:
    """Whether the lines that a text begins with all begin with a time, as those of logs do."""
    first = [line for line in data[:_LEAST].split(b"\n") if line.strip()][:_LINES]
    return len(first) == _LINES and all(_TIMED.match(line) for line in first)


def is_a_log_line(fields: Mapping[str, object]) -> bool:
    """Whether a program logged these fields, though some may name a kind and an object."""
    return len(_OF_A_LOG_LINE & fields.keys()) >= _ENOUGH_OF_A_LOG


def holds_nothing(data: bytes) -> bool:
    """Whether no object and no failure of kubectl can be in a file of some size."""
    if len(data) < _LEAST or is_wide(data) or packed(data):
        return False
    return not any(trace in data for trace in _TRACES)
