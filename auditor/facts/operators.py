"""Releases of the banzai istio-operator, which installs Istio for Streaming Data Manager.

It ships CRDs of its own choice, not always those of the Istio it installs: v2.16 is for
Istio 1.16 and ships the CRDs of 1.17.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

from auditor.facts.changes import Impact
from auditor.facts.files import facts
from auditor.facts.releases import Release, releases


@dataclass(frozen=True)
class OperatorRelease:
    """What one release of the operator installs and how it treats CRDs. Unknown is None."""

    tag: str
    date: date
    istio: str | None
    """The Istio version it is made for, such as `1.15.3`."""
    istio_source: str | None
    """The file of its source that says so."""
    accepts: str | None
    """The Istio minor that its custom resources may ask for."""
    default_image: str | None
    """The version of the default Istio image, where it is not `istio`."""
    crds: Mapping[str, tuple[str, ...]]
    """Its own CRDs, each with its versions."""
    manages_labelled_crds_only: bool
    """It updates an existing Istio CRD only if labelled as its own.

    With `app.kubernetes.io/managed-by: istio-operator`.
    """
    labels_crd_revision: bool
    """It leaves CRDs alone that are labelled with a newer revision than it ships.

    The label is `resource.alpha.banzaicloud.io/revision`.
    """
    ships_crds_of: tuple[Release, ...] | None
    """The Istio releases whose CRDs are those it ships, field for field.

    Empty where no release has them; None where it was not compared. Up to 0.7.14 it
    leaves two of the CRDs out, which `istio_on_its_crds` counts.
    """
    istio_on_its_crds: Mapping[Impact, int] | None
    """How many changes of each impact Istio `istio` meets on the CRDs it ships."""


@dataclass(frozen=True)
class Product:
    """A product version that a public document names, with the Istio that is in it."""

    product: str
    version: str | None
    istio: str
    source: str


def operator_release(tag: str) -> OperatorRelease | None:
    """The operator release of an image tag, with or without its `v`; None if not listed."""
    other = tag.removeprefix("v") if tag.startswith("v") else f"v{tag}"
    return operator_releases().get(tag) or operator_releases().get(other)


@cache
def operator_releases() -> Mapping[str, OperatorRelease]:
    """Every release of the operator that the facts know, oldest first, by its tag."""
    return {row["tag"]: read_row(row) for row in facts("banzai-istio-operator")["releases"]}


def newest_for(minor: str) -> OperatorRelease | None:
    """The newest release of the operator that accepts a minor of Istio; None where none does."""
    found = [it for it in operator_releases().values() if it.accepts == minor]
    return found[-1] if found else None


def koperator_builds() -> Mapping[str, str]:
    """The version of the operator's API that each release of Koperator is built with."""
    rows = facts("banzai-istio-operator")["koperator"]
    return {row["koperator"]: row["istio_operator_api"] for row in rows}


def products() -> tuple[Product, ...]:
    """The product versions that public documents name."""
    return tuple(Product(**row) for row in facts("banzai-istio-operator")["products"])


def read_row(row: Mapping[str, Any]) -> OperatorRelease:
    """A release from its row in the facts file."""
    content = facts("banzai-istio-operator")
    own = content["crd_sets"][row["crds"]]
    ranges, counts = row.get("istio_crds_equal_to"), row.get("istio_on_these_crds")
    return OperatorRelease(
        tag=row["tag"],
        date=date.fromisoformat(row["date"]),
        istio=row["istio"],
        istio_source=row["istio_source"],
        accepts=row["accepts"],
        default_image=row.get("default_image"),
        crds={name: tuple(versions) for name, versions in own.items()},
        manages_labelled_crds_only=row["manages_labelled_crds_only"],
        labels_crd_revision=row["labels_crd_revision"],
        ships_crds_of=None if ranges is None else tuple(chain(*map(between, ranges))),
        istio_on_its_crds=counts and dict(zip(map(Impact, content["counts"]), counts)),
    )


def between(text: str) -> list[Release]:
    """The releases of a range such as `1.15.0..1.15.7`, or the only one of `1.7.0`."""
    first, _, last = text.partition("..")
    listed = list(releases())
    numbers = listed[listed.index(first) : listed.index(last or first) + 1]
    return [releases()[number] for number in numbers]
