"""Time, as far as reading a cluster needs it: a deadline for the whole, and pauses."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time and lets it pass."""

    def moment(self) -> datetime:
        """The time of day."""

    def now(self) -> float:
        """Seconds since some moment, which no change of the time of day disturbs."""

    def wait(self, seconds: float) -> None:
        """Come back after so many seconds."""


class SystemClock:
    """The clock of this machine."""

    def moment(self) -> datetime:
        return datetime.now(UTC)

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class Deadline:
    """When reading must be over, counted in seconds from when this was made."""

    clock: Clock
    seconds: float
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = self.clock.now() + self.seconds

    @property
    def left(self) -> float:
        """How many seconds are left; none or fewer when it has passed."""
        return self._end - self.clock.now()

    @property
    def passed(self) -> bool:
        return self.left <= 0

    @property
    def said(self) -> str:
        """What a person is told when it has passed."""
        return f"not finished within --timeout {self.seconds:g} (seconds)"
