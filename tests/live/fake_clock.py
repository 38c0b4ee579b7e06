"""A clock that only moves when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime


class FakeClock:
    """Waiting takes no time, and is noted."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def moment(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    def advance(self, seconds: float) -> None:
        self.time += seconds
