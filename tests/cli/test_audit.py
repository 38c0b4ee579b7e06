"""Each option of an audit does what its help says."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.audit import FORMATS
from auditor.cluster import Cluster, Model
from auditor.inventory import Inventory
from auditor.kinds import CRD, NAMESPACE, POD
from auditor.outcome import Outcome
from auditor.render import RENDERERS
from auditor.rule import Rule
from auditor.seen import Gap, Unseen
from auditor.snapshot import Snapshot
from tests.command import SHOP, command, refusing
from tests.house import make_rule, passes

RULES = [
    make_rule("crd-single-owner", passes, family="crd", kind=CRD),
    make_rule("crd-untouched", passes, family="crd", kind=CRD),
    make_rule("trust-mutual", passes, family="trust"),
]

HOUSE_RULE = '''\
"""Every namespace is a shop.

## Why
It must.
## Pass
It is.
## Fail
It is not.
## Unknown
It cannot be told.
## Fix
Make it one.
"""

from auditor.cluster import Cluster
from auditor.kinds import NAMESPACE
from auditor.objects import Obj
from auditor.outcome import Outcome, Severity
from auditor.rule import rule


def namespaces(cluster: Cluster):
    return cluster[NAMESPACE]


@rule(
    id="is-shop",
    family="house",
    severity=Severity.ERROR,
    over=namespaces,
    reads=[NAMESPACE],
    references=["https://example.org"],
)
def is_shop(namespace: Obj, cluster: Cluster) -> Outcome:
    return Outcome.passed("it is one")
'''


def audited(*options: str, rules: Sequence[Rule] = RULES) -> list[str]:
    """The rules that a run used."""
    ended = command("audit", "dump", "-o", "json", *options, rules=rules)
    return [result["rule"] for result in json.loads(ended.out)["results"]]


def test_every_format_is_offered() -> None:
    assert tuple(RENDERERS) == FORMATS


def test_the_table_is_the_default() -> None:
    ended = command("audit", "dump")

    assert ended.code == 0
    assert ended.out.startswith("dump. 1 kind listed.\n")
    assert ended.out.endswith("Exit 0: no rule found anything that stands in the way.\n")


def test_sources_are_read_in_order_wherever_they_stand() -> None:
    read: list[str] = []

    def reader(sources: Sequence[str]) -> Snapshot:
        read.extend(sources)
        return SHOP

    assert command("audit", "a.yaml", "-v", "-", "--fail-on", "error", "b", read=reader).code == 0
    assert read == ["a.yaml", "-", "b"]


def test_a_source_that_cannot_be_used_is_one_line() -> None:
    ended = command("audit", "dump", read=refusing("dump: no such file\nor directory \x1b[31m"))

    assert ended.complaint == r"dump: no such file or directory \u001b[31m"


@pytest.mark.parametrize(
    ("options", "used"),
    [
        ([], ["crd-single-owner", "crd-untouched", "trust-mutual"]),
        (["--select", "crd"], ["crd-single-owner", "crd-untouched"]),
        (["--select", "crd-untouched", "--select", "trust"], ["crd-untouched", "trust-mutual"]),
        (["--ignore", "crd"], ["trust-mutual"]),
        (["--select", "crd", "--ignore", "crd-untouched"], ["crd-single-owner"]),
    ],
)
def test_rules_are_selected_by_id_or_family(options: list[str], used: list[str]) -> None:
    assert audited(*options) == used


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--select", "crd-single-ownr"], "did you mean crd-single-owner?"),
        (["--ignore", "trsut"], "did you mean trust"),
        (["--select", "zzz"], "`mesh-auditor rules` lists all"),
        (["--ignore", "crd", "--ignore", "trust"], "leave no rule to audit with"),
        (["--select", "trust", "--ignore", "trust-mutual"], "leave no rule to audit with"),
    ],
)
def test_a_name_that_selects_nothing_is_refused(options: list[str], said: str) -> None:
    ended = command("audit", "dump", *options, rules=RULES)

    assert said in ended.complaint


def test_a_directory_of_rules_is_used(tmp_path: Path) -> None:
    (tmp_path / "is_shop.py").write_text(HOUSE_RULE)

    assert audited("--rules", str(tmp_path), "--select", "is-shop") == ["is-shop"]


def test_a_broken_rule_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "is_shop.py").write_text("raise ValueError('two\\nlines')")
    ended = command("audit", "dump", "--rules", str(tmp_path))

    assert ended.complaint == f"{tmp_path}/is_shop.py: ValueError: two lines"
    missing = command("audit", "dump", "--rules", str(tmp_path / "none"))
    assert missing.complaint == f"{tmp_path}/none: is no directory of rules"


def judged_at(*options: str, time: datetime | None = None) -> datetime:
    return judged_in(*options, time=time).now


def judged_in(*options: str, time: datetime | None = None) -> Cluster:
    clusters: list[Cluster] = []

    def check(thing: Any, cluster: Cluster) -> Outcome:
        clusters.append(cluster)
        return Outcome.passed("so")

    snapshot = Snapshot(SHOP.kinds, time=time)
    rules = [make_rule("house-rule", check)]
    assert command("audit", "dump", *options, rules=rules, read=lambda it: snapshot).code == 0
    return clusters[0]


def test_the_moment_is_given_or_the_dumps_or_now() -> None:
    dumped = datetime(2026, 11, 20, 8, 14, tzinfo=UTC)

    given = judged_at("--now", "2027-01-02T03:04:05.5+01:00", time=dumped)
    assert given == datetime(2027, 1, 2, 2, 4, 5, 500000, tzinfo=UTC)
    assert judged_at("--now", "2027-01-02t03:04:05z").year == 2027
    assert judged_at(time=dumped) == dumped
    assert judged_at() >= datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    "text", ["now", "2026-11-20", "2026-11-20T08:14:00", "2026-02-30T00:00:00Z", "2026-W01-1", ""]
)
def test_a_moment_must_be_whole(text: str) -> None:
    ended = command("audit", "dump", f"--now={text}")

    assert ended.complaint.startswith(f"--now {text}: is no timestamp of RFC 3339")


@pytest.mark.parametrize(
    ("options", "told"), [((), 30), (("--expires-within", "7"), 7), (("--expires-within", "0"), 0)]
)
def test_how_early_an_end_is_told_is_a_month_or_given(options: tuple[str, ...], told: int) -> None:
    assert judged_in(*options).ahead == timedelta(days=told)


@pytest.mark.parametrize("text", ["-1", "1.5", "a month", "", "10000", "٣"])
def test_days_are_a_whole_number(text: str) -> None:
    ended = command("audit", "dump", f"--expires-within={text}")

    assert ended.complaint == f"--expires-within {text}: is no number of days from 0 to 9999"


def test_verbose_names_what_passed() -> None:
    assert "PASSED house-rule" not in command("audit", "dump").out
    assert "PASSED house-rule: Namespace shop: is as it" in command("audit", "dump", "-v").out


def test_the_way_to_tell_repeats_the_command_line() -> None:
    rules = [*RULES, make_rule("about-pods", passes, kind=POD)]
    options = ["--ignore", "crd", "--fail-on", "info", "--allow-unknown", "--verbose"]
    options += ["--expires-within", "7"]
    text = command("audit", "my dump", "-o", "table", *options, rules=rules).out

    again = (
        "\n  kubectl get pods -A -o yaml > pods.yaml\n"
        "  mesh-auditor audit --ignore crd --fail-on info --allow-unknown --expires-within 7"
        " 'my dump' pods.yaml\n"
    )

    assert again in text


def test_colour_and_width_are_for_terminals() -> None:
    piped = command("audit", "dump").out
    shown = command("audit", "dump", terminal=True, environment={"COLUMNS": "60"}).out
    plain = command("audit", "dump", terminal=True, environment={"COLUMNS": "60", "NO_COLOR": "1"})
    dumb = command("audit", "dump", terminal=True, environment={"COLUMNS": "60", "TERM": "dumb"})

    assert "\x1b[1;32mPASSED\x1b[0m 1 rule" in shown
    assert "\x1b" not in piped + plain.out + dumb.out
    assert plain.out == dumb.out
    assert max(map(len, plain.out.splitlines())) < 80 < max(map(len, piped.splitlines()))


def test_json_and_junit_know_no_terminal() -> None:
    for format in ("json", "junit"):
        shown = command("audit", "dump", "-o", format, terminal=True).out
        assert shown == command("audit", "dump", "-o", format).out


def test_meshes_that_cannot_even_be_asked_for_are_not_taken_for_none() -> None:
    def blind(cluster: Cluster) -> Inventory:
        raise Unseen(Gap("deployments.apps", "not collected"))

    model: Model[Inventory] = Model("inventory", (NAMESPACE,), blind)
    text = command("audit", "dump", inventory=model).out

    assert "No mesh was found so far.\nAnother mesh may be hidden: not seen: deployments" in text
