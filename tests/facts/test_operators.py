"""The releases of the banzai istio-operator."""

from __future__ import annotations

from collections import Counter

import pytest

from auditor.facts.changes import Impact
from auditor.facts.crds import changes
from auditor.facts.operators import (
    OperatorRelease,
    koperator_builds,
    operator_release,
    operator_releases,
    products,
)
from auditor.facts.releases import minor_of, release_of

COMPARED = {tag: row for tag, row in operator_releases().items() if row.ships_crds_of and row.istio}


def test_an_operator_release_is_found_by_its_tag_with_or_without_v() -> None:
    found = operator_release("2.15.3")
    assert found is not None
    assert found is operator_release("v2.15.3")
    assert (found.istio, found.accepts) == ("1.15.3", "1.15")
    assert found.manages_labelled_crds_only
    assert found.labels_crd_revision
    assert found.crds["istiocontrolplanes.servicemesh.cisco.com"] == ("v1alpha1",)


@pytest.mark.parametrize("tag", ["v2.99.0", "latest", "", "sha256:00", "v2.15"])
def test_an_operator_release_that_is_not_listed_is_not_guessed(tag: str) -> None:
    assert operator_release(tag) is None


def test_where_both_spellings_are_tags_each_is_its_own() -> None:
    plain, prefixed = operator_release("0.9.10"), operator_release("v0.9.10")
    assert plain is not None
    assert prefixed is not None
    assert (plain.tag, prefixed.tag) == ("0.9.10", "v0.9.10")


def test_the_crds_it_ships_are_not_always_those_of_its_istio() -> None:
    shipped = {tag: operator_releases()[tag].ships_crds_of for tag in ("v2.16.0", "v2.13.6")}
    assert shipped["v2.16.0"] is not None
    assert {it.minor.name for it in shipped["v2.16.0"]} == {"1.17", "1.18"}
    assert shipped["v2.13.6"] == ()
    assert operator_releases()["0.0.1"].ships_crds_of is None


@pytest.mark.parametrize("row", operator_releases().values(), ids=operator_releases())
def test_every_row_is_of_an_istio_that_the_facts_know_or_says_nothing(row: OperatorRelease) -> None:
    if row.ships_crds_of is not None:
        assert minor_of(row.istio) is not None
        assert row.istio_source
    for release in row.ships_crds_of or ():
        assert row.ships_crds_of is not None
        assert changes(row.ships_crds_of[0], release) == ()


@pytest.mark.parametrize("row", COMPARED.values(), ids=COMPARED)
def test_what_its_istio_meets_on_its_crds_is_what_it_meets_on_theirs(row: OperatorRelease) -> None:
    own = release_of(row.istio)
    assert own is not None
    assert row.ships_crds_of
    told = [
        it
        for it in changes(own, row.ships_crds_of[0])
        if it.crd != "istiooperators.install.istio.io"
    ]
    counts = Counter(it.impact for it in told)
    if row.tag.startswith(("0.5.", "0.6.", "0.7.")):
        counts[Impact.BREAKING] += 2  # it leaves two of the CRDs out
    assert {impact: counts[impact] for impact in Impact} == row.istio_on_its_crds


def test_what_koperator_and_the_products_have() -> None:
    assert koperator_builds()["0.25.1"] == "2.15.1"
    assert {it.product for it in products()} == {"Service Mesh Manager", "Streaming Data Manager"}
    assert all(it.source and minor_of(it.istio) for it in products())
