"""What the installed Istio CRDs are: their schemas where a dump has them, else their release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.facts.changes import Change, Impact
from auditor.facts.crds import shipped_by
from auditor.facts.definition import Crd
from auditor.facts.fields import HASHED
from auditor.facts.normalise import MalformedCrd
from auditor.facts.releases import Release, release_of
from auditor.facts.schemas import changes_on_crd, installed, releases_with
from auditor.facts.versions import Version
from auditor.models.crd_owners import (
    CHART_VERSION,
    SDM_REVISION,
    WRITTEN_VERSION,
    marked_owners,
    ownership,
    rendered_chart,
)
from auditor.models.crd_writers import last_writer
from auditor.objects import Field, Obj
from auditor.seen import Gap, Unseen

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

    def lost_by(self, reader: Release) -> tuple[Change, ...]:
        """What a release that reads it loses on it, for certain."""
        return tuple(
            it
            for it in changes_on_crd(reader, self.crd)
            if it.impact in (Impact.BREAKING, Impact.LOSSY) and it.what not in ELSEWHERE
        )


def content_of(crd: Obj) -> InstalledCrd:
    """What is installed, by its schemas or else by the label of who wrote it last.

    Raises `Unseen` where neither tells.
    """
    spec = crd.at("spec")
    if any(_has_schema(it) for it in spec.at("versions").each()) or spec.at("validation"):
        return _by_schema(crd, spec)
    label = _label(crd)
    release = release_of(Version.parse(str(label.value or ""))) if label else None
    own = shipped_by(release).get(crd.name) if release else None
    if not label or not release or not own:
        why = "neither their schemas nor a label of who wrote them is in the dump"
        get = "kubectl get crd -o yaml --show-managed-fields"
        raise Unseen(Gap("the content of Istio's CRDs", why, get))
    return InstalledCrd(own, label, f"Istio {release}")


def _has_schema(version: Field) -> bool:
    return bool(version.at("schema"))


def _by_schema(crd: Obj, spec: Field) -> InstalledCrd:
    manifest = {
        "apiVersion": crd.at("apiVersion").value,
        "metadata": {"name": crd.name},
        "spec": spec.value,
    }
    try:
        found = installed(manifest)
    except MalformedCrd as error:
        raise Unseen(_untold(crd, str(error))) from error
    said = " and ".join(dict.fromkeys(_releases(found))) or "no known release of Istio"
    return InstalledCrd(found, spec.at("versions").holding(f"the schema of {said}"), said)


def _releases(crd: Crd) -> Iterator[str]:
    for version in crd.versions.values():
        plain = version.schema.without(HASHED).fingerprint
        same = releases_with(crd.name, version.name, plain, ignoring=HASHED)
        if same:
            yield f"Istio {same[0]}" + (f" to {same[-1]}" if len(same) > 1 else "")


def _label(crd: Obj) -> Field | None:
    """The label that says which release was written: by the one owner, else the last writer."""
    owners = tuple(marked_owners(crd))
    if len(owners) == 1 and (label := ownership(crd).version_by(owners[0])):
        return label
    writer = last_writer(crd)
    key = WRITTEN_BY.get(writer.name) if writer else None
    if not key and rendered_chart(crd) and not (writer and writer.name in BY_HAND):
        key = CHART_VERSION
    return crd.label(key) if key else None


def _untold(crd: Obj, why: str) -> Gap:
    return Gap(f"the schema of {crd.name}", why, f"kubectl get {crd.ref.target} -o yaml")
