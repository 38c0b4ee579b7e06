"""What the facts know of Istio's releases, and what they do not."""

from __future__ import annotations

import pytest

from auditor.facts.files import facts
from auditor.facts.releases import (
    Minor,
    facts_date,
    features,
    minor_of,
    minors,
    newest,
    release_of,
    releases,
    source,
)

FILES = ["banzai-istio-operator", "istio-crds", "istio-releases"]


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_its_source_and_its_date(name: str) -> None:
    assert facts(name)["source"]
    assert facts(name)["date"] <= facts_date().isoformat()


def test_the_facts_are_of_the_day_of_their_newest_release() -> None:
    assert facts_date() == max(minor.last_date for minor in minors().values())
    assert facts("istio-releases")["date"] == facts_date().isoformat()
    rows = facts("banzai-istio-operator")["releases"]
    assert facts("banzai-istio-operator")["date"] == max(row["date"] for row in rows)


def test_both_files_know_the_same_releases() -> None:
    for name, minor in minors().items():
        numbers = [it.number for it in releases().values() if it.minor.name == name]
        patches = range(int(minor.last.split(".")[2]) + 1)
        tagged = [f"{name}.{patch}" for patch in patches if patch not in minor.patches_without_tag]
        assert numbers == tagged
        assert (minor.first, minor.last) == (numbers[0], numbers[-1])
    assert {it.minor.name for it in releases().values()} == minors().keys()


def test_releases_are_listed_oldest_first() -> None:
    numbers = [(it.version.minor_number, it.version.patch) for it in releases().values()]
    assert numbers == sorted(numbers)
    assert newest().number == list(releases())[-1]


@pytest.mark.parametrize("text", ["1.15.3", "v1.15.3", "1.15.3-bzc.2", "1.15.3-distroless"])
def test_a_build_of_a_release_has_its_facts(text: str) -> None:
    assert release_of(text) == releases()["1.15.3"]


@pytest.mark.parametrize(
    "text", ["1.15.99", "1.99.0", "1.17.7", "1.15", "1.30.0-rc.0", "2.2.1", "latest", "", None]
)
def test_what_is_not_listed_has_no_release(text: str | None) -> None:
    assert release_of(text) is None


@pytest.mark.parametrize("text", ["1.15", "1.15.3", "1.15.99-solo", "1.15-dev"])
def test_a_newer_patch_has_the_facts_of_its_minor(text: str) -> None:
    assert minor_of(text) is minors()["1.15"]


@pytest.mark.parametrize("text", ["1.99.0", "1.4.0", "2.15.3", "sha256:00", None])
def test_a_minor_that_is_not_listed_is_not_guessed(text: str | None) -> None:
    assert minor_of(text) is None


def test_what_is_known_of_a_minor() -> None:
    minor = minors()["1.17"]
    assert minor.kubernetes == ("1.23", "1.24", "1.25", "1.26")
    assert minor.kubernetes_tested is not None
    assert "1.22" in minor.kubernetes_tested
    assert minor.end_of_life is not None
    assert minor.end_of_life.isoformat() == "2023-10-27"
    assert minor.patches_without_tag == (7,)
    assert minor.skew is not None
    assert (minor.skew.control_plane_ahead, minor.skew.data_plane_ahead) == (1, 0)
    assert minor.features["in_cluster_operator"] is True
    assert "operator.istio.io/component" in minor.owner_labels
    assert minors()["1.24"].features["in_cluster_operator"] is False
    assert minors()["1.30"].end_of_life is None
    assert minors()["1.30"].end_of_life_expected == "2026-11"


@pytest.mark.parametrize("minor", minors().values(), ids=minors())
def test_every_statement_has_a_source(minor: Minor) -> None:
    told = [
        (minor.kubernetes, minor.kubernetes_source),
        (minor.end_of_life, minor.end_of_life_source),
    ]
    for statement, key in told:
        if statement is not None:
            assert key is not None
            assert source(key) != key
    for key in minor.skew.sources if minor.skew else ():
        assert source(key) != key
    assert minor.features.keys() == features().keys()
    assert minor.first_date <= minor.last_date
