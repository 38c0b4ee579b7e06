"""Whoever is told that something is wrong is told what to do about it."""

from __future__ import annotations

from auditor.outcome import Severity

from .findings import PLACES, RULES, every_place, findings


@every_place
def test_no_error_is_without_a_remedy(place: str) -> None:
    """No exception is known. Of milder findings some leave it to the page of their rule."""
    errors = [it for it in findings(place) if it.severity is Severity.ERROR]
    found = [str(it) for it in errors if not it.remedies]

    assert not found, "\n".join(found)


@every_place
def test_each_remedy_has_a_title_and_steps_in_words(place: str) -> None:
    found = [
        f"{finding}: {remedy.title or 'no title'}"
        for finding in findings(place)
        for remedy in finding.remedies
        if not remedy.title or not remedy.steps or not all(it.text for it in remedy.steps)
    ]

    assert not found, "\n".join(found)


def test_where_there_is_no_remedy_the_page_of_the_rule_advises() -> None:
    silent = {it.rule for place in PLACES for it in findings(place) if not it.remedies}

    assert silent
    assert all(RULES[rule].page["Fix"] for rule in silent)
