"""What a mesh meets on the CRDs of another release, against a second computation."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.facts.changes import IMPACT_OF, Change, Impact, loses, worst
from auditor.facts.crds import (
    changes,
    compatible,
    crd_names,
    lossless,
    releases_shipping,
    shipped_by,
)
from auditor.facts.files import facts
from auditor.facts.releases import Release, releases

EXPECTED = json.loads(
    (Path(__file__).parents[1] / "data" / "istio-crd-changes.json").read_text(encoding="utf-8")
)
MINORS: dict[str, str] = EXPECTED["minors"]
FIRST_OF_SNAPSHOT = {it.snapshot: it for it in reversed([*releases().values()])}


def release(number: str) -> Release:
    return releases()[number]


@cache
def met(from_minor: str, to_minor: str) -> tuple[Change, ...]:
    return changes(release(MINORS[from_minor]), release(MINORS[to_minor]))


def row(change: Change) -> list[Any]:
    """A change as a row of the expected data, where `*` stands for all versions."""
    versions = "*" if change.path else "|".join(change.versions)
    columns = [change.what, change.path, versions, change.old, change.new]
    while columns[-1] in (None, "", "*"):
        columns.pop()
    return columns


@pytest.mark.parametrize("from_minor", MINORS)
def test_the_changes_of_every_pair_of_minors_are_as_many(from_minor: str) -> None:
    expected = EXPECTED["counts"][list(MINORS).index(from_minor)]
    for to_minor, counts in zip(MINORS, expected, strict=True):
        found = Counter(change.impact for change in met(from_minor, to_minor))
        assert [found[Impact(name)] for name in EXPECTED["severities"]] == counts, to_minor


@pytest.mark.parametrize("pair", EXPECTED["pairs"], ids=lambda pair: f"{pair['from']}-{pair['to']}")
def test_the_changes_of_a_pair_are_the_same(pair: dict[str, Any]) -> None:
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for change in changes(release(pair["from"]), release(pair["to"])):
        found[change.impact][change.crd].append(row(change))
    told = [impact for impact in ("breaking", "lossy", "tightened") if impact in pair]
    for impact in told:
        expected = {crd: sorted(rows, key=str) for crd, rows in pair[impact].items()}
        assert {crd: sorted(rows, key=str) for crd, rows in found[impact].items()} == expected


@pytest.mark.parametrize("from_minor", MINORS)
def test_what_is_lossless_compatible_and_readable(from_minor: str) -> None:
    others = [minor for minor in MINORS if minor != from_minor]
    pairs = {minor: met(from_minor, minor) for minor in others}
    harmless = (None, Impact.ADDITIVE, Impact.NOTICE)
    assert [it for it in others if not loses(pairs[it])] == EXPECTED["lossless"][from_minor]
    assert [it for it in others if worst(pairs[it]) in harmless] == EXPECTED["compatible"][
        from_minor
    ]
    unreadable = [it for it in others if any(c.what == "read_version_unserved" for c in pairs[it])]
    assert unreadable == EXPECTED["unreadable"][from_minor]


def test_a_control_plane_is_judged_by_the_kinds_it_reads() -> None:
    newer, older = release("1.22.8"), release("1.24.6")
    told = [it for it in changes(newer, older) if it.crd == "istiooperators.install.istio.io"]
    assert [(it.what, it.read) for it in told] == [("crd_missing", False)]
    assert all(it.read for it in changes(newer, older) if it.what == "field_removed")


def test_the_newer_release_has_what_the_older_one_reads() -> None:
    assert lossless(release("1.11.8"), release("1.13.9"))
    assert compatible(release("1.11.8"), release("1.13.9"))
    assert not lossless(release("1.13.9"), release("1.11.8"))
    assert lossless(release("1.26.8"), release("1.29.6"))
    assert not compatible(release("1.26.8"), release("1.29.6"))


@pytest.mark.parametrize("listed", FIRST_OF_SNAPSHOT.values(), ids=str)
def test_a_mesh_on_its_own_crds_meets_nothing(listed: Release) -> None:
    assert changes(listed, listed) == ()


def test_releases_of_a_snapshot_have_the_same_crds() -> None:
    assert release("1.17.8").snapshot == release("1.18.0").snapshot
    assert changes(release("1.17.8"), release("1.18.0")) == ()


@pytest.mark.parametrize("listed", FIRST_OF_SNAPSHOT.values(), ids=str)
def test_the_fingerprints_of_the_facts_are_those_of_their_schemas(listed: Release) -> None:
    for name, crd in shipped_by(listed).items():
        known = facts("istio-crds")["crds"][name]["fingerprints"]
        assert {version.schema.fingerprint for version in crd.versions.values()} <= known.keys()


@pytest.mark.parametrize("listed", FIRST_OF_SNAPSHOT.values(), ids=str)
def test_a_control_plane_reads_what_its_own_crds_serve(listed: Release) -> None:
    crds = shipped_by(listed)
    assert all(crd.read_as in crd.served for crd in crds.values() if crd.read_as)
    unread = {name for name, crd in crds.items() if crd.read_as is None}
    assert unread <= {"istiooperators.install.istio.io"}
    assert all(crd.stored_as is not None for crd in crds.values())


def test_which_version_a_control_plane_reads() -> None:
    name = "virtualservices.networking.istio.io"
    assert shipped_by(release("1.15.3"))[name].read_as == "v1alpha3"
    assert shipped_by(release("1.24.0"))[name].read_as == "v1"
    assert shipped_by(release("1.15.3"))[name].served == ("v1alpha3", "v1beta1")


def test_which_releases_ship_a_crd() -> None:
    shipping = releases_shipping("trafficextensions.extensions.istio.io")
    assert [it.number for it in shipping] == ["1.30.0", "1.30.1", "1.30.2", "1.30.3"]
    assert releases_shipping("virtualservices.networking.istio.io") == tuple(releases().values())
    assert releases_shipping("gateways.gateway.networking.k8s.io") == ()
    assert all(releases_shipping(name) for name in crd_names())


def test_every_kind_of_change_has_the_impact_of_the_expected_data() -> None:
    for pair in EXPECTED["pairs"]:
        for impact in Impact:
            for rows in pair.get(impact, {}).values():
                assert {IMPACT_OF[what] for what, *_ in rows} == {impact}


def test_a_change_says_what_and_where() -> None:
    [change] = [
        it
        for it in changes(release("1.12.9"), release("1.11.8"))
        if it.path == "spec.trafficPolicy.tls.insecureSkipVerify"
    ]
    assert str(change) == (
        "destinationrules.networking.istio.io: field removed "
        "spec.trafficPolicy.tls.insecureSkipVerify v1alpha3 v1beta1, was 1"
    )
