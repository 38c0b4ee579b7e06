"""What a live audit reads of Secrets tells the rules as much as a dump of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from auditor.cluster import kinds_of
from auditor.engine import Result, audit
from auditor.kinds import DEPLOYMENT, HELM_RELEASES, POD, SECRET, Kind
from auditor.models.istiod import is_istiod
from auditor.packs import load
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from auditor.sources.fixture import read_fixture
from auditor.sources.live import Settings, running
from auditor.sources.live.rights import TRUST
from auditor.sources.live.secrets import beside
from auditor.testing import jumps

RULES = tuple(rule for rule in load() if SECRET in kinds_of(rule.reads))
FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"


def cases() -> Iterator[tuple[Path, Snapshot]]:
    """The cases of rules that read Secrets, in which all that tells of them was seen."""
    whole: tuple[Kind, ...] = (SECRET, DEPLOYMENT, POD)
    for case in sorted(it for rule in RULES for it in (FIXTURES / rule.id).glob("*.yaml")):
        snapshot = read_fixture(case)
        if not any(snapshot.seen(kind).gaps for kind in whole):
            yield case, snapshot


CASES = dict(cases())
OF_SECRETS = {case: it for case, it in CASES.items() if it.seen(SECRET).so_far}


def read_live(snapshot: Snapshot, settings: Settings) -> Snapshot:
    """The same cluster, had it been read over its API."""
    planes = running(is_istiod)(snapshot)
    read = sorted({it.namespace for it in planes.so_far})
    secrets = tuple(
        it
        for it in snapshot.seen(SECRET).so_far
        if (it.name in TRUST and it.namespace in read)
        or (settings.helm_releases and fnmatchcase(it.name, HELM_RELEASES))
    )
    seen = Seen(secrets, tuple(beside(planes, read, settings)))
    return replace(snapshot, kinds={**snapshot.kinds, SECRET: seen})


def audits(case: Path, settings: Settings) -> Iterator[tuple[Result, Result]]:
    """What each rule says of the dump and of the live cluster."""
    before = audit(RULES, CASES[case])
    return zip(before, audit(RULES, read_live(CASES[case], settings)), strict=True)


def test_there_are_cases_that_show_it() -> None:
    assert len(OF_SECRETS) > 10


@pytest.mark.parametrize("case", OF_SECRETS, ids=lambda it: f"{it.parent.name}/{it.stem}")
def test_with_the_releases_of_helm_it_comes_to_the_same(case: Path) -> None:
    for whole, live in audits(case, Settings(helm_releases=True)):
        assert live.outcomes == whole.outcomes


@pytest.mark.parametrize("case", CASES, ids=lambda it: f"{it.parent.name}/{it.stem}")
def test_without_them_only_what_needs_one_is_unknown(case: Path) -> None:
    for whole, live in audits(case, Settings()):
        assert jumps(whole, live) == []
        for about, outcome in live.outcomes.items():
            if outcome != whole.outcomes[about]:
                assert "--helm-releases" in [gap.get for gap in outcome.gaps]
