"""What an audit comes to: its results, what they rest on, and the exit code."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from auditor.engine import Result
from auditor.inventory import Inventory
from auditor.kinds import Kind
from auditor.objects import Ref
from auditor.outcome import Outcome, Severity, Verdict
from auditor.snapshot import Snapshot

MESH, MESHES = "Mesh", "Meshes"
"""The kinds of a `Ref` that names a mesh, or two meshes: in order, or side by side."""


@dataclass(frozen=True)
class Terms:
    """When an audit counts as failed. `fail_on` None: findings never fail it."""

    fail_on: Severity | None = Severity.ERROR
    allow_unknown: bool = False

    def counts(self, severity: Severity) -> bool:
        """Whether what has this severity is at or above the threshold."""
        return self.fail_on is not None and severity >= self.fail_on


class ToldBy(enum.StrEnum):
    """What tells the moment that validity is judged at."""

    OPTION = "option"
    SOURCE = "source"
    CLOCK = "clock"


@dataclass(frozen=True)
class Moment:
    """When what has a validity must be in it."""

    at: datetime
    told_by: ToldBy


@dataclass(frozen=True)
class Report:
    """The results of an audit with all that a reader needs to judge them."""

    snapshot: Snapshot
    kinds: tuple[Kind, ...]
    """The kinds that the selected rules and the inventory read."""
    inventory: Inventory
    results: tuple[Result, ...]
    facts_date: str
    moment: Moment
    terms: Terms = field(default_factory=Terms)

    def outcomes(self) -> Iterable[tuple[Result, Ref | None, Outcome]]:
        """Every outcome of every rule."""
        for result in self.results:
            for about, outcome in result.outcomes.items():
                yield result, about, outcome

    @property
    def exit_code(self) -> int:
        """0, 1 or 3, as the contract says."""
        counted = [
            outcome.verdict
            for result, _, outcome in self.outcomes()
            if self.terms.counts(result.severity(outcome))
        ]
        if Verdict.FAIL in counted:
            return 1
        if Verdict.ERROR in counted or not self.evaluated:
            return 3
        return 3 if Verdict.UNKNOWN in counted and not self.terms.allow_unknown else 0

    @property
    def evaluated(self) -> bool:
        """Whether anything at all was judged."""
        verdicts = (outcome.verdict for _, _, outcome in self.outcomes())
        return any(verdict is not Verdict.NOT_APPLICABLE for verdict in verdicts)
