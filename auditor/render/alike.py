"""Alike outcomes are told as one, with their subjects counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from auditor.engine import Result
from auditor.objects import Field, Ref
from auditor.outcome import Outcome, Severity, Verdict
from auditor.render.order import acting_order
from auditor.report import Report
from auditor.rule import Rule

Case = tuple[Ref | None, Outcome]


@dataclass(frozen=True)
class Finding:
    """What a rule concludes alike about one subject or several, the first to stand for all."""

    rule: Rule
    severity: Severity
    cases: tuple[Case, ...]

    @property
    def first(self) -> Outcome:
        return self.cases[0][1]

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The subjects; none for an outcome about the whole."""
        return tuple(ref for ref, _ in self.cases if ref is not None)


def findings(report: Report, verdict: Verdict, apart: bool = False) -> list[Finding]:
    """All that an audit concluded with this verdict, in the order of acting.

    Outcomes are alike when they differ by nothing but the name of their subject. With
    `apart` each stands by itself.
    """
    groups: dict[Any, tuple[Result, Severity, list[Case]]] = {}
    for number, (result, ref, outcome) in enumerate(report.outcomes()):
        if outcome.verdict is verdict:
            severity = result.severity(outcome)
            key = number if apart else (result.rule.id, severity, _likeness(ref, outcome))
            groups.setdefault(key, (result, severity, []))[2].append((ref, outcome))
    found = [
        Finding(result.rule, severity, tuple(cases)) for result, severity, cases in groups.values()
    ]
    return sorted(found, key=lambda it: (-it.severity, acting_order(it.rule)))


def by_rule(found: Iterable[Finding]) -> list[list[Finding]]:
    """The findings of one rule and one severity together, as they come."""
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.rule.id, finding.severity), []).append(finding)
    return list(groups.values())


def _likeness(ref: Ref | None, outcome: Outcome) -> object:
    """What two outcomes share when they are alike."""

    def blurred(text: str) -> str:
        return _without_name(text, ref)

    def of(field: Field) -> tuple[str, str, str]:
        path = ".".join("[]" if isinstance(step, int) else blurred(step) for step in field.path)
        return field.ref.kind, path, blurred(field.said)

    return (
        (ref.group, ref.kind) if ref else None,
        blurred(outcome.message),
        tuple(of(field) for field in outcome.evidence),
        tuple(
            (blurred(remedy.title), tuple(type(step) for step in remedy.steps))
            for remedy in outcome.remedies
        ),
        outcome.gaps,
    )


def _without_name(text: str, ref: Ref | None) -> str:
    """A text in which the subject's own name and namespace no longer tell it apart."""
    for own in filter(None, (ref.name, ref.namespace) if ref else ()):
        if own in text:
            text = re.sub(rf"(?<![\w.-]){re.escape(own)}(?![\w-])", "\0", text)
    return text
