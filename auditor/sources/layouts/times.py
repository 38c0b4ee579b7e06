"""Times as dumps tell them: in Go's words, in logs, in the names of folders."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SAID = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)")
_IN_A_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d)[_:-](\d\d)[_:-](\d\d))?")
_IN_DIGITS = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)")
_DATE = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?: [AP]M)? (?:UTC|GMT) (\d{4})")


def said(text: str) -> list[datetime]:
    """Every time in a text that has its zone."""
    zones = {"Z": "+00:00", "UTC": "+00:00"}
    found = []
    for day, clock, zone in _SAID.findall(text):
        if time := _time(f"{day}T{clock}{zones.get(zone, zone)}"):
            found.append(time)
    return found


def in_name(name: str) -> datetime | None:
    """A time in the name of a file or folder, taken for UTC: nobody wrote a zone there."""
    if found := _IN_A_NAME.search(name):
        day, *clock = found.groups()
        return _time(f"{day}T{':'.join(clock) if clock[0] else '00:00:00'}+00:00")
    if found := _IN_DIGITS.search(name):
        year, month, day, hour, minute = found.groups()
        return _time(f"{year}-{month}-{day}T{hour}:{minute}:00+00:00")
    return None


def of_date(text: str) -> datetime | None:
    """What `date` printed, in UTC; other zones are names that mean several things."""
    if (found := _DATE.search(text)) is None:
        return None
    month, day, clock, year = found.groups()
    try:
        return datetime.strptime(f"{day} {month} {year} {clock}", "%d %b %Y %H:%M:%S").replace(
            tzinfo=UTC
        )
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
