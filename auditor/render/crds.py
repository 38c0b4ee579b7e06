"""What a mesh of one release meets on the CRDs of another, as a person and a script read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.facts.changes import Change, Impact
from auditor.render.names import number
from auditor.render.page import Line, Page, Tone, paint

STOPS = frozenset(("read_version_unserved", "kind_changed", "scope_changed"))
"""Changes with which a control plane never becomes ready."""
BY_VALUE = frozenset(("required_added",))
"""Changes that refuse an object or not by what it holds."""

HEADINGS: Mapping[Impact, tuple[str, Tone]] = {
    Impact.BREAKING: ("refused or not there", Tone.ERROR),
    Impact.LOSSY: ("dropped without a word", Tone.WARNING),
    Impact.TIGHTENED: ("refused or not, by what an object holds", Tone.UNKNOWN),
    Impact.ADDITIVE: ("new or allowed in addition", Tone.GOOD),
    Impact.NOTICE: ("harmless as such", Tone.INFO),
}
MILD = (Impact.ADDITIVE, Impact.NOTICE)
SCHEMA = "mesh-auditor/crds/v1"


@dataclass(frozen=True)
class Comparison:
    """What a mesh of one side meets on the other, and what could not be compared."""

    ours: str
    """Whose mesh it is, in words."""
    theirs: str
    """Whose CRDs they are, in words."""
    changes: tuple[Change, ...]
    untold: tuple[str, ...]
    facts: str
    """The day of the facts."""

    @property
    def verdict(self) -> str:
        """The answer in one word of `stops`, `loses`, `depends`, `compatible` and `unknown`."""
        impacts = {impact_of(change) for change in self.changes}
        if any(change.what in STOPS for change in self.changes):
            return "stops"
        if impacts & {Impact.BREAKING, Impact.LOSSY}:
            return "loses"
        if self.untold:
            return "unknown"
        return "depends" if Impact.TIGHTENED in impacts else "compatible"


WORDS = {
    "stops": "it cannot run on them",
    "loses": "it runs, and loses what is listed",
    "depends": "it loses nothing; whether each of its objects is taken depends on what it holds",
    "compatible": "it loses nothing",
    "unknown": "nothing is lost as far as could be compared",
}


def impact_of(change: Change) -> Impact:
    """How much a change costs, as it is told here."""
    return Impact.TIGHTENED if change.what in BY_VALUE else change.impact


def comparison_text(comparison: Comparison, page: Page) -> str:
    """The comparison for a person, the worst first."""
    return paint(_lines(comparison, page), page)


def _lines(comparison: Comparison, page: Page) -> Iterator[Line]:
    yield Line(f"A mesh of {comparison.ours} on the CRDs of {comparison.theirs}:", 0)
    yield Line(f"{WORDS[comparison.verdict]} (facts of {comparison.facts}).", 0)
    for impact, (heading, tone) in HEADINGS.items():
        found = [it for it in comparison.changes if impact_of(it) is impact]
        if found and (impact not in MILD or page.verbose):
            yield Line()
            yield Line(f"({number(len(found), 'change')})", 0, heading.capitalize(), tone)
            yield from _by_crd(found)
    mild = [it for it in comparison.changes if impact_of(it) in MILD]
    if mild and not page.verbose:
        yield Line()
        yield Line(f"{number(len(mild), 'change')} more cost nothing; -v lists them.")
    if comparison.untold:
        yield Line()
        yield Line("", 0, "Not compared", Tone.UNKNOWN)
        yield from (Line(it, 2) for it in comparison.untold)


def _by_crd(changes: Iterable[Change]) -> Iterator[Line]:
    before = ""
    for change in changes:
        if change.crd != before:
            yield Line(change.crd, 2)
        before = change.crd
        yield Line(_words(change), 4)


def _words(change: Change) -> str:
    """A change on one line, its CRD being known."""
    versions = " and ".join(change.versions)
    if change.what == "read_version_unserved":
        return f"version {versions}, which it reads, is not served"
    if change.what == "version_unserved":
        return f"version {versions} is not served"
    if change.what == "enum_value_removed":
        return f"{change.path}: no {str(change.old).replace('|', ', no ')}"
    if change.what == "field_removed":
        below = change.old - 1 if isinstance(change.old, int) else 0
        return change.path + (f", with {number(below, 'field')} below it" if below else "")
    values = [f"{word} {it}" for word, it in (("was", change.old), ("is", change.new)) if it]
    what = change.what.replace("_", " ")
    return ", ".join([f"{change.path}: {what}" if change.path else what, *values])


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison for a script."""
    return {
        "schema": SCHEMA,
        "from": comparison.ours,
        "to": comparison.theirs,
        "facts": {"date": comparison.facts},
        "verdict": comparison.verdict,
        "changes": [
            {
                "crd": it.crd,
                "what": it.what,
                "impact": str(it.impact),
                "path": it.path,
                "versions": list(it.versions),
                "old": it.old,
                "new": it.new,
            }
            for it in comparison.changes
        ],
        "not_compared": list(comparison.untold),
    }
