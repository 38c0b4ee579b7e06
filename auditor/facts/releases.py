"""Istio's releases: dates, Kubernetes versions, end of life, features, minor by minor.

The facts know the releases that existed on `facts_date()`. What they do not list is
never guessed: a newer patch, a pre-release and another product's number have no
`Release`, and a newer minor has no `Minor`. Whatever needs the facts of a release
takes a `Release`, so that it cannot be asked about one that is not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from auditor.facts.files import facts
from auditor.facts.versions import Version


@dataclass(frozen=True)
class Skew:
    """By how many minors one plane may be ahead of the other, and who says so."""

    control_plane_ahead: int
    data_plane_ahead: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Minor:
    """What is known of one minor, such as `1.15`. Unknown is None. Versions are text."""

    name: str
    first: str
    first_date: date
    last: str
    """The last patch that the facts know. A minor that is still supported may have newer."""
    last_date: date
    patches_without_tag: tuple[int, ...]
    """Patch numbers that were never released."""
    kubernetes: tuple[str, ...] | None
    """The Kubernetes minors it supports, oldest first."""
    kubernetes_tested: tuple[str, ...] | None
    """Those it was tested on, though it does not support them."""
    kubernetes_source: str | None
    kubernetes_least: str | None
    """The oldest Kubernetes minor on which its istioctl agrees to install."""
    kubernetes_least_source: str | None
    end_of_life: date | None
    end_of_life_expected: str | None
    """The month it is expected to end, such as `2026-11`, where it has not ended yet."""
    end_of_life_source: str | None
    istiooperator_crd: str | None
    """The chart that ships the IstioOperator CRD: `base`, `operator`, or None for neither."""
    owner_labels: tuple[str, ...]
    """The labels that istioctl and the in-cluster operator put on what they install."""
    skew: Skew | None
    features: Mapping[str, bool | None]
    """What it can do, by name; `FEATURES` says how each was told."""


@dataclass(frozen=True)
class Release:
    """A release that the facts list, such as `1.15.3`. Get one from `release_of`."""

    version: Version
    snapshot: int
    """Releases of one snapshot have CRDs that say the same."""

    @property
    def number(self) -> str:
        """Its number, as upstream writes it: `1.15.3`."""
        return self.version.number

    @property
    def minor(self) -> Minor:
        """What is known of its minor."""
        return minors()[self.version.minor]

    def __str__(self) -> str:
        return self.number


def facts_date() -> date:
    """The day of the newest release that the facts know."""
    return max(
        date.fromisoformat(facts(name)["date"])
        for name in ("istio-releases", "istio-crds", "banzai-istio-operator")
    )


def features() -> Mapping[str, str]:
    """Each feature that `Minor.features` has, and how the facts tell it from the sources."""
    told: Mapping[str, str] = facts("istio-releases")["feature_sources"]
    return told


def source(key: str) -> str:
    """The document that a source key of a `Minor` stands for; other text is one itself."""
    sources: Mapping[str, str] = facts("istio-releases")["sources"]
    return sources.get(key, key)


@cache
def releases() -> Mapping[str, Release]:
    """Every release whose CRDs the facts know, oldest first, by number."""
    return {
        version.number: Release(version, snapshot)
        for snapshot, run in enumerate(facts("istio-crds")["snapshots"])
        for version in filter(None, map(Version.parse, run))
    }


def release_of(version: Version | str | None) -> Release | None:
    """The release that a version is or, with a vendor's suffix, is built from.

    None where the facts do not list it: it is newer, was never released, names no patch,
    or is no Istio version at all.
    """
    if isinstance(version, str):
        version = Version.parse(version)
    if version is None or version.is_unreleased:
        return None
    return releases().get(version.number)


def minor_of(version: Version | str | None) -> Minor | None:
    """The minor that a version is of, or None where the facts do not list it.

    A newer patch, and a build that was never released, have the facts of their minor.
    """
    if isinstance(version, str):
        version = Version.parse(version)
    return minors().get(version.minor) if version else None


@cache
def minors() -> Mapping[str, Minor]:
    """Every minor that the facts know, oldest first, by name."""
    return {name: read_minor(name, it) for name, it in facts("istio-releases")["minors"].items()}


def newest() -> Release:
    """The release with the highest number that the facts know."""
    return list(releases().values())[-1]


def read_minor(name: str, entry: Mapping[str, Any]) -> Minor:
    """A minor from its entry in the facts file."""
    skew, ended = entry["skew"], entry["end_of_life"]
    return Minor(
        name=name,
        first=entry["first"],
        first_date=date.fromisoformat(entry["first_date"]),
        last=entry["last"],
        last_date=date.fromisoformat(entry["last_date"]),
        patches_without_tag=tuple(entry["patches_without_tag"]),
        kubernetes=several(entry["kubernetes"]),
        kubernetes_tested=several(entry["kubernetes_tested"]),
        kubernetes_source=entry["kubernetes_source"],
        kubernetes_least=entry["kubernetes_least"],
        kubernetes_least_source=entry["kubernetes_least_source"],
        end_of_life=date.fromisoformat(ended) if ended else None,
        end_of_life_expected=entry["end_of_life_expected"],
        end_of_life_source=entry["end_of_life_source"],
        istiooperator_crd=entry["istiooperator_crd"],
        owner_labels=tuple(entry["owner_labels"]),
        skew=skew
        and Skew(skew["control_plane_ahead"], skew["data_plane_ahead"], tuple(skew["source"])),
        features=entry["features"],
    )


def several(names: list[str] | None) -> tuple[str, ...] | None:
    """A list of the facts file, where it is known."""
    return None if names is None else tuple(names)
