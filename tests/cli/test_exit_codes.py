"""A pipeline stops when it must, and only then, whatever the format."""

from itertools import product
from typing import Any

import pytest

from auditor.cluster import Cluster
from auditor.outcome import Outcome, Severity, Verdict
from auditor.seen import Gap, Unseen
from tests.command import command
from tests.house import breaks, make_rule, passes

THRESHOLDS = ("error", "warning", "info", "never")


def expected(verdict: Verdict, severity: Severity, fail_on: str, allow_unknown: bool) -> int:
    """The contract's table, read row by row."""
    if verdict is Verdict.NOT_APPLICABLE:
        return 3  # nothing at all was evaluated
    if verdict is Verdict.PASS or fail_on == "never":
        return 0
    if severity < Severity[fail_on.upper()]:
        return 0
    if verdict is Verdict.FAIL:
        return 1
    return 0 if verdict is Verdict.UNKNOWN and allow_unknown else 3


def concluding(verdict: Verdict) -> Any:
    def check(thing: Any, cluster: Cluster) -> Outcome:
        if verdict is Verdict.UNKNOWN:
            raise Unseen(Gap("pods", "not collected"))
        return Outcome(verdict, "so")

    return breaks if verdict is Verdict.ERROR else check


@pytest.mark.parametrize(
    ("verdict", "severity", "fail_on", "allow_unknown"),
    list(product(Verdict, Severity, THRESHOLDS, (False, True))),
)
def test_one_rule(verdict: Verdict, severity: Severity, fail_on: str, allow_unknown: bool) -> None:
    rule = make_rule("house-rule", concluding(verdict), severity=severity)
    options = ["--fail-on", fail_on, *["--allow-unknown"] * allow_unknown]
    code = expected(verdict, severity, fail_on, allow_unknown)

    for format in ("table", "json", "junit"):
        ended = command("audit", "dump", "-o", format, *options, rules=[rule])
        assert ended.code == code
        assert ended.err == ""
    assert f"\nExit {code}: " in command("audit", "dump", *options, rules=[rule]).out


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ({Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR}, 1),
        ({Verdict.PASS, Verdict.UNKNOWN}, 3),
        ({Verdict.PASS, Verdict.ERROR}, 3),
        ({Verdict.PASS, Verdict.NOT_APPLICABLE}, 0),
    ],
)
def test_the_worst_of_several_rules_decides(verdicts: set[Verdict], code: int) -> None:
    rules = [make_rule(f"rule-{verdict}", concluding(verdict)) for verdict in verdicts]

    assert command("audit", "dump", rules=rules).code == code


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "Exit 1: do not go on yet, 1 rule found errors."),
        (["--fail-on", "warning"], "Exit 1: do not go on yet, 2 rules found errors or warnings."),
        (
            ["--ignore", "an-error"],
            "Exit 3: it is not known whether you can go on, 1 rule could not tell and 1 rule "
            "broke.",
        ),
        (
            ["--select", "an-unknown", "--select", "a-warning", "--allow-unknown"],
            "Exit 0: nothing that counts stands in the way. Not counted: 1 failed (--fail-on "
            "error); 1 unknown (--allow-unknown).",
        ),
        (
            ["--fail-on", "never"],
            "Exit 0: nothing that counts stands in the way. Not counted: 2 failed, 1 unknown and "
            "1 broken (--fail-on never).",
        ),
        (["--select", "a-pass"], "Exit 0: no rule found anything that stands in the way."),
        (["--select", "idle"], "Exit 3: nothing was evaluated, so nothing is known."),
    ],
)
def test_the_last_line_says_why(options: list[str], words: str) -> None:
    rules = [
        make_rule("an-error", concluding(Verdict.FAIL)),
        make_rule("a-warning", concluding(Verdict.FAIL), severity=Severity.WARNING),
        make_rule("an-unknown", concluding(Verdict.UNKNOWN)),
        make_rule("a-defect", concluding(Verdict.ERROR)),
        make_rule("a-pass", passes),
        make_rule("idle", concluding(Verdict.NOT_APPLICABLE)),
    ]

    assert command("audit", "dump", *options, rules=rules).out.splitlines()[-1] == words
