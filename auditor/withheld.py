"""A value that was taken out of a dump, or that the auditor itself refuses to hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Withheld:
    """Stands where a value was: elided, redacted, or private.

    `there` says that a value is present for certain, though nobody may know it. `get` is the
    command that would show it, empty where none would; None: it is that of its object.
    """

    why: str
    there: bool = False
    get: str | None = None
