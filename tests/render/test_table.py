"""What a tired person reads: whether to go on, what is wrong, what to type."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.cluster import Cluster
from auditor.kinds import CONFIG_MAP, CRD, NAMESPACE, POD
from auditor.objects import Obj
from auditor.outcome import Outcome, Severity
from auditor.remedy import Command, Consequence, Label, Patch, Remedy
from auditor.render.page import Page
from auditor.render.table import table
from auditor.report import Report
from auditor.rule import Rule
from auditor.snapshot import Remark, gap
from tests.house import breaks, make_report, make_rule, passes, thing, two_meshes

GOLDEN = Path(__file__).parent / "golden"
AGAIN = "mesh-auditor audit dump.tar.gz"


def printed(report: Report, width: int | None = None, verbose: bool = False) -> str:
    return table(report, Page(width, verbose=verbose, again=AGAIN))


def namespaces(count: int) -> list[Obj]:
    return [
        thing(NAMESPACE, f"shop-{n:03}", metadata={"labels": {"n": str(n), "old": "yes"}})
        for n in range(count)
    ]


def fails(say: Callable[[Obj], str], label: str = "old", step: bool = True) -> Rule:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        drop = Remedy("take it off", (Label(namespace.ref, "old"),))
        remedies = [drop] if step else []
        return Outcome.failed(say(namespace), namespace.label(label), remedies=remedies)

    return make_rule("house-rule", check)


@pytest.mark.parametrize("width", [80, 120, None])
def test_a_whole_report(width: int | None) -> None:
    assert printed(two_meshes(), width) == (GOLDEN / f"table-{width or 'piped'}.txt").read_text()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_only_commands_and_long_names_are_wider_than_the_terminal(width: int) -> None:
    rows = printed(two_meshes(), width, verbose=True).splitlines()

    assert [
        row for row in rows if len(row) > width and " " in row.strip().removesuffix(" \\")
    ] == []


def test_400_alike_findings_fit_a_screen() -> None:
    report = make_report([fails(lambda it: f"{it.name} wears an old label")], namespaces(400))
    text = printed(report, 80)

    assert len(text.splitlines()) < 24
    assert "ERROR house-rule: 400 Namespaces: shop-000 wears an old label" in text
    assert "alike: shop-001, shop-002, shop-003, shop-004, shop-005 and 394 more" in text
    assert "kubectl label namespace shop-000 old-\n" in text
    assert "and likewise for 399 others; -v prints each command" in text
    assert len(printed(report, verbose=True).split("ERROR house-rule: ")) == 401


def test_400_findings_that_differ_fit_a_screen_too() -> None:
    report = make_report([fails(lambda it: "is odd", label="n")], namespaces(400))
    text = printed(report, 80)

    assert len(text.splitlines()) < 40
    assert [f'metadata.labels.n = "{n}"' in text for n in range(5)] == [True] * 3 + [False] * 2
    assert "397 more Namespaces, each in its own way: shop-003, shop-004" in printed(report)


def test_a_few_findings_share_one_command() -> None:
    text = printed(make_report([fails(lambda it: "is odd")], namespaces(3)))

    assert "kubectl label namespace shop-000 shop-001 shop-002 old-\n" in text
    assert "likewise" not in text


def test_one_change_that_mends_many_is_told_once() -> None:
    def check(pod: Obj, cluster: Cluster) -> Outcome:
        label = Label(namespaces(1)[0].ref, "old")
        return Outcome.failed("is odd", remedies=[Remedy("mend its namespace", (label,))])

    pods = [thing(POD, name, "shop-000") for name in ("a1", "a2", "b1")]
    text = printed(make_report([make_rule("house-rule", check, kind=POD)], pods))

    assert "kubectl label namespace shop-000 old-\n" in text
    assert "likewise" not in text


def test_objects_of_several_namespaces_get_a_command_each() -> None:
    def check(pod: Obj, cluster: Cluster) -> Outcome:
        label = Label(pod.ref, "a", "it's"), Label(pod.ref, "b")
        return Outcome.failed("is odd", remedies=[Remedy("mend it", label)])

    pods = [thing(POD, name, "ns" + name[0]) for name in ("a1", "a2", "b1")]
    text = printed(make_report([make_rule("house-rule", check, kind=POD)], pods))

    assert "kubectl label pod a1 a2 -n nsa 'a=it'\"'\"'s' b- --overwrite\n" in text
    assert "kubectl label pod b1 -n nsb 'a=it'\"'\"'s' b- --overwrite\n" in text


def test_a_remedy_is_told_step_by_step() -> None:
    def check(configuration: Obj, cluster: Cluster) -> Outcome:
        steps = (
            Patch(configuration.ref, {"data": {"mesh": "a: 1"}}),
            Consequence(configuration.ref, {}, "istiod reads it within a minute"),
            Command("restart the workloads, one after the other", "kubectl rollout restart"),
            Command("ask who owns it"),
        )
        return Outcome.failed("is odd", remedies=[Remedy("mend it", steps)])

    rule = make_rule("house-rule", check, kind=CONFIG_MAP)
    text = printed(make_report([rule], [thing(CONFIG_MAP, "istio", "mesh-a")]))

    assert (
        """
  Do:  mend it:
       kubectl patch configmap istio -n mesh-a --type merge -p '{"data": {"mesh": "a: 1"}}'
       istiod reads it within a minute
       restart the workloads, one after the other
         kubectl rollout restart
       ask who owns it
