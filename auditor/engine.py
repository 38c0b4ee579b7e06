"""Run rules over a snapshot. The one place where `Unseen` is caught as a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from auditor.cluster import Built, Cluster
from auditor.objects import Ref
from auditor.outcome import Outcome, Severity, Verdict
from auditor.rule import Rule, Subject
from auditor.seen import Gap, Unseen
from auditor.snapshot import Snapshot


@dataclass(frozen=True)
class Result:
    """A rule and what it concluded about each subject; under None, about the whole."""

    rule: Rule
    outcomes: Mapping[Ref | None, Outcome]

    @property
    def verdict(self) -> Verdict:
        return max(outcome.verdict for outcome in self.outcomes.values())

    def severity(self, outcome: Outcome) -> Severity:
        """How much one of its outcomes matters: as the rule says, or less."""
        return self.rule.severity if outcome.severity is None else outcome.severity


def audit(
    rules: Iterable[Rule], snapshot: Snapshot, built: Built | None = None
) -> tuple[Result, ...]:
    """What each rule concludes about a snapshot. `built` carries conclusions already drawn."""
    built = built or Built(snapshot.time or datetime.now(UTC))
    return tuple(judge(rule, Cluster(snapshot, rule.reads, built)) for rule in rules)


def judge(rule: Rule, cluster: Cluster) -> Result:
    """One outcome for each subject, and an unknown where subjects may have gone unseen."""
    outcomes: dict[Ref | None, Outcome] = {}
    try:
        for subject in rule.over(cluster):
            outcome, before = _conclude(rule, subject, cluster), outcomes.get(subject.ref)
            if before is None or outcome.verdict > before.verdict:
                outcomes[subject.ref] = outcome
    except Unseen as unseen:
        outcomes[None] = _unknown("there may be more", unseen.gaps)
    except Exception as error:  # a broken rule must not hide the verdicts of the others
        outcomes[None] = _broken(error)
    subjects = rule.over.__name__.replace("_", " ")
    return Result(rule, outcomes or {None: Outcome.not_applicable(f"there are no {subjects}")})


def _conclude(rule: Rule, subject: Subject, cluster: Cluster) -> Outcome:
    try:
        outcome: object = rule.check(subject, cluster)
    except Unseen as unseen:
        return _unknown("cannot tell", unseen.gaps)
    except Exception as error:  # the same, for one subject
        return _broken(error)
    if not isinstance(outcome, Outcome):
        return Outcome(Verdict.ERROR, "the rule concluded nothing")
    if outcome.severity is not None and outcome.severity > rule.severity:
        return Outcome(Verdict.ERROR, "the rule raised its own severity, which it may only lower")
    return outcome


def _unknown(message: str, gaps: tuple[Gap, ...]) -> Outcome:
    return replace(Outcome.unknown(message), gaps=tuple(dict.fromkeys(gaps)))


def _broken(error: Exception) -> Outcome:
    return Outcome(Verdict.ERROR, f"{type(error).__name__}: {error}")
