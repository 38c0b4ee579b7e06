"""The report for scripts, as the contract's JSON document."""

from __future__ import annotations

import json as standard
import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any

from auditor.render.document import document
from auditor.render.page import Page
from auditor.report import Report
from auditor.visible import visible

AT_ONCE = 10_000
"""Pieces of JSON that are made visible together: never a second whole of a large report."""


def json(report: Report, page: Page) -> str:  # noqa: ARG001, a renderer is given a page
    """The document of a report: the same bytes for the same input, safe on a terminal."""
    return as_json(document(report))


def as_json(value: object) -> str:
    """A value as indented JSON in the order of its keys; what would not show is escaped."""
    encoder = standard.JSONEncoder(ensure_ascii=False, indent=2, allow_nan=False)
    pieces = encoder.iterencode(_plain(value))
    parts = iter(lambda: "".join(islice(pieces, AT_ONCE)), "")
    return "".join((*map(_visible_lines, parts), "\n"))


def _visible_lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


def _plain(value: object) -> Any:
    """The same in JSON's own types. What has no such form is written as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, AbstractSet):
        return sorted(map(str, value))
    return [_plain(item) for item in value] if isinstance(value, Iterable) else str(value)
