"""Marks that tools leave where they take a value out of a dump.

Whoever took the mark for the value would judge a setting that nobody made.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from auditor.sources.contents import is_wide
from auditor.withheld import Withheld

MARKS = (
    (re.compile(r"\*\*\*HIDDEN\*\*\*"), "redacted in the dump"),
    (re.compile(r"\*\*\*TOKEN_\w+\*\*\*"), "redacted in the dump"),
    (re.compile(r"-----SCRUBBED [A-Z0-9 ]+-----"), "scrubbed from the dump"),
    (re.compile(r"\A\*{8}\Z"), "masked in the dump"),
    (re.compile(r"\AENC\[AES256_GCM,"), "encrypted by SOPS"),
)
"""troubleshoot's, in a value or inside it, sosreport's, and those of SOPS."""

ANY_MARK = re.compile(r"\*\*\*HIDDEN\*\*\*|\*\*\*TOKEN_|-----SCRUBBED |\*{8}|ENC\[AES256_GCM,")
ELIDED = re.compile(rb"\d+ bytes long")
LONGEST_ELIDED = 44
"""oc writes base64 of "N bytes long" over a Secret's value."""


TRACES = (b"***HIDDEN***", b"***TOKEN_", b"-----SCRUBBED ", b"********", b"ENC[AES256_GCM,")


def may_be_redacted(data: bytes) -> bool:
    """Whether it is worth looking for marks in what a file holds."""
    return is_wide(data) or any(trace in data for trace in TRACES)


def redacted(value: Any) -> Any:
    """The same value, with a `Withheld` in the place of each mark."""
    if isinstance(value, str):
        return _looked_at(value)
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str | dict | list):
                value[key] = redacted(item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str | dict | list):
                value[index] = redacted(item)
    return value


def _looked_at(text: str) -> str | Withheld:
    if ANY_MARK.search(text):
        for mark, why in MARKS:
            if mark.search(text):
                return Withheld(why)
    return text


def without_elided(secret: dict[str, Any]) -> dict[str, Any]:
    """A Secret of which `oc` left only the length of each value."""
    data = secret.get("data")
    if not isinstance(data, dict):
        return secret
    kept = {key: Withheld("elided by oc") if _elided(it) else it for key, it in data.items()}
    return {**secret, "data": kept}


def _elided(value: object) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST_ELIDED:
        return False
    try:
        return bool(ELIDED.fullmatch(base64.b64decode(value, validate=True)))
    except (binascii.Error, ValueError):
        return False
