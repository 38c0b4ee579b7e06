"""Test rules, yours or ours, against fixture clusters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from auditor.engine import Result, audit
from auditor.kinds import Kind
from auditor.objects import Obj, Ref, dotted
from auditor.outcome import Verdict
from auditor.remedy import Remedy, applied
from auditor.rule import Rule
from auditor.seen import Seen
from auditor.snapshot import Snapshot, gap
from auditor.sources.fixture import read_fixture
from auditor.withheld import Withheld

IDENTITY = {
    ("apiVersion",),
    ("kind",),
    ("metadata",),
    ("metadata", "name"),
    ("metadata", "namespace"),
}


def transcript(result: Result) -> str:
    """A result as lines of text, for comparison with the `.out` file of a case."""
    lines = []
    for about, outcome in result.outcomes.items():
        severity = result.severity(outcome)
        mild = f" ({severity})" if severity != result.rule.severity else ""
        lines.append(f"{outcome.verdict}{mild}: {about or 'cluster'}: {outcome.message}")
        lines += [f"    {field.ref}: {field}" for field in outcome.evidence]
        lines += [f"    not seen: {gap}{gap.get and f' ({gap.get})'}" for gap in outcome.gaps]
        for remedy in outcome.remedies:
            lines.append(f"    to {remedy.title}:")
            lines += [f"        {step.command or step.text}" for step in remedy.steps]
    return "\n".join(lines) + "\n"


def run_case(rule: Rule, case: Path) -> Result:
    """What a rule says about a fixture cluster."""
    return audit([rule], read_fixture(case))[0]


@dataclass(frozen=True)
class Loss:
    """Something that may be taken away from a snapshot."""

    kind: Kind
    is_value: bool
    """Whether it is one value of one object, not a whole kind or namespace."""
    less: Callable[[], Snapshot]
    """The snapshot without it."""
    place: str
    path: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.place} {dotted(self.path)} withheld" if self.is_value else self.place


def losses(snapshot: Snapshot, kinds: tuple[Kind, ...]) -> Iterator[Loss]:
    """Every kind, every namespace of a kind and every value that may be taken away."""
    for kind in kinds:
        seen = snapshot.seen(kind)
        nothing = Seen[Obj](gaps=(gap(kind, "taken"),))
        yield Loss(kind, False, partial(_with, snapshot, kind, nothing), f"without {kind}")
        for place in sorted({thing.namespace for thing in seen.so_far} - {""}):
            left = tuple(thing for thing in seen.so_far if thing.namespace != place)
            rest = Seen(left, (*seen.gaps, gap(kind, "taken", place)))
            what = f"without {kind} in {place}"
            yield Loss(kind, False, partial(_with, snapshot, kind, rest), what)
        for index, thing in enumerate(seen.so_far):
            for path in _paths(thing.raw):
                less = partial(_less_a_value, snapshot, kind, index, path)
                yield Loss(kind, True, less, str(thing.ref), path)


def _less_a_value(snapshot: Snapshot, kind: Kind, index: int, path: tuple[Any, ...]) -> Snapshot:
    seen = snapshot.seen(kind)
    less = list(seen.so_far)
    less[index] = replace(less[index], raw=_withholding(less[index].raw, path))
    return _with(snapshot, kind, Seen(tuple(less), seen.gaps))


def reordered(snapshot: Snapshot) -> Snapshot:
    """The same, listed the other way round: no verdict may rest on an order."""
    turned = {k: Seen(seen.so_far[::-1], seen.gaps) for k, seen in snapshot.kinds.items()}
    return replace(snapshot, kinds=turned)


def jumps(before: Result, after: Result) -> list[str]:
    """What missing evidence did that it never may.

    A verdict may become unknown, and a subject may go where an unknown about the
    whole says that there may be more. Only where a rule itself could not decide,
    as between two places that contradict each other, may less evidence decide.
    """
    found = []
    for about, outcome in after.outcomes.items():
        was = before.outcomes.get(about)
        settled = was is not None and not was.gaps and was.verdict is Verdict.UNKNOWN
        changed = was is None or was.verdict is not outcome.verdict
        if changed and outcome.verdict is not Verdict.UNKNOWN and not settled:
            found.append(f"{about}: {was.verdict if was else 'not there'} -> {outcome.verdict}")
    gone = before.outcomes.keys() - after.outcomes.keys()
    if gone and None not in after.outcomes:
        found.append(f"{', '.join(map(str, gone))}: gone without a word")
    return found


def remedied(result: Result, snapshot: Snapshot) -> Iterator[tuple[str, set[Ref | None], Snapshot]]:
    """For each way to end the findings that is data: whom it mends, and the cluster after it."""
    ways: dict[str, dict[Ref | None, Remedy]] = {}
    for about, outcome in result.outcomes.items():
        for remedy in outcome.remedies:
            if remedy.is_data:
                ways.setdefault(remedy.title, {})[about] = remedy
    for title, way in ways.items():
        yield title, set(way), applied(snapshot, way.values())


def _with(snapshot: Snapshot, kind: Kind, seen: Seen[Obj]) -> Snapshot:
    return replace(snapshot, kinds={**snapshot.kinds, kind: seen})


def _paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value but those that say which object it is."""
    if path and path not in IDENTITY:
        yield path
    for step, item in _inside(value):
        yield from _paths(item, (*path, step))


def _inside(value: object) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _withholding(value: Any, path: tuple[Any, ...]) -> Any:
    """A copy of a value with one place in it withheld."""
    if not path:
        return Withheld("taken")
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = _withholding(value[path[0]], path[1:])
    return copy
