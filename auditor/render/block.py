"""A finding as a person reads it: what is wrong, where, why it matters, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.outcome import Severity
from auditor.render.alike import Finding, by_rule
from auditor.render.evidence import quoted_fields
from auditor.render.names import counted, listed, name, plural, subject
from auditor.render.page import Line, Tone
from auditor.render.steps import Told, what_to_do

WHOLE = 3
"""How many findings of one rule are shown whole, where they are not alike."""

TONES = {Severity.ERROR: Tone.ERROR, Severity.WARNING: Tone.WARNING, Severity.INFO: Tone.INFO}


def blocks(found: Iterable[Finding], apart: bool) -> Iterator[Line]:
    """Each finding whole; of a rule with many that differ, the first ones and the others' names."""
    above: Told | None = None if apart else {}
    for same in by_rule(found):
        shown = same if apart else same[: WHOLE if len(same) > WHOLE + 1 else len(same)]
        for finding in shown:
            yield from block(finding, finding is same[0], above)
            yield Line()
        if rest := same[len(shown) :]:
            yield _others(rest)
            yield Line()


def block(finding: Finding, with_why: bool, above: Told | None) -> Iterator[Line]:
    """One finding. What the rule's page says of it is told once for each rule, and what to do is
    not told again where it stands above.
    """
    yield heading(str(finding.severity).upper(), TONES[finding.severity], finding)
    yield from _first_of_many(finding)
    yield from quoted_fields(finding.first.evidence, 2)
    yield from _alike(finding)
    if with_why:
        yield Line(first_sentence(finding.rule.page["Why"]), 2, "Why:", hang=5)
    if with_why or finding.first.remedies:
        yield from what_to_do(finding, above)


def heading(label: str, tone: Tone, finding: Finding) -> Line:
    """The first line: how bad, which rule, who, and what is the matter."""
    who = counted(finding.refs) if finding.refs else ""
    parts = (finding.rule.id, who, finding.first.message)
    return Line(": ".join(filter(None, parts)), 0, label, tone, hang=6)


def _first_of_many(finding: Finding) -> Iterator[Line]:
    """Of several subjects the one whose evidence follows, where that does not name it."""
    evidence = finding.first.evidence
    if len(finding.refs) > 1 and (not evidence or evidence[0].ref != finding.refs[0]):
        yield Line(f"{subject(finding.refs[0])}:", 2)


def _alike(finding: Finding) -> Iterator[Line]:
    others = [name(ref) for ref in finding.refs[1:]]
    if others:
        yield Line(f"alike: {listed(others)}", 2, hang=7)


def _others(rest: list[Finding]) -> Line:
    """The findings of a rule that are only named. Of the whole there is but one finding."""
    first = rest[0]
    refs = [ref for finding in rest for ref in finding.refs]
    kinds = {ref.kind for ref in refs}
    noun = plural(refs[0]) if len(kinds) == 1 else "findings"
    names = listed([name(ref) for ref in refs])
    said = f"{first.rule.id}: {len(refs)} more {noun}, each in its own way: {names}; -v shows each"
    return Line(said, 0, str(first.severity).upper(), TONES[first.severity])


def first_sentence(text: str) -> str:
    """The first sentence of a page's section."""
    flowing = " ".join(text.split())
    found = re.match(r".+?[.!?](?=\s+[^a-z\s]|$)", flowing)
    return found[0] if found else flowing
