"""The report for a pipeline's list of tests, as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from junit_xml import TestCase, TestSuite, to_xml_report_string

from auditor.engine import Result
from auditor.objects import Ref
from auditor.outcome import Outcome, Verdict
from auditor.render.alike import Finding
from auditor.render.block import first_sentence
from auditor.render.document import told_moment
from auditor.render.evidence import quoted_fields
from auditor.render.names import subject
from auditor.render.order import acting_order
from auditor.render.page import Line, Page, paint
from auditor.render.steps import what_to_do
from auditor.report import Report, Terms
from auditor.visible import visible

WHOLE = "the whole"
"""The name of a case that is about no one subject."""


class Suite(TestSuite):  # type: ignore[misc]  # junit-xml comes without types
    """A suite without times: nothing was timed, and the same report gives the same bytes."""

    def build_xml_doc(self, encoding: str | None = None) -> Element:
        element: Element = super().build_xml_doc(encoding)
        del element.attrib["time"]
        return element


def junit(report: Report, page: Page) -> str:  # noqa: ARG001, a renderer is given a page
    """A suite for each family of rules, with a case for each rule and subject.

    What is unknown or not applicable is skipped and says why: neither was shown to be well.
    """
    results = sorted(report.results, key=lambda result: acting_order(result.rule))
    told = _told(report)
    suites = [
        Suite(
            family,
            [case for result in same for case in _cases(result, report.terms)],
            properties=told,
        )
        for family, same in groupby(results, key=lambda result: result.rule.family)
    ]
    text: str = to_xml_report_string(suites, encoding="utf-8")
    return text


def _told(report: Report) -> dict[str, str]:
    """What a reader of any of the suites must know: of which cluster, judged as of when."""
    cluster = {"cluster": visible(report.snapshot.cluster)} if report.snapshot.cluster else {}
    moment = told_moment(report.moment)
    return {**cluster, "validity-judged-as-of": moment.get("at", f"the {moment['told_by']}")}


def _cases(result: Result, terms: Terms) -> Iterator[TestCase]:
    taken: set[str] = set()
    for ref, outcome in result.outcomes.items():
        name = visible(subject(ref) or WHOLE)
        if ref and name in taken:  # of two API groups that share a kind
            name = f"{name} ({visible(ref.group)})"
        taken.add(name)
        case = TestCase(name, classname=f"{result.rule.family}.{result.rule.id}")
        _conclude(case, result, ref, outcome, terms)
        yield case


def _conclude(
    case: TestCase, result: Result, ref: Ref | None, outcome: Outcome, terms: Terms
) -> None:
    severity = result.severity(outcome)
    message = visible(outcome.message)
    body = paint(_body(Finding(result.rule, severity, ((ref, outcome),))), Page())
    if outcome.verdict is Verdict.FAIL and terms.counts(severity):
        case.add_failure_info(f"{severity}: {message}", body, str(severity))
    elif outcome.verdict is Verdict.FAIL:
        case.stdout = f"{severity}, below the threshold: {message}\n{body}"
    elif outcome.verdict is Verdict.ERROR:
        case.add_error_info(f"the rule is at fault: {message}", body, "broken-rule")
    elif outcome.verdict is not Verdict.PASS:
        unseen = "; ".join(visible(str(gap)) for gap in outcome.gaps)
        unseen = f"not seen: {unseen}" if unseen else ""
        said = ": ".join(filter(None, (str(outcome.verdict), message, unseen)))
        case.add_skipped_info(said, body)


def _body(finding: Finding) -> Iterator[Line]:
    """What stands in an element: the evidence, why it matters and what to do."""
    outcome = finding.first
    yield from quoted_fields(outcome.evidence, 2)
    for gap in outcome.gaps:
        yield Line(f"not seen: {gap}", 2)
        if gap.get:
            yield Line(f"to tell: {gap.get}", 2)
    if outcome.verdict is Verdict.FAIL:
        yield Line(first_sentence(finding.rule.page["Why"]), 2, "Why:")
        yield from what_to_do(finding)
