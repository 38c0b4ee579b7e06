"""What a rule may conclude."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.objects import Field
from auditor.remedy import Remedy
from auditor.seen import Gap


class Verdict(enum.IntEnum):
    """From best to worst, so that `max` picks the verdict of the whole."""

    NOT_APPLICABLE = 0
    PASS = 1
    UNKNOWN = 2
    FAIL = 3
    ERROR = 4

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")


class Severity(enum.IntEnum):
    """How much a finding matters: an error breaks a mesh, a warning will, info is worth knowing."""

    INFO = 0
    WARNING = 1
    ERROR = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Outcome:
    """What a check concludes about the one subject it was given."""

    verdict: Verdict
    message: str
    evidence: tuple[Field, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    gaps: tuple[Gap, ...] = ()
    severity: Severity | None = None
    """Lower than the rule's, where this case is milder; None for the rule's own."""

    @classmethod
    def passed(cls, message: str, *evidence: Field) -> Outcome:
        return cls(Verdict.PASS, message, evidence)

    @classmethod
    def failed(
        cls,
        message: str,
        *evidence: Field,
        remedies: Iterable[Remedy] = (),
        severity: Severity | None = None,
    ) -> Outcome:
        """A finding. Several remedies are alternatives, the best first."""
        return cls(Verdict.FAIL, message, evidence, tuple(remedies), severity=severity)

    @classmethod
    def unknown(cls, message: str, *evidence: Field, gaps: Iterable[Gap] = ()) -> Outcome:
        """The evidence is all there and does not say. What is *not* there says so itself."""
        return cls(Verdict.UNKNOWN, message, evidence, gaps=tuple(gaps))

    @classmethod
    def not_applicable(cls, message: str, *evidence: Field) -> Outcome:
        return cls(Verdict.NOT_APPLICABLE, message, evidence)
