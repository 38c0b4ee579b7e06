"""What to do about a finding: the commands of its remedies, for all alike subjects at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from auditor.objects import Ref
from auditor.outcome import Outcome
from auditor.remedy import Label, Patch, Remedy, Step
from auditor.render.alike import Finding
from auditor.render.names import number
from auditor.render.page import Line, paragraphs

TOGETHER = 20
"""How many objects one command names; of more, the first shows how."""

APART = 3
"""How many commands that differ are shown; of more, these show how."""

LONG = 200
"""How many characters steps must have for not being told twice."""

LABEL = "Do: "


@dataclass(frozen=True)
class Labelling:
    """All changes of labels that one `kubectl label` makes, the object left open."""

    word: str
    namespace: str
    changes: tuple[str, ...]
    overwrite: bool

    def command(self, names: Sequence[str]) -> str:
        """The command for some objects of one namespace."""
        parts = ["kubectl", "label", self.word, *map(shlex.quote, names)]
        parts += ["-n", shlex.quote(self.namespace)] if self.namespace else []
        parts += [shlex.quote(change) for change in self.changes]
        return " ".join(parts + ["--overwrite"] * self.overwrite)


@dataclass(frozen=True)
class Telling:
    """A step for which each object needs its own words."""

    text: str
    command: str


Action = tuple[Ref | None, Labelling | Telling]


Told: TypeAlias = dict[tuple[Line, ...], str]
"""The rule for which long steps stand above."""


def what_to_do(finding: Finding, above: Told | None = None) -> Iterator[Line]:
    """The remedies as lines, the best first; without any, what the rule's page advises.

    What would repeat long steps that stand `above` names the rule they stand at, and what is
    told here is added to them.
    """
    remedies = finding.first.remedies
    if not remedies:
        yield from paragraphs(finding.rule.page["Fix"], 2, LABEL)
    for choice, remedy in enumerate(remedies):
        label = LABEL if choice == 0 else "Or: "
        steps = tuple(_once(_commands([outcome for _, outcome in finding.cases], choice)))
        known = above.get(steps) if above is not None else None
        said = f"{remedy.title}: as above, for {known}" if known else f"{remedy.title}:"
        yield Line(said, 2, label, hang=len(label) + 1)
        if not known:
            yield from steps
        if above is not None and sum(len(line.text) for line in steps) > LONG:
            above.setdefault(steps, finding.rule.id)


def _once(lines: Iterable[Line]) -> Iterator[Line]:
    """The same without the words that stand already above the command before."""
    words = None
    for line in lines:
        if line.command or line != words:
            yield line
        words = words if line.command else line


def _commands(outcomes: Sequence[Outcome], choice: int) -> Iterator[Line]:
    plans = [list(_actions(outcome.remedies[choice])) for outcome in outcomes]
    if any(len(plan) != len(plans[0]) for plan in plans):
        for action in plans[0]:
            yield from _told([action])
        yield _likewise(len(plans) - 1)
        return
    of_all = all(plan == plans[0] for plan in plans)
    for step in _neighbours(plans[0]) if of_all else zip(*plans):
        yield from _told(step)


def _neighbours(plan: Sequence[Action]) -> Iterator[Sequence[Action]]:
    """The actions of one plan, neighbouring changes of labels together."""
    for is_labels, actions in groupby(plan, key=lambda it: isinstance(it[1], Labelling)):
        several = list(actions)
        yield from [several] if is_labels else ([one] for one in several)


def _told(step: Sequence[Action]) -> Iterator[Line]:
    """One step of all alike subjects: in one command where one can carry it out."""
    groups: dict[Labelling | Telling, list[str]] = {}
    for ref, action in step:
        groups.setdefault(action, []).append(ref.name if ref else "")
    shown = 0
    for action, names in list(groups.items())[:APART]:
        if isinstance(action, Labelling):
            distinct = list(dict.fromkeys(names))  # many subjects may need one change
            few = distinct if len(distinct) <= TOGETHER else distinct[:1]
            yield Line(action.command(few), 7, command=True)
            shown += sum(name in few for name in names)
        else:
            if action.text:
                yield Line(action.text, 7)
            if action.command:
                yield Line(action.command, 7 if not action.text else 9, command=True)
            shown += len(names)
    if rest := len(step) - shown:
        yield _likewise(rest)


def _likewise(count: int) -> Line:
    return Line(f"and likewise for {number(count, 'other')}; -v prints each command", 7)


def _actions(remedy: Remedy) -> Iterator[Action]:
    """The steps in order, neighbouring changes of one object's labels taken together."""

    def labelled(step: Step) -> Ref | None:
        return step.ref if isinstance(step, Label) else None

    for ref, group in groupby(remedy.steps, key=labelled):
        steps = list(group)
        labels = [step for step in steps if isinstance(step, Label)]
        if ref is not None:
            changes = tuple(
                f"{it.key}-" if it.value is None else f"{it.key}={it.value}" for it in labels
            )
            overwrite = any(it.value is not None for it in labels)
            yield ref, Labelling(ref.word, ref.namespace, changes, overwrite)
        else:
            yield from ((None, _telling(step)) for step in steps)


def _telling(step: Step) -> Telling:
    """A patch says all in its command; what a person or a controller does needs words."""
    return Telling("" if isinstance(step, Patch) else step.text, step.command)
