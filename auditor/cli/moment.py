"""The moment to judge validity by, as a person gives it."""

from __future__ import annotations

import re
from datetime import datetime

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
