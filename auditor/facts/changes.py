"""What a mesh of one release meets on the CRDs of another: kinds of change, and how bad."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Impact(StrEnum):
    """How much a change costs the mesh, worst first."""

    BREAKING = "breaking"
    """An object that its release accepts is refused, or a kind or version is not there."""
    LOSSY = "lossy"
    """Objects are accepted, but fields are dropped silently."""
    TIGHTENED = "tightened"
    """An object may be refused, depending on its values."""
    ADDITIVE = "additive"
    """Nothing is lost; more is allowed or there."""
    NOTICE = "notice"
    """Worth knowing, harmless as such."""


IMPACT_OF = {
    "crd_missing": Impact.BREAKING,
    "crd_added": Impact.ADDITIVE,
    "scope_changed": Impact.BREAKING,
    "kind_changed": Impact.BREAKING,
    "version_unserved": Impact.BREAKING,
    "version_added": Impact.ADDITIVE,
    "read_version_unserved": Impact.BREAKING,
    "storage_dropped": Impact.BREAKING,
    "storage_changed": Impact.NOTICE,
    "status_subresource_removed": Impact.BREAKING,
    "status_subresource_added": Impact.NOTICE,
    "pruning_introduced": Impact.LOSSY,
    "pruning_ended": Impact.ADDITIVE,
    "crd_api_changed": Impact.NOTICE,
    "type_changed": Impact.BREAKING,
    "type_narrowed": Impact.TIGHTENED,
    "type_widened": Impact.ADDITIVE,
    "enum_value_removed": Impact.BREAKING,
    "enum_introduced": Impact.TIGHTENED,
    "enum_value_added": Impact.ADDITIVE,
    "enum_ended": Impact.ADDITIVE,
    "required_added": Impact.BREAKING,
    "required_removed": Impact.ADDITIVE,
    "field_removed": Impact.LOSSY,
    "field_untyped": Impact.ADDITIVE,
    "field_added": Impact.ADDITIVE,
    "field_typed": Impact.TIGHTENED,
    "map_closed": Impact.LOSSY,
    "map_opened": Impact.ADDITIVE,
    "unknown_fields_pruned": Impact.LOSSY,
    "unknown_fields_kept": Impact.ADDITIVE,
    "nullable_removed": Impact.TIGHTENED,
    "nullable_added": Impact.ADDITIVE,
    "limit_tightened": Impact.TIGHTENED,
    "limit_relaxed": Impact.ADDITIVE,
    "pattern_added": Impact.TIGHTENED,
    "pattern_changed": Impact.TIGHTENED,
    "pattern_removed": Impact.ADDITIVE,
    "format_tightened": Impact.TIGHTENED,
    "format_changed": Impact.NOTICE,
    "cel_added": Impact.TIGHTENED,
    "cel_changed": Impact.TIGHTENED,
    "cel_removed": Impact.ADDITIVE,
    "one_of_tightened": Impact.TIGHTENED,
    "one_of_relaxed": Impact.ADDITIVE,
    "list_type_tightened": Impact.TIGHTENED,
    "list_type_relaxed": Impact.ADDITIVE,
    "logic_changed": Impact.TIGHTENED,
}
"""Every kind of change, and its impact outside `status`.

In `status` whatever is worse than additive is a notice: control planes write it, and
every release keeps its unknown fields.
"""


@dataclass(frozen=True)
class Change:
    """One difference that a mesh meets on CRDs that are not its own release's."""

    crd: str
    """The CRD's name: `virtualservices.networking.istio.io`."""
    what: str
    """The kind of change, a key of `IMPACT_OF`."""
    impact: Impact
    read: bool
    """Whether the control plane of the mesh's release reads the kind.

    IstioOperator is not read: it matters to the in-cluster operator alone.
    """
    path: str = ""
    """The field, such as `spec.http[].match[].uri`; empty where the whole CRD is meant."""
    versions: tuple[str, ...] = ()
    """The CRD's versions that it concerns, empty where it concerns the CRD itself."""
    old: str | int | None = None
    """What the mesh's own release has. For `field_removed`, how many fields go with it."""
    new: str | None = None
    """What it meets."""

    def __str__(self) -> str:
        parts = [self.what.replace("_", " "), self.path, *self.versions]
        values = [f"{word} {it}" for word, it in (("was", self.old), ("is", self.new)) if it]
        return ", ".join([f"{self.crd}: {' '.join(filter(None, parts))}", *values])


def worst(changes: Iterable[Change]) -> Impact | None:
    """The worst impact among some changes, or None where there are none."""
    found = {change.impact for change in changes}
    return next((impact for impact in Impact if impact in found), None)


def loses(changes: Iterable[Change]) -> bool:
    """Whether any of some changes refuses an object for what it is, or drops a field."""
    return worst(changes) in (Impact.BREAKING, Impact.LOSSY)
