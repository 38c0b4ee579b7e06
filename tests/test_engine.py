"""Silence is never a pass, and one broken rule hides no other."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.cluster import Cluster
from auditor.engine import audit
from auditor.kinds import NAMESPACE
from auditor.objects import Obj
from auditor.outcome import Outcome, Severity, Verdict
from auditor.rule import SECTIONS, Rule
from auditor.seen import Seen
from auditor.snapshot import Snapshot

SHOP = Obj(NAMESPACE, {"metadata": {"name": "shop"}})


def namespaces(cluster: Cluster) -> Seen[Obj]:
    return cluster[NAMESPACE]


def rule(check: Callable[..., Any]) -> Rule:
    page = dict.fromkeys(SECTIONS, "As the test says.")
    reads = (NAMESPACE,)
    return Rule("house-rule", "house", Severity.WARNING, namespaces, reads, (), check, "", page)


def verdict(check: Callable[..., Any], snapshot: Snapshot) -> Verdict:
    return audit([rule(check)], snapshot)[0].verdict


def passes(namespace: Obj, cluster: Cluster) -> Outcome:
    return Outcome.passed("it is there")


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (passes, Verdict.PASS),
        (lambda namespace, cluster: None, Verdict.ERROR),
        (lambda namespace, cluster: (yield Outcome.passed("too late")), Verdict.ERROR),
        (lambda namespace, cluster: 1 / 0, Verdict.ERROR),
        (lambda namespace, cluster: cluster[SHOP], Verdict.ERROR),
        (lambda namespace, cluster: namespace.at("spec", "finalizers"), Verdict.ERROR),
        (
            lambda namespace, cluster: Outcome.failed("worse", severity=Severity.ERROR),
            Verdict.ERROR,
        ),
        (lambda namespace, cluster: Outcome.failed("mild", severity=Severity.INFO), Verdict.FAIL),
    ],
    ids=[
        "concludes",
        "forgets to return",
        "yields",
        "breaks",
        "reads what it did not declare",
        "reads what was not kept",
        "raises its severity",
        "lowers its severity",
    ],
)
def test_a_check_must_conclude(check: Callable[..., Any], expected: Verdict) -> None:
    assert verdict(check, Snapshot({NAMESPACE: Seen((SHOP,))})) is expected


def test_nothing_to_judge_is_not_nothing_seen() -> None:
    assert verdict(passes, Snapshot({NAMESPACE: Seen()})) is Verdict.NOT_APPLICABLE
    assert verdict(passes, Snapshot({})) is Verdict.UNKNOWN


def test_a_broken_rule_hides_no_other() -> None:
    snapshot = Snapshot({NAMESPACE: Seen((SHOP,))})
    results = audit([rule(lambda namespace, cluster: 1 / 0), rule(passes)], snapshot)

    assert [result.verdict for result in results] == [Verdict.ERROR, Verdict.PASS]


def test_of_two_objects_that_share_a_name_the_worse_verdict_stands() -> None:
    verdicts = iter((Outcome.failed("clash"), Outcome.passed("fine")))
    snapshot = Snapshot({NAMESPACE: Seen((SHOP, SHOP))})

    assert verdict(lambda namespace, cluster: next(verdicts), snapshot) is Verdict.FAIL