"""
        in text
    )


def test_without_a_remedy_the_page_says_what_to_do() -> None:
    text = printed(make_report([fails(lambda it: "is odd", step=False)], namespaces(1)))

    assert (
        """
  Do:  Choose the owner. Then take the other's labels off:
       - upstream's
       - or SDM's
"""
        in text
    )


def test_alternatives_are_told_apart() -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        ways = [Remedy("first", (Label(namespace.ref, "a"),)), Remedy("second", (Command("ask"),))]
        return Outcome.failed("is odd", remedies=ways)

    text = printed(make_report([make_rule("house-rule", check)], namespaces(1)))

    assert text.index("  Do:  first:\n") < text.index("  Or:  second:\n       ask\n")


def test_the_worst_comes_first_and_a_cause_before_its_effects() -> None:
    def check(severity: Severity) -> Callable[[Any, Cluster], Outcome]:
        return lambda it, cluster: Outcome.failed("is odd", severity=severity)

    rules = [
        make_rule("a-hint", check(Severity.INFO), family="names"),
        make_rule("a-warning", check(Severity.WARNING), family="names"),
        make_rule("b-trust", check(Severity.ERROR), family="trust"),
        make_rule("c-houses", check(Severity.ERROR), family="acme"),
        make_rule("d-revision", check(Severity.ERROR), family="injection"),
        make_rule("e-name", check(Severity.ERROR), family="names"),
        make_rule("f-blind", passes, kind=POD),
        make_rule("g-broken", breaks),
        make_rule("h-fine", passes),
    ]
    heads = [row.split(":")[0] for row in printed(make_report(rules, namespaces(1))).splitlines()]
    order = [head for head in heads if head.split(" ")[0].isupper()]

    assert order == [
        "ERROR e-name",
        "ERROR d-revision",
        "ERROR b-trust",
        "ERROR c-houses",
        "WARNING a-warning",
        "INFO a-hint",
        "BROKEN g-broken",
        "UNKNOWN f-blind",
        "PASSED 1 rule; 0 not applicable. -v names them.",
    ]


def test_what_the_page_says_is_told_once_for_each_rule() -> None:
    rule = fails(lambda it: "is odd", label="n", step=False)
    text = printed(make_report([rule], namespaces(3)))

    assert text.count("ERROR house-rule") == 3
    assert text.count("Why: The Istio CRDs are cluster-wide, so both meshes share one copy.") == 1
    assert text.count("Do:  Choose the owner.") == 1


def test_what_passed_is_named_when_asked_for() -> None:
    rules = [make_rule("house-rule", passes), make_rule("crd-rule", passes, kind=CRD)]
    report = make_report(rules, namespaces(5), listed=[CRD])

    assert "PASSED 1 rule; 1 not applicable. -v names them.\n" in printed(report)
    assert "PASSED house-rule: 5 Namespaces: is as it should be\n" in printed(report, verbose=True)
    assert "NOT APPLICABLE crd-rule: there are no customres" in printed(report, verbose=True)


def test_no_escape_sequence_reaches_the_terminal() -> None:
    name = "\x1b[31m<paste\nthe root\x9bhere>\u202e"

    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        steps = Label(namespace.ref, name, name), Command(name, name)
        return Outcome.failed(name, namespace.label("a"), remedies=[Remedy(name, steps)])

    report = make_report(
        [make_rule("house-rule", check), make_rule("about-pods", passes, kind=POD)],
        [thing(NAMESPACE, name, metadata={"labels": {"a": name}})],
        gaps={POD: (gap(POD, name, name),)},
        remarks=(Remark(name, name),),
        description=name,
        layouts=(name,),
    )
    for verbose in (False, True):
        text = printed(report, verbose=verbose)
        assert [row for row in text.split("\n") if not row.isprintable()] == []
        assert r"\u001b[31m<paste\nthe root\u009bhere>\u202e" in text


def test_many_remarks_are_counted() -> None:
    remarks = tuple(Remark(f"file-{n}", "was not read") for n in range(9))
    report = make_report([make_rule("house-rule", passes)], remarks=remarks)

    assert printed(report).count("Note: ") == 5
    assert "4 more notes like these; -v shows each.\n" in printed(report)
    assert printed(report, verbose=True).count("Note: ") == 9


def test_where_a_field_was_read_is_said_for_each_object() -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        return Outcome.failed("is odd", namespace.at("metadata"), namespace.label("a"))

    text = printed(make_report([make_rule("house-rule", check)], [thing(NAMESPACE, "a", line=7)]))

    assert (
        """
  Namespace a (cluster.yaml:8,10)
    metadata = {"name": "a"}
    metadata.labels.a is absent
"""
        in text
    )


def test_long_steps_are_told_once() -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        steps = Command("write it", "kubectl apply -f " + "x" * 200), Command("ask", "ask it")
        return Outcome.failed("is odd", remedies=[Remedy("mend it", steps)])

    rules = [make_rule(id, check) for id in ("a-rule", "b-rule")]
    report = make_report(rules, namespaces(1))

    assert printed(report).count("x" * 200) == 1
    assert "  Do:  mend it: as above, for a-rule\n" in printed(report)
    assert printed(report, verbose=True).count("x" * 200) == 2


def test_the_same_words_for_several_commands_are_said_once() -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        steps = [Command("restart", f"restart {it}") for it in "ab"]
        return Outcome.failed("is odd", remedies=[Remedy("mend it", (*steps, Command("look")))])

    assert "       restart\n         restart a\n         restart b\n       look\n" in printed(
        make_report([make_rule("house-rule", check)], namespaces(1))
    )
