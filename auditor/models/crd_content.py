"""What the installed Istio CRDs are: their schemas where a dump has them, else their release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.cluster import Cluster, Model
from auditor.facts.changes import Change, Impact
from auditor.facts.crds import shipped_by
from auditor.facts.definition import Crd, CrdVersion
from auditor.facts.fields import HASHED
from auditor.facts.normalise import MalformedCrd
from auditor.facts.releases import Release, release_of
from auditor.facts.schemas import changes_on_crd, installed, releases_with
from auditor.models.crd_owners import (
    CHART_VERSION,
    SDM_REVISION,
    WRITTEN_VERSION,
    ownership,
    rendered_chart,
    version_in,
    writing_owners,
)
from auditor.models.crd_writers import last_writer
from auditor.objects import Field, Obj, Ref
from auditor.seen import Gap, Seen, Unseen

ELSEWHERE = frozenset(
    ("crd_missing", "required_added", "version_unserved", "read_version_unserved")
    + ("status_subresource_removed",)
)
"""What other rules tell, what depends on the values of objects, and what no user writes."""
BREAKS = frozenset(("kind_changed", "scope_changed", "type_changed"))

WRITTEN_BY = {
    "istio-operator": WRITTEN_VERSION,
    "manager": SDM_REVISION,
    "helm": CHART_VERSION,
    "helm-controller": CHART_VERSION,
}
"""The label in which each field manager says what it wrote."""
BY_HAND = ("kubectl-edit", "kubectl-patch", "kubectl-replace")
"""Field managers that may write a schema and leave the labels of the chart."""


@dataclass(frozen=True)
class InstalledCrd:
    """What an installed CRD demands and keeps, and the field that shows it."""

    crd: Crd
    field: Field
    said: str
    """Which release it is of, in words."""
    releases: tuple[Release, ...]
    """Those that ship it, oldest first; none for a content that is of no release."""


@dataclass(frozen=True)
class CrdContents:
    """What the installed CRDs are, each read once: a schema has thousands of fields."""

    _schemas: dict[Ref, Seen[InstalledCrd]] = field(default_factory=dict)
    _changes: dict[tuple[int, str], tuple[Change, ...]] = field(default_factory=dict)

    def of(self, crd: Obj) -> InstalledCrd:
        """By its schemas, else by the label of who wrote it last.

        Raises `Unseen` where neither tells.
        """
        return self.by_schema(crd) or _by_label(crd)

    def by_schema(self, crd: Obj) -> InstalledCrd | None:
        """By its schemas; None where the dump has none.

        Raises `Unseen` where a part of them was cut: no label can stand in for it.
        """
        if crd.ref not in self._schemas:
            self._schemas[crd.ref] = Seen((crd,)).each(_by_schema)
        return self._schemas[crd.ref].first()

    def changes(self, reader: Release, content: InstalledCrd) -> tuple[Change, ...]:
        """What a release that reads it meets on it."""
        key = reader.snapshot, content.crd.name
        if key not in self._changes:
            self._changes[key] = changes_on_crd(reader, content.crd)
        return self._changes[key]

    def lost_by(self, reader: Release, content: InstalledCrd) -> tuple[Change, ...]:
        """What a release that reads it loses on it, for certain."""
        return tuple(
            it
            for it in self.changes(reader, content)
            if it.impact in (Impact.BREAKING, Impact.LOSSY) and it.what not in ELSEWHERE
        )


def _build(_: Cluster) -> CrdContents:
    return CrdContents()


def _by_label(crd: Obj) -> InstalledCrd:
    label = _label(crd)
    release = release_of(version_in(label)) if label else None
    own = shipped_by(release).get(crd.name) if release else None
    if not label or not release or not own:
        why = "neither their schemas nor a label of who wrote them is in the dump"
        get = "kubectl get crd -o yaml --show-managed-fields"
        raise Unseen(Gap("the content of Istio's CRDs", why, get))
    return InstalledCrd(own, label, f"Istio {release}", (release,))


def _by_schema(crd: Obj) -> Iterator[InstalledCrd]:
    spec = crd.at("spec")
    if not any(it.at("schema") for it in spec.at("versions").each()) and not spec.at("validation"):
        return
    manifest = {
        "apiVersion": crd.at("apiVersion").value,
        "metadata": {"name": crd.name},
        "spec": spec.value,
    }
    try:
        found = installed(manifest)
    except MalformedCrd as error:
        raise Unseen(_untold(crd, str(error))) from error
    each = [_releases(crd.name, it) for it in found.versions.values()]
    releases = tuple(it for it in each[0] if all(it in other for other in each)) if each else ()
    said = _said(releases)
    yield InstalledCrd(found, spec.at("versions").holding(f"the schema of {said}"), said, releases)


def _releases(name: str, version: CrdVersion) -> tuple[Release, ...]:
    """The releases that ship a version with this schema, its rules too where these tell more."""
    exact = releases_with(name, version.name, version.schema.fingerprint)
    plain = version.schema.without(HASHED).fingerprint
    return exact or releases_with(name, version.name, plain, ignoring=HASHED)


def _said(releases: tuple[Release, ...]) -> str:
    if not releases:
        return "no known release of Istio"
    return f"Istio {releases[0]}" + (f" to {releases[-1]}" if len(releases) > 1 else "")


def _label(crd: Obj) -> Field | None:
    """The label that says which release was written: by the one owner, else the last writer."""
    owners = tuple(writing_owners(crd))
    if len(owners) == 1 and (label := ownership(crd).version_by(owners[0])):
        return label
    writer = last_writer(crd)
    key = WRITTEN_BY.get(writer.name) if writer else None
    if not key and rendered_chart(crd) and not (writer and writer.name in BY_HAND):
        key = CHART_VERSION
    return crd.label(key) if key else None


def _untold(crd: Obj, why: str) -> Gap:
    return Gap(f"the schema of {crd.name}", why, f"kubectl get {crd.ref.target} -o yaml")


CRD_CONTENTS = Model("content of the CRDs", (), _build)
