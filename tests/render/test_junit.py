"""The file a pipeline's list of tests is made from: well-formed, and no count is made up."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.cluster import Cluster
from auditor.kinds import CRD, ENVOY_FILTER, NAMESPACE, POD, Kind
from auditor.objects import Obj
from auditor.outcome import Outcome, Severity
from auditor.render import RENDERERS
from auditor.render.page import Page
from auditor.report import Report, Terms
from auditor.seen import Seen
from tests.house import breaks, make_report, make_rule, passes, thing, two_meshes

SHOP = thing(NAMESPACE, "shop", line=3, metadata={"labels": {"a": "b"}})


def parsed(report: Report) -> ElementTree.Element:
    text = RENDERERS["junit"](report, Page())
    assert text == RENDERERS["junit"](report, Page())
    return ElementTree.fromstring(text.encode())


def fails(severity: Severity) -> Callable[[Obj, Cluster], Outcome]:
    return lambda it, cluster: Outcome.failed("is odd", it.label("a"), severity=severity)


def nothing_to_say() -> Report:
    rules = [make_rule(f"crd-{n}", passes, kind=CRD, family=f"f{n}") for n in range(3)]
    return make_report(rules)


def a_bit_of_everything() -> Report:
    return make_report(
        [
            make_rule("a-error", fails(Severity.ERROR)),
            make_rule("a-warning", fails(Severity.WARNING)),
            make_rule("a-hint", fails(Severity.INFO), family="names"),
            make_rule("b-broken", breaks, family="names"),
            make_rule("c-blind", passes, kind=POD, family="trust"),
            make_rule("d-idle", passes, kind=CRD, family="trust"),
            make_rule("e-fine", passes),
        ],
        [SHOP],
        listed=[NAMESPACE, CRD],
    )


@pytest.mark.parametrize("make", [two_meshes, nothing_to_say, a_bit_of_everything])
def test_counts_equal_the_children(make: Callable[[], Report]) -> None:
    report = make()
    suites = parsed(report)

    assert len(suites) == len({result.rule.family for result in report.results})
    for element in (suites, *suites):
        cases = list(element.iter("testcase"))
        assert cases
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element is not suites or tag != "skipped":
                assert int(element.attrib[count]) == len(list(element.iter(tag)))
        assert int(element.attrib["tests"]) == len(cases)
    assert len(list(suites.iter("testcase"))) == len(list(report.outcomes()))


@pytest.mark.parametrize("make", [two_meshes, nothing_to_say, a_bit_of_everything])
def test_nothing_is_timed_dated_or_named_twice(make: Callable[[], Report]) -> None:
    suites = parsed(make())
    names = [(case.attrib["classname"], case.attrib["name"]) for case in suites.iter("testcase")]

    assert len(set(names)) == len(names)
    for element in suites.iter():
        assert not {"timestamp", "hostname"} & element.attrib.keys()
        assert "." in element.attrib.get("time", "0.0")
        assert float(element.attrib.get("time", "0.0")) >= 0


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        (Severity.ERROR, {"a-error"}),
        (Severity.WARNING, {"a-error", "a-warning"}),
        (Severity.INFO, {"a-error", "a-warning", "a-hint"}),
        (None, set()),
    ],
)
def test_what_is_below_the_threshold_passes_and_is_told(
    fail_on: Severity | None, failing: set[str]
) -> None:
    report = a_bit_of_everything()
    report = make_report(
        [result.rule for result in report.results],
        [SHOP],
        listed=[NAMESPACE, CRD],
        terms=Terms(fail_on),
    )
    found: dict[str, str] = {}
    for case in parsed(report).iter("testcase"):
        rule = case.attrib["classname"].split(".")[1]
        found[rule] = " ".join(child.tag for child in case)

    below = {"a-error", "a-warning", "a-hint"} - failing
    assert found == {
        **dict.fromkeys(failing, "failure"),
        **dict.fromkeys(below, "system-out"),
        "b-broken": "error",
        "c-blind": "skipped",
        "d-idle": "skipped",
        "e-fine": "",
    }


def test_a_case_says_what_is_wrong_where_why_and_what_to_do() -> None:
    suites = parsed(a_bit_of_everything())
    failure = next(suites.iter("failure"))

    assert [suite.attrib["name"] for suite in suites] == ["names", "injection", "trust"]
    assert failure.attrib == {"type": "error", "message": "error: is odd"}
    assert (
        failure.text
        == """\
  Namespace shop (cluster.yaml:6)
    metadata.labels.a = "b"
  Why: The Istio CRDs are cluster-wide, so both meshes share one copy.
  Do:  Choose the owner. Then take the other's labels off:
       - upstream's
       - or SDM's
"""
    )
    skipped = [each.attrib["message"] for each in suites.iter("skipped")]
    assert skipped == [
        "unknown: there may be more: not seen: pods: not collected",
        "not-applicable: there are no customresourcedefinitions",
    ]
    assert next(each.text for each in suites.iter("skipped")) == (
        "  not seen: pods: not collected\n  to tell: kubectl get pods -A -o yaml\n"
    )


def test_two_kinds_of_one_name_stay_apart() -> None:
    other = Kind("example.org", "EnvoyFilter", "envoyfilters")

    def over(cluster: Cluster) -> Seen[Obj]:
        return cluster[ENVOY_FILTER] + cluster[other]

    rule = make_rule("house-rule", passes, over=over, reads=[ENVOY_FILTER, other])
    things = [thing(kind, "a", "shop") for kind in (ENVOY_FILTER, other)]
    names = [case.attrib["name"] for case in parsed(make_report([rule], things)).iter("testcase")]

    assert names == ["EnvoyFilter shop/a", "EnvoyFilter shop/a (example.org)"]


@given(st.text(st.characters(), max_size=20))
def test_any_character_of_the_input_leaves_the_file_well_formed(text: str) -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        return Outcome.failed(f"found {text}", namespace.label("a"))

    shop = thing(NAMESPACE, "shop", metadata={"labels": {"a": text}})
    suites = parsed(make_report([make_rule("house-rule", check)], [shop]))

    assert next(suites.iter("failure")).attrib["message"].startswith("error: found ")


def test_an_escape_character_is_seen() -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        return Outcome.failed("\x1b[31mred\x00\ufffe\ud800")

    suites = parsed(make_report([make_rule("house-rule", check)], [SHOP]))

    assert next(suites.iter("failure")).attrib["message"] == (
        r"error: \u001b[31mred\u0000\ufffe\ud800"
    )
