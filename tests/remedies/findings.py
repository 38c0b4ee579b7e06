"""Every finding of the cases and of the fixture clusters, with the cluster that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from auditor.engine import Result, audit
from auditor.objects import Ref
from auditor.outcome import Outcome, Severity, Verdict
from auditor.packs import load
from auditor.remedy import Remedy
from auditor.snapshot import Snapshot
from auditor.sources.fixture import read_fixture
from tests.whole_clusters import NAMES, said_of, whole

CASES = Path(__file__).parents[2] / "fixtures" / "rules"
RULES = {rule.id: rule for rule in load()}
PLACES = (
    *(f"{it.parent.name}/{it.stem}" for it in sorted(CASES.glob("*/fail-*.yaml"))),
    *(f"clusters/{name}" for name in NAMES),
)
every_place = pytest.mark.parametrize("place", PLACES)


@dataclass(frozen=True)
class Finding:
    """What a rule found about a subject."""

    rule: str
    about: Ref | None
    severity: Severity
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.rule}: {self.about or 'cluster'}: {self.outcome.message}"

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        return self.outcome.remedies


@cache
def snapshot_of(place: str) -> Snapshot:
    """A case of a rule by `RULE/CASE`, or a fixture cluster by `clusters/NAME`."""
    folder, _, name = place.partition("/")
    return whole(name) if folder == "clusters" else read_fixture(CASES / f"{place}.yaml")


@cache
def findings(place: str) -> tuple[Finding, ...]:
    """What is found in a fixture cluster by every rule, in a case by its own."""
    folder, _, name = place.partition("/")
    results = (
        said_of(name).values()
        if folder == "clusters"
        else audit([RULES[folder]], snapshot_of(place))
    )
    return tuple(it for result in results for it in _of(result))


def _of(result: Result) -> Iterator[Finding]:
    for about, outcome in result.outcomes.items():
        if outcome.verdict is Verdict.FAIL:
            yield Finding(result.rule.id, about, result.severity(outcome), outcome)


def commands(remedy: Remedy) -> list[str]:
    """The lines that a remedy has a person type, in order."""
    return [step.command for step in remedy.steps if step.command]
