"""The moment to judge validity by, and how early its end is told, as a person gives them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from auditor.cli.parser import Refused

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def moment(text: str | None) -> datetime | None:
    """A timestamp of RFC 3339 with its offset. Raises `Refused` for anything else."""
    if text is None:
        return None
    try:
        if RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text.upper())
    except ValueError:
        pass  # the shape is right, the date does not exist
    raise Refused(f"--now {text}: is no timestamp of RFC 3339, such as 2026-11-20T08:14:00Z")


def days(text: str | None) -> timedelta | None:
    """A whole number of days. Raises `Refused` for anything else."""
    if text is None:
        return None
    if text.isascii() and text.isdecimal() and len(text) < len("10000"):
        return timedelta(days=int(text))
    raise Refused(f"--expires-within {text}: is no number of days from 0 to 9999")
