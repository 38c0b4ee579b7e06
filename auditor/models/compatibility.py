"""What each mesh meets on the Istio CRDs, as they are and as their owner installs them.

The installed schema says what is. The release of the owner says what will be once it
writes again, and what is where a dump has no schemas.

The direction matters: newer CRDs take what an older release writes, while a newer release
loses on older CRDs what they do not know. What newer CRDs demand of an object depends on
its values, and is no question of versions.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from auditor.asked import Asked, asked_once
from auditor.cluster import Cluster, Model
from auditor.facts.changes import Change, Impact
from auditor.facts.crds import changes, shipped_by
from auditor.facts.operators import operator_releases
from auditor.facts.releases import Release, release_of
from auditor.facts.versions import Version
from auditor.models.crd_content import CRD_CONTENTS, InstalledCrd
from auditor.models.crd_owners import (
    CRD_OWNERS,
    RENDERED,
    Owner,
    Ownership,
    rendered_chart,
    version_in,
    writing_owners,
)
from auditor.models.istiod import ISTIO, OSSM, SDM
from auditor.models.meshes import MESHES, Mesh
from auditor.models.versions import VERSIONS, SaidVersion
from auditor.objects import Field, Obj
from auditor.seen import Seen

STOPS = frozenset(("read_version_unserved", "kind_changed", "scope_changed"))
"""Changes with which a control plane never becomes ready."""
WHERE = {"kind_changed": ("names", "kind"), "scope_changed": ("scope",)}
"""Those of them that a schema itself may show, and the field of the CRD that does."""
ELSEWHERE = frozenset(("crd_missing", "required_added", "status_subresource_removed"))
"""A kind that is not there is not waited for; what is required depends on the object; and
the status is written by nobody but the control planes."""


LOST = {
    "field_removed": "field",
    "map_closed": "field",
    "enum_value_removed": "value",
    "version_unserved": "version",
    "read_version_unserved": "version",
    "storage_dropped": "version",
    "kind_changed": "kind",
    "scope_changed": "scope",
    "type_changed": "type",
}
"""What a change takes, in a word; of the rest it is some other part of the schema."""


class Weight(enum.IntEnum):
    """How bad it is, worst last."""

    UNLISTED = 0
    """A release of which the facts know nothing."""
    LOSES = 1
    """It runs, and loses something, or would if others wrote the CRDs."""
    STOPS = 2
    """It cannot run."""


@dataclass(frozen=True)
class Meeting:
    """What a release meets on one CRD of the content of another."""

    weight: Weight
    owned: Ownership
    reader: SaidVersion
    content: Content | None
    """Where the CRD is of another release; None where what is installed says it all."""
    changes: tuple[Change, ...] = ()
    read_as: str = ""
    passing: bool = False
    """Whether it ends once whoever the CRD belongs to, or the mesh itself, writes it again."""

    @property
    def on_schema(self) -> bool:
        """Whether the installed schema shows it, which no label changes."""
        field = self.content.field if self.content else None
        return bool(field and field.ref == self.owned.crd.ref and field.path[0] == "spec")


@dataclass(frozen=True)
class Content:
    """What the schemas of a CRD are or may become, and the field that says so."""

    text: str
    releases: tuple[Release, ...]
    """Those that it is of, oldest first; none where the facts know none."""
    field: Field
    certain: bool
    """Whether it is so; else it is what somebody would install."""


@dataclass(frozen=True)
class Compatibility(Asked):
    """Compares the release of each mesh with the CRDs."""

    cluster: Cluster

    def versions_of(self, mesh: Mesh) -> Seen[SaidVersion]:
        """The versions of its control planes, of which there must be one."""
        said = Seen(mesh.control_planes).each(self.cluster.model(VERSIONS).of)
        return said.expecting(f"the version of {mesh.id}")

    def versions_of_sdm(self) -> Seen[SaidVersion]:
        """The versions that SDM's control planes run, and with them its operator's Istio."""
        meshes = self.cluster.model(MESHES).where(lambda it: it.family == SDM)
        return meshes.each(self.versions_of)

    def lost_to_sdm(
        self, content: InstalledCrd, release: Release
    ) -> tuple[Release, tuple[Change, ...]]:
        """What SDM's operator for an Istio release writes over a CRD, and what that takes."""
        written = _written(Owner(SDM), release.version) or release
        return written, _losses(content.releases[0], written).get(content.crd.name, ())

    def meetings(self, mesh: Mesh) -> Seen[Meeting]:
        """All that a mesh meets and had better not."""
        readers = self.versions_of(mesh).where(lambda it: release_of(it.version))
        crds = self.cluster.model(CRD_OWNERS)
        return readers.each(lambda reader: crds.each(lambda it: self._on(mesh, reader, it)))

    def _on(self, mesh: Mesh, reader: SaidVersion, owned: Ownership) -> Iterator[Meeting]:
        release = release_of(reader.version)
        own = shipped_by(release).get(owned.crd.name) if release else None
        if release is None or own is None or own.read_as is None:
            return
        served = served_versions(owned.crd)
        if served and own.read_as not in served:
            yield Meeting(Weight.STOPS, owned, reader, None, (), own.read_as)
            return
        found = self.cluster.model(CRD_CONTENTS).by_schema(owned.crd)
        next_ones = self.written_next(owned) if found else self._contents(mesh, release, owned)
        if found and (lost := self._lost_on(release, found)):
            yield self._on_schema(owned, reader, found, lost, next_ones)
            return
        for content in next_ones:
            if not content.releases:
                if not found:
                    yield Meeting(Weight.UNLISTED, owned, reader, content)
            elif lost := _losses(release, content.releases[0]).get(owned.crd.name, ()):
                stops = content.certain and not served and any(it.what in STOPS for it in lost)
                weight = Weight.STOPS if stops else Weight.LOSES
                yield Meeting(weight, owned, reader, content, lost, own.read_as)

    def _on_schema(
        self,
        owned: Ownership,
        reader: SaidVersion,
        found: InstalledCrd,
        lost: tuple[Change, ...],
        next_ones: Seen[Content],
    ) -> Meeting:
        """What it loses on the installed schema, whatever comes after that."""
        turned = next((WHERE[it.what] for it in lost if it.what in WHERE), None)
        field = owned.crd.at("spec", *turned) if turned else found.field
        release = release_of(reader.version)
        stays = any(
            release and _losses(release, it.releases[0]).get(owned.crd.name)
            for it in next_ones.so_far
            if it.releases
        )
        return Meeting(
            Weight.STOPS if turned else Weight.LOSES,
            owned,
            reader,
            Content(found.said, found.releases, field, certain=True),
            lost,
            passing=not stays,
        )

    def _lost_on(self, release: Release, found: InstalledCrd) -> tuple[Change, ...]:
        changes = self.cluster.model(CRD_CONTENTS).changes(release, found)
        return tuple(it for it in changes if _loses(it))

    def written_next(self, owned: Ownership) -> Seen[Content]:
        """What the owners of a CRD, whose schema is known, write over it."""
        owners = writing_owners(owned.crd)
        return owners.each(lambda owner: self._by(owned, owner, certain=False))

    def _contents(self, mesh: Mesh, reader: Release, owned: Ownership) -> Seen[Content]:
        """What the CRD is of: one release where one owner is clear, else all that it may become."""
        owners = writing_owners(owned.crd)
        if not owners and rendered_chart(owned.crd):
            owners = Seen((Owner(RENDERED),))
        several = len(tuple(owners)) > 1
        said = owners.each(lambda owner: self._by(owned, owner, not several))
        return said or self._by_others_than(mesh.id, reader)

    def _by(self, owned: Ownership, owner: Owner, certain: bool) -> Iterator[Content]:
        """The release that an owner's label names, else those that its meshes run."""
        label = owned.version_by(owner)
        if label:
            text = str(label.value)
            written = _only(_written(owner, version_in(label)))
            yield Content(text, written, label, certain)
            return
        family = owner.installer if owner.installer in (SDM, OSSM) else ISTIO
        meshes = self.cluster.model(MESHES).where(lambda it: it.family == family)
        for said in meshes.each(self.versions_of):
            written = _only(_written(owner, said.version))
            # SDM's operator labels what it writes: without that, it has yet to write the CRD.
            yield Content(said.text, written, said.field, certain and owner.installer != SDM)

    @asked_once
    def _by_others_than(self, mesh: str, reader: Release) -> Seen[Content]:
        """What others would make of a CRD without an owner, where a release may lose on it. SDM's
        operator leaves such a CRD alone.

        Banzai istio-operator v2.17.4: internal/components/base/reconcile.go.
        """
        others = self.cluster.model(MESHES).where(lambda it: it.id != mesh and it.family != SDM)
        contents = others.each(self.versions_of).map(
            lambda it: Content(it.text, _only(release_of(it.version)), it.field, certain=False)
        )
        return contents.where(lambda it: not it.releases or _losses(reader, it.releases[0]))


