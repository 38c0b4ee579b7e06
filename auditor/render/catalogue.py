"""The rules and their pages, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.cluster import kinds_of
from auditor.render.order import acting_order
from auditor.render.page import Line, Page, Tone, paint, paragraphs
from auditor.rule import SECTIONS, Rule

HEADERS = ("Rule", "Family", "Severity")
TITLE = "Holds when it passes"
NARROWEST = 24
"""How narrow the titles may get beside the other columns before they go below them."""


def rule_table(rules: Sequence[Rule], page: Page) -> str:
    """A row for each rule, those of a family together; titles wrapped to the terminal."""
    rules = sorted(rules, key=acting_order)
    rows = [[rule.id, rule.family, str(rule.severity)] for rule in rules]
    widths = [max(map(len, column)) + 1 for column in zip(HEADERS, *rows)]
    beside = sum(widths) + len(widths)
    if page.width and page.width - beside < NARROWEST:
        return paint(_listed(rules), page)

    def line(cells: Sequence[str], title: str) -> Line:
        first = " ".join(cell.ljust(width) for cell, width in zip(cells, widths))
        return Line(title, 0, first, Tone.PLAIN, hang=beside)

    dashes = ["-" * (width - 1) for width in widths]
    lines = [line(row, rule.title) for row, rule in zip(rows, rules)]
    return paint([line(HEADERS, TITLE), line(dashes, "-" * len(TITLE)), *lines], page)


def _listed(rules: Sequence[Rule]) -> Iterator[Line]:
    for rule in rules:
        yield Line(f"({rule.family}, {rule.severity})", label=rule.id)
        yield Line(rule.title, 2, hang=0)


def rule_page(rule: Rule, page: Page) -> str:
    """All that a rule's page says."""
    return paint(_page(rule), page)


def _page(rule: Rule) -> Iterator[Line]:
    yield Line(rule.title, label=f"{rule.id}:")
    yield Line(f"family {rule.family}, severity {rule.severity}", 2)
    reads = ", ".join(str(kind) for kind in kinds_of(rule.reads))
    yield Line(f"reads {reads}", 2, hang=6)
    for section in SECTIONS:
        yield Line()
        yield Line(label=section)
        yield from paragraphs(rule.page[section], 2)
    yield Line()
    yield Line(label="References")
    yield from (Line(reference, 2, fixed=True) for reference in rule.references)
