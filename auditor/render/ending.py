"""The last lines of a report: what it comes to, what it could not look at, how it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from auditor.outcome import Severity, Verdict
from auditor.render.names import listed, number
from auditor.render.page import Line, Page, Tone
from auditor.render.unknown import reasons
from auditor.report import Report
from auditor.seen import ALL

REMARKS = 5
"""How many remarks about the sources are shown."""

FOUND = {
    Severity.ERROR: "errors",
    Severity.WARNING: "errors or warnings",
    Severity.INFO: "errors, warnings or what is worth knowing",
}
"""What makes an audit fail, by the threshold."""


def ending(report: Report, page: Page) -> Iterator[Line]:
    """The summary, the blind spots, and the exit code in words as the last line."""
    yield Line(summary(report))
    yield from not_listed(report)
    yield from remarks(report, page)
    code = report.exit_code
    yield Line(exit_words(report), 0, f"Exit {code}:", Tone.ERROR if code else Tone.GOOD)


def summary(report: Report) -> str:
    """How many rules came to which verdict, each counted once, by its worst."""
    verdicts = Counter(result.verdict for result in report.results)
    failed = failures(report)
    parts = [
        number(failed[Severity.ERROR], "error"),
        number(failed[Severity.WARNING], "warning"),
        *([f"{failed[Severity.INFO]} for information"] if failed[Severity.INFO] else []),
        f"{verdicts[Verdict.UNKNOWN]} unknown",
        *([f"{verdicts[Verdict.ERROR]} broken"] if verdicts[Verdict.ERROR] else []),
        f"{verdicts[Verdict.PASS]} passed",
        f"{verdicts[Verdict.NOT_APPLICABLE]} not applicable",
    ]
    said = f"{number(len(report.results), 'rule')}: {', '.join(parts)}."
    if partly := _partly_unknown(report):
        said += f" Of the failed, {partly} could not tell for all subjects."
    return said


def failures(report: Report) -> Counter[Severity]:
    """How many rules failed, by the worst severity that each found."""
    failed: Counter[Severity] = Counter()
    for result in report.results:
        if result.verdict is Verdict.FAIL:
            found = [it for it in result.outcomes.values() if it.verdict is Verdict.FAIL]
            failed[max(map(result.severity, found))] += 1
    return failed


def _partly_unknown(report: Report) -> int:
    return sum(
        result.verdict is Verdict.FAIL
        and any(it.verdict is Verdict.UNKNOWN for it in result.outcomes.values())
        for result in report.results
    )


def not_listed(report: Report) -> Iterator[Line]:
    """The kinds that were not listed, or not in all namespaces, and how the others were."""
    snapshot = report.snapshot
    gaps = dict.fromkeys(gap for kind in report.kinds for gap in snapshot.unanswered(kind))
    if gaps:
        said = "; ".join(f"{what} ({why})" for what, why in reasons(gaps))
        yield Line(f"{said}.", 0, "Not listed:", Tone.STRONG)
    whole = (kind for kind in report.kinds if not snapshot.unanswered(kind))
    assumed = [str(kind) for kind in whole if kind in snapshot.assumed]
    if assumed:
        said = f"{', '.join(assumed)}: these lay loose, and were taken for all there are."
        yield Line(said, 0, "Taken for complete:", Tone.STRONG)
    for kind in report.kinds:
        for asked in snapshot.looked_for(kind):
            said = f"{listed(asked.names, len(asked.names))} of {kind}{_where(asked.namespaces)}."
            yield Line(said, 0, "Looked for by name:", Tone.STRONG)


def _where(namespaces: Sequence[str]) -> str:
    if not namespaces:
        return ", in no namespace"
    return "" if ALL in namespaces else f", in {listed(namespaces)}"


def remarks(report: Report, page: Page) -> Iterator[Line]:
    """What else a reader must know of the sources: files not read, objects that differ."""
    all_of_them = report.snapshot.remarks
    shown = all_of_them if page.verbose else all_of_them[:REMARKS]
    for remark in shown:
        yield Line(f"{remark.where}: {remark.what}", 0, "Note:", Tone.STRONG)
    if rest := len(all_of_them) - len(shown):
        yield Line(f"{number(rest, 'more note')} like these; -v shows each.")


def exit_words(report: Report) -> str:
    """Why the exit code is what it is, and what that means for who waits for it."""
    counted = dict.fromkeys(Verdict, 0)
    below = dict(counted)
    for result in report.results:
        for verdict in Verdict:
            found = [it for it in result.outcomes.values() if it.verdict is verdict]
            if any(report.terms.counts(result.severity(it)) for it in found):
                counted[verdict] += 1
            elif found:
                below[verdict] += 1
    if report.exit_code == 1:
        rules = number(counted[Verdict.FAIL], "rule")
        return f"do not go on yet, {rules} found {FOUND[report.terms.fail_on or Severity.INFO]}."
    if not report.evaluated:
        return "nothing was evaluated, so nothing is known."
    if report.exit_code == 3:
        untold = _untold(counted, report.terms.allow_unknown)
        return f"it is not known whether you can go on, {untold}."
    return _clear(report, counted, below)


def _untold(counted: dict[Verdict, int], allow_unknown: bool) -> str:
    said = []
    if count := counted[Verdict.UNKNOWN] * (not allow_unknown):
        said.append(f"{number(count, 'rule')} could not tell")
    if count := counted[Verdict.ERROR]:
        said.append(f"{number(count, 'rule')} broke")
    return listed(said)


def _clear(report: Report, counted: dict[Verdict, int], below: dict[Verdict, int]) -> str:
    """That nothing stands in the way, and whatever was not counted for it."""
    terms = report.terms
    words = {Verdict.FAIL: "failed", Verdict.UNKNOWN: "unknown", Verdict.ERROR: "broken"}
    left_out = [f"{below[verdict]} {word}" for verdict, word in words.items() if below[verdict]]
    said = []
    if left_out:
        threshold = "never" if terms.fail_on is None else str(terms.fail_on)
        said.append(f"{listed(left_out)} (--fail-on {threshold})")
    if counted[Verdict.UNKNOWN]:
        said.append(f"{counted[Verdict.UNKNOWN]} unknown (--allow-unknown)")
    if said:
        return f"nothing that counts stands in the way. Not counted: {'; '.join(said)}."
    return "no rule found anything that stands in the way."