def common_releases(contents: Iterable[Content]) -> str:
    """The releases that some contents can all be of, in words."""
    several = [it.releases for it in contents]
    common = [it for it in several[0] if all(it in other for other in several)] if several else []
    ends = dict.fromkeys(str(it) for it in (*common[:1], *common[-1:]))
    each = dict.fromkeys(str(it) for releases in several for it in releases[-1:])
    return " to ".join(ends) or " and ".join(each) or "no known release"


def told(changes: Iterable[Change]) -> str:
    """What some changes take, counted: `32 fields and 8 values`."""
    lost = {(it.crd, LOST.get(it.what, "other demand"), it.path or it.versions) for it in changes}
    counted = Counter(word for _, word, _ in lost)
    return " and ".join(f"{n} {word}{'s' if n > 1 else ''}" for word, n in sorted(counted.items()))


@asked_once
def served_versions(crd: Obj) -> tuple[str, ...]:
    """The versions that an installed CRD serves; none where a dump does not say."""
    versions = crd.at("spec", "versions").each()
    return tuple(str(it.at("name").value) for it in versions if it.at("served").value is True)


def _written(owner: Owner, version: Version | None) -> Release | None:
    """The release whose CRDs an owner of some version writes.

    SDM's operator ships CRDs of its own choice: v2.16, for Istio 1.16, those of 1.17.
    """
    own = release_of(version)
    if owner.installer == SDM and version is not None:
        for operator in operator_releases().values():
            shipped = operator.ships_crds_of or ()
            if operator.istio == version.number and shipped and own not in shipped:
                return shipped[0]
    return own


def _only(release: Release | None) -> tuple[Release, ...]:
    return (release,) if release else ()


@cache
def _losses(reader: Release, content: Release) -> Mapping[str, tuple[Change, ...]]:
    """What a release loses on the CRDs of an older one, by the name of the CRD."""
    found: dict[str, tuple[Change, ...]] = {}
    if _age(content.version) < _age(reader.version):
        for change in changes(reader, content):
            if _loses(change):
                found[change.crd] = (*found.get(change.crd, ()), change)
    return found


def _loses(change: Change) -> bool:
    return change.impact in (Impact.BREAKING, Impact.LOSSY) and change.what not in ELSEWHERE


def _age(version: Version) -> tuple[int, int]:
    return version.minor_number, version.patch or 0


COMPATIBILITY = Model("compatibility", (CRD_CONTENTS, CRD_OWNERS, MESHES, VERSIONS), Compatibility)
