"""The seam that all sources share: whatever was pointed at, a snapshot comes out."""

from __future__ import annotations

from typing import Protocol

from auditor.snapshot import Snapshot


class Unusable(Exception):
    """Nothing can be read from what was pointed at: one line that says what, where, what to do."""


class Source(Protocol):
    """Anything a snapshot can be read from."""

    def read(self) -> Snapshot:
        """What was seen, and what was not and why. Raises `Unusable` where that is nothing."""
