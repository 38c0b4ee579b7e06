"""The objects that a release declares, and the record of it that Helm keeps in the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from auditor.documents import Document, Malformed, documents
from auditor.helm import kept_of
from auditor.keeps import projected
from auditor.kinds import HELM_RELEASES, SECRET
from auditor.models.releases import STORED, TYPE
from auditor.objects import Obj, Origin
from auditor.private import without_private_keys
from auditor.sources.findings import Findings, Version
from auditor.sources.helm.sections import NO_MANIFEST, Section
from auditor.sources.origin import AtLine
from auditor.sources.unpacking import ALL_KINDS, Item, unpacked
from auditor.sources.versions import modern
from auditor.sources.wellformed import Amiss, wellformed

BROKEN = "has a release whose manifest cannot be parsed, and nobody knows what it declares"


def declared_by(
    release: Mapping[str, Any], found: Findings, origin: Origin | None, line: int | None
) -> None:
    """Add what a release declares to the findings of the file that it is in.

    Where an object names no namespace, Helm puts it where the release is.
    """
    manifest, namespace = release.get("manifest"), release.get("namespace")
    if not isinstance(manifest, str) or not isinstance(namespace, str):
        return
    try:
        roots = [it.root for it in documents(manifest) if isinstance(it, Document)]
    except Malformed:
        found.lose(BROKEN, ALL_KINDS, line)
        return
    for root in roots:
        for thing in _things(root, origin):
            found.objects.append(Version(within(thing, namespace), True, line))
            found.loose.add(thing.kind)
            found.kubernetes = True


def _things(root: object, origin: Origin | None) -> Iterator[Obj]:
    for item in unpacked(root):
        if not isinstance(item, Item):
            continue
        try:
            fields = wellformed(item.kind, modern(item.kind, item.fields))
        except Amiss:
            continue  # the API server would not have taken it either
        kept = projected(fields, item.kind.projection)
        yield Obj(item.kind, without_private_keys(kept), origin)


def within(thing: Obj, namespace: str) -> Obj:
    """The object in the namespace of its release, where it names none."""
    if not thing.kind.namespaced or thing.namespace:
        return thing
    metadata = {**thing.raw["metadata"], "namespace": namespace}
    return replace(thing, raw={**thing.raw, "metadata": metadata})


def told_by_sections(found: Findings, sections: Sequence[Section]) -> None:
    """Add what the heads of a text of Helm's say to what was read of its manifests."""
    if sections and not any(it.has_manifest for it in sections):
        found.passed_over = NO_MANIFEST
        return
    for section in sections:
        namespace = section.release["namespace"]
        for place, version in enumerate(found.objects if namespace else ()):
            if section.first <= (version.line or 0) <= section.last:
                found.objects[place] = replace(version, thing=within(version.thing, namespace))
    for section in sections:
        if record := record_of(section.release, AtLine(found.file, section.first)):
            found.objects.append(Version(record, True, section.first, stands_in=True))


def remember(found: Findings, thing: Obj, fields: Mapping[str, Any]) -> None:
    """Note an object in which Helm stores a release, and what that is where it is deployed."""
    data = fields.get("data")
    stored = data.get("release") if isinstance(data, Mapping) else None
    if thing.kind not in STORED or not fnmatchcase(thing.name, HELM_RELEASES):
        return
    found.stored += 1
    if isinstance(stored, str) and thing.label("status").held == "deployed":
        found.records.append((thing, stored))


def record_of(release: Mapping[str, Any], origin: Origin | None) -> Obj | None:
    """A release that Helm printed, as the Secret in which it keeps it; None without a name."""
    name, namespace = release.get("name"), release.get("namespace")
    if not isinstance(name, str) or not isinstance(namespace, str) or not name:
        return None
    revision = release.get("version")
    number = revision if isinstance(revision, int) else 1
    metadata = {"name": f"sh.helm.release.v1.{name}.v{number}", "namespace": namespace}
    fields = {"apiVersion": "v1", "kind": SECRET.name, "metadata": metadata, "type": TYPE}
    return Obj(SECRET, {**fields, "data": {"release": kept_of(release)}}, origin)
