"""The CRDs of each Istio release, and what a mesh meets on those of another.

The direction matters: *from* is the release of a mesh, with its control plane and
objects; *to* is the release whose CRDs are in the cluster.

Not covered: the CRDs of the Gateway API, which are not Istio's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from auditor.facts.changes import Change, Impact, loses, worst
from auditor.facts.compare import compare_all
from auditor.facts.definition import Crd, CrdVersion
from auditor.facts.fields import Field
from auditor.facts.files import facts
from auditor.facts.ranges import holds, value_at
from auditor.facts.releases import Release, releases

BELOW = frozenset({"in", "p", "i", "m"})
"""The keys of a field's entry that are no constraints."""


def crd_names() -> tuple[str, ...]:
    """The names of all CRDs that any listed release ships, in order."""
    return tuple(sorted(facts("istio-crds")["crds"]))


def shipped_by(release: Release) -> Mapping[str, Crd]:
    """The CRDs that a release ships, by name.

    With that of IstioOperator, be it in the base chart or in the operator's own.
    """
    return crds_of_snapshot(release.snapshot)


def releases_shipping(name: str) -> tuple[Release, ...]:
    """The releases that ship a CRD, oldest first; none for a CRD that is not Istio's."""
    entry = facts("istio-crds")["crds"].get(name)
    shipped = entry["in"] if entry else ""
    return tuple(it for it in releases().values() if holds(shipped, it.snapshot))


def changes(from_release: Release, to_release: Release) -> tuple[Change, ...]:
    """What a mesh of one release meets on the CRDs of another, CRD by CRD.

    Required fields and tightened constraints are upper bounds: whether an object is
    refused depends on its values, so look at the objects before raising an alarm.
    """
    return compare_all(shipped_by(from_release), shipped_by(to_release))


def lossless(from_release: Release, to_release: Release) -> bool:
    """Whether a control plane of one release loses nothing on the CRDs of another.

    Each version that it reads is served, no kind, version or value that it knows is
    gone, and no field of it is dropped. Judged by the kinds that it reads.
    """
    return not loses(it for it in changes(from_release, to_release) if it.read)


def compatible(from_release: Release, to_release: Release) -> bool:
    """Whether, beyond losing nothing, no object can be refused that its own CRDs take."""
    read = [it for it in changes(from_release, to_release) if it.read]
    return worst(read) in (None, Impact.ADDITIVE, Impact.NOTICE)


@cache
def crds_of_snapshot(snapshot: int) -> Mapping[str, Crd]:
    """The CRDs that the releases of a snapshot ship, by name."""
    entries = facts("istio-crds")["crds"]
    return {
        name: read_crd(name, entry, snapshot)
        for name, entry in entries.items()
        if holds(entry["in"], snapshot)
    }


def read_crd(name: str, entry: Mapping[str, Any], snapshot: int) -> Crd:
    """A CRD as of a snapshot, from its entry in the facts file."""
    return Crd(
        name=name,
        kind=value_at(entry["kind"], snapshot),
        scope=value_at(entry["scope"], snapshot),
        prunes=value_at(entry["prunes"], snapshot),
        versions={
            version: CrdVersion(
                name=version,
                served=holds(facets["served"], snapshot),
                storage=holds(facets["storage"], snapshot),
                status=holds(facets["status"], snapshot),
                schema=read_field(entry["schema"], snapshot, version),
            )
            for version, facets in entry["versions"].items()
            if holds(facets["in"], snapshot)
        },
        short_names=tuple(value_at(entry["short_names"], snapshot)),
        labels=marks(entry["labels"], snapshot),
        annotations=marks(entry["annotations"], snapshot),
        api=value_at(entry["api"], snapshot),
        chart=value_at(entry["chart"], snapshot),
        read_as=value_at(entry.get("read_as"), snapshot),
    )


def marks(entry: Mapping[str, Any], snapshot: int) -> Mapping[str, str]:
    """The labels or annotations that there are in a snapshot."""
    values = {key: value_at(value, snapshot) for key, value in entry.items()}
    return {key: value for key, value in values.items() if value is not None}


def read_field(entry: str | Mapping[str, Any], snapshot: int, version: str) -> Field:
    """A field as of a snapshot, from its entry in the facts file."""
    if isinstance(entry, str):
        return Field({"type": entry})
    constraints = {}
    for key in entry.keys() - BELOW:
        value = value_at(entry[key], snapshot, version)
        if value is not None:
            constraints[key] = tuple(value) if isinstance(value, list) else value

    def child(of: str | Mapping[str, Any] | None) -> Field | None:
        if of is None or (isinstance(of, Mapping) and not is_there(of, snapshot, version)):
            return None
        return read_field(of, snapshot, version)

    fields = {name: child(it) for name, it in entry.get("p", {}).items()}
    return Field(
        constraints,
        {name: it for name, it in fields.items() if it is not None},
        child(entry.get("i")),
        child(entry.get("m")),
    )


def is_there(entry: Mapping[str, Any], snapshot: int, version: str) -> bool:
    """Whether a field is there in a snapshot where the field that encloses it is."""
    return "in" not in entry or holds(entry["in"], snapshot, version)
