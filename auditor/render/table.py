"""The report as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from auditor.outcome import Verdict
from auditor.render.alike import findings
from auditor.render.block import blocks, heading
from auditor.render.ending import ending
from auditor.render.mesh_table import mesh_table, notes
from auditor.render.names import number
from auditor.render.page import Line, Page, Tone, paint
from auditor.render.unknown import broken, reasons, unknowns
from auditor.report import Report, ToldBy

TOLD_BY = {
    ToldBy.OPTION: "as --now says",
    ToldBy.SOURCE: "when it was taken",
    ToldBy.CLOCK: "by the clock: nothing tells when it was taken",
}
"""Why validity is judged at just that moment."""


def table(report: Report, page: Page) -> str:
    """The whole report, in the order in which a person acts on it."""
    return paint(_lines(report, page), page)


def _lines(report: Report, page: Page) -> Iterator[Line]:
    yield from head(report)
    yield Line()
    yield from mesh_table(report.inventory, page)
    yield from notes(report.inventory)
    yield from hidden(report)
    yield Line()
    yield from blocks(findings(report, Verdict.FAIL, page.verbose), page.verbose)
    yield from broken(report, page)
    yield from unknowns(report, page)
    yield from _fine(report, page)
    yield from ending(report, page)


def head(report: Report) -> Iterator[Line]:
    """What was audited, how much of it could be looked at, and when validity was judged at."""
    yield _source(report)
    at = f"{report.moment.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield Line(f"Validity is judged as of {at}, {TOLD_BY[report.moment.told_by]}.")


def _source(report: Report) -> Line:
    snapshot = report.snapshot
    said = [", ".join(snapshot.layouts)] if snapshot.layouts else []
    if snapshot.time:
        said.append(f"taken {snapshot.time.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    if snapshot.cluster:
        said.append(f"of cluster {snapshot.cluster}")
    listed = sum(not snapshot.unanswered(kind) for kind in report.kinds)
    missing = len(report.kinds) - listed
    coverage = f"{number(listed, 'kind')} listed"
    coverage += f", {missing} not or not whole (named at the end)" if missing else ""
    head = ": ".join(filter(None, (snapshot.description, ", ".join(said))))
    return Line(f"{head}. {coverage}." if head else f"{coverage}.")


def hidden(report: Report) -> Iterator[Line]:
    """What could hide another mesh."""
    said = "; ".join(f"{what} ({why})" for what, why in reasons(report.inventory.gaps))
    if said:
        yield Line(f"not seen: {said}.", 0, "Another mesh may be hidden:", Tone.UNKNOWN)


def _fine(report: Report, page: Page) -> Iterator[Line]:
    """One line for what passed; when asked for, what was concluded and of how many."""
    verdicts = [result.verdict for result in report.results]
    passed, idle = verdicts.count(Verdict.PASS), verdicts.count(Verdict.NOT_APPLICABLE)
    if page.verbose:
        for verdict, label, tone in (
            (Verdict.PASS, "PASSED", Tone.GOOD),
            (Verdict.NOT_APPLICABLE, "NOT APPLICABLE", Tone.FAINT),
        ):
            found = findings(report, verdict)
            yield from (heading(label, tone, finding) for finding in found)
            yield from [Line()] if found else []
    elif passed or idle:
        rules = f"{number(passed, 'rule')}; {idle} not applicable. -v names them."
        yield Line(rules, 0, "PASSED", Tone.GOOD)
        yield Line()
