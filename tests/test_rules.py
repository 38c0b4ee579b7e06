"""Every rule, against every fixture cluster in fixtures/rules/<rule-id>/."""

from functools import cache
from pathlib import Path
from random import Random

import pytest

from auditor.cluster import Cluster, kinds_of
from auditor.engine import Result, audit, judge
from auditor.kinds import Kind
from auditor.objects import Ref
from auditor.outcome import Verdict
from auditor.packs import load
from auditor.rule import Rule
from auditor.snapshot import Snapshot
from auditor.sources.fixture import read_fixture
from auditor.testing import jumps, losses, remedied, reordered, run_case, transcript

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
RULES = {rule.id: rule for rule in load()}
CASES = sorted(FIXTURES.glob("*/*.yaml"))
each_case = pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.parent.name}/{c.stem}")


@cache
def reading(kind: Kind) -> tuple[Rule, ...]:
    """The rules that a kind may matter to."""
    return tuple(rule for rule in RULES.values() if kind in kinds_of(rule.reads))


MANY = 120
"""So many things are taken away from a case, about: more would take longer than a gate may."""
ALSO_OF_OTHER_RULES = 0.05
"""Of how many of the values that are withheld every rule is asked, not the case's own alone."""

ALL_KINDS = kinds_of(source for rule in RULES.values() for source in rule.reads)


@each_case
def test_case(case: Path, request: pytest.FixtureRequest) -> None:
    result = run_case(RULES[case.parent.name], case)
    said = transcript(result)
    golden = case.with_suffix(".out")
    if request.config.getoption("--accept"):
        golden.write_text(said, encoding="utf-8")

    assert case.stem.startswith(f"{result.verdict}-"), said
    assert golden.read_text(encoding="utf-8") == said


@pytest.mark.parametrize("verdict", ["pass", "fail", "unknown"])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_case_of_each_verdict(rule: str, verdict: str) -> None:
    assert list((FIXTURES / rule).glob(f"{verdict}-*.yaml"))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_all_that_is_declared_is_read_by_some_case(rule: Rule) -> None:
    used: set[Kind] = set()
    for case in (FIXTURES / rule.id).glob("*.yaml"):
        cluster = Cluster(read_fixture(case), rule.reads)
        judge(rule, cluster)
        used |= cluster.used

    assert set(kinds_of(rule.reads)) == used


def test_fixtures_belong_to_rules() -> None:
    assert {case.parent.name for case in CASES} == set(RULES)


@each_case
def test_missing_evidence_never_makes_a_verdict(case: Path, request: pytest.FixtureRequest) -> None:
    """Take away a kind, a namespace or a value: a verdict stays, or becomes unknown.

    Each case is its own rule's in all that may be taken away, be it that it has more values
    than MANY: then its name chooses some, unless `--thorough` asks for all. Every rule's it is
    in a part of them.
    """
    rule, snapshot, chance = RULES[case.parent.name], read_fixture(case), Random(case.stem)
    before = {result.rule.id: result for result in audit(RULES.values(), snapshot)}
    found = []
    taken = list(losses(snapshot, ALL_KINDS))
    share = 1.0 if request.config.getoption("--thorough") else MANY / len(taken)
    for loss in taken:
        if loss.is_value and chance.random() > share:
            continue
        rules = reading(loss.kind)
        if loss.is_value and chance.random() > ALSO_OF_OTHER_RULES:
            rules = tuple(it for it in rules if it is rule)
        for after in audit(rules, loss.less()):
            jumped = jumps(before[after.rule.id], after)
            found += [f"{loss}: {after.rule.id}: {jump}" for jump in jumped]

    assert not found, "\n".join(found)


@each_case
def test_nor_does_less_and_less_of_it(case: Path) -> None:
    """The same, one thing after another: a gap must not undo what another gap has done."""
    rule, chance = RULES[case.parent.name], Random(case.stem)
    for _ in range(5):
        snapshot, taken = read_fixture(case), []
        before = audit([rule], snapshot)[0]
        for _ in range(4):
            loss = chance.choice(list(losses(snapshot, kinds_of(rule.reads))))
            snapshot = loss.less()
            taken.append(str(loss))
            after = audit([rule], snapshot)[0]

            assert not jumps(before, after), taken
            before = after


@each_case
def test_no_verdict_rests_on_the_order_of_a_list(case: Path) -> None:
    snapshot = read_fixture(case)

    assert verdicts(audit(RULES.values(), snapshot)) == verdicts(
        audit(RULES.values(), reordered(snapshot))
    )


WAYS = [
    pytest.param(RULES[case.parent.name], case, title, id=f"{case.parent.name}/{case.stem}/{title}")
    for case in CASES
    for title, _, _ in remedied(run_case(RULES[case.parent.name], case), read_fixture(case))
]


@pytest.mark.parametrize(("rule", "case", "title"), WAYS)
def test_a_remedy_ends_its_findings(rule: Rule, case: Path, title: str) -> None:
    """Applied in memory to all that name it, a remedy mends each and breaks nothing else."""
    snapshot = read_fixture(case)
    ways = remedied(audit([rule], snapshot)[0], snapshot)
    subjects, mended = next((about, after) for name, about, after in ways if name == title)
    outcomes = audit([rule], mended)[0].outcomes
    left = {outcomes[about].verdict for about in subjects if about in outcomes}

    assert left <= {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert failing(mended) < failing(snapshot)


def verdicts(results: tuple[Result, ...]) -> dict[tuple[str, Ref | None], Verdict]:
    return {
        (result.rule.id, about): outcome.verdict
        for result in results
        for about, outcome in result.outcomes.items()
    }


def failing(snapshot: Snapshot) -> set[tuple[str, Ref | None]]:
    """Every finding of every rule."""
    found = verdicts(audit(RULES.values(), snapshot))
    return {about for about, verdict in found.items() if verdict >= Verdict.FAIL}
