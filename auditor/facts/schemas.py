"""Installed CRDs: what a cluster's own CustomResourceDefinitions say.

Labels tell who wrote a CRD last, the schema tells which release its content is of. A
content that no release ships has no release; what a mesh loses on it is told all the
same, for that is compared field by field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from auditor.facts.changes import Change
from auditor.facts.compare import compare, compare_all
from auditor.facts.crds import shipped_by
from auditor.facts.definition import Crd, CrdVersion
from auditor.facts.fields import Field
from auditor.facts.files import facts
from auditor.facts.normalise import MalformedCrd, field_of, mapping
from auditor.facts.ranges import holds
from auditor.facts.releases import Release, releases

V1BETA1 = "apiextensions.k8s.io/v1beta1"
KEEPS_ALL = Field({"type": "object", "keep": True})
"""The schema of a CRD that has none."""


def installed(manifest: Mapping[str, Any]) -> Crd:
    """The CRD of a CustomResourceDefinition, as a cluster or a file has it.

    Both apiextensions.k8s.io/v1 and v1beta1. Raises MalformedCrd, in one line, where
    something that a CustomResourceDefinition always has is not there: a schema that was
    cut from a dump must not pass for one that takes everything.
    """
    metadata = mapping(manifest.get("metadata"), "metadata")
    name = text(metadata, "name", "metadata")
    spec = mapping(manifest.get("spec"), f"{name}: spec")
    names = mapping(spec.get("names"), f"{name}: spec.names")
    beta = manifest.get("apiVersion") == V1BETA1
    prunes = spec.get("preserveUnknownFields", beta) is not True
    listed = version_entries(spec, name)
    return Crd(
        name=name,
        kind=text(names, "kind", f"{name}: spec.names"),
        scope=text(spec, "scope", f"{name}: spec"),
        prunes=prunes,
        versions={it.name: it for it in (read_version(e, spec, name, prunes) for e in listed)},
        short_names=tuple(sorted(names.get("shortNames") or ())),
        labels=dict(metadata.get("labels") or {}),
        annotations=dict(metadata.get("annotations") or {}),
    )


def version_entries(spec: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The versions that a CRD lists; v1beta1 may name a single one instead."""
    listed = spec.get("versions")
    if not listed and isinstance(spec.get("version"), str):
        return [{"name": spec["version"], "served": True, "storage": True}]
    if not listed or not isinstance(listed, list):
        raise MalformedCrd(f"{name}: spec.versions lists no version")
    return [mapping(entry, f"{name}: spec.versions[{i}]") for i, entry in enumerate(listed)]


def read_version(
    entry: Mapping[str, Any], spec: Mapping[str, Any], name: str, prunes: bool
) -> CrdVersion:
    """A version of a CRD; v1beta1 may say once for all versions what v1 says in each."""
    version = text(entry, "name", f"{name}: spec.versions[]")
    place = f"{name} {version}"
    holder = entry.get("schema") or spec.get("validation") or {}
    schema = mapping(holder, f"{place}: schema").get("openAPIV3Schema")
    if schema is None and prunes:
        raise MalformedCrd(f"{place}: has no schema; it may have been cut from the dump")
    return CrdVersion(
        name=version,
        served=flag(entry, "served", place),
        storage=flag(entry, "storage", place),
        status="status" in (entry.get("subresources") or spec.get("subresources") or {}),
        schema=KEEPS_ALL if schema is None else field_of(schema, f"{place}: openAPIV3Schema"),
    )


def text(of: Mapping[str, Any], key: str, place: str) -> str:
    """A value that must be a text."""
    value = of.get(key)
    if not isinstance(value, str):
        raise MalformedCrd(f"{place}.{key} is no text")
    return value


def flag(of: Mapping[str, Any], key: str, place: str) -> bool:
    """A value that must be true or false."""
    value = of.get(key)
    if not isinstance(value, bool):
        raise MalformedCrd(f"{place}: {key} is neither true nor false")
    return value


def releases_with(
    crd_name: str, version: str, fingerprint: str, *, ignoring: Collection[str] = ()
) -> tuple[Release, ...]:
    """The releases that ship this version of a CRD with this schema, oldest first.

    None at all for a content that is of no release. With `ignoring`, the fingerprint is
    one of `Field.without` the same constraints: with `fields.HASHED`, a schema whose
    patterns and rules are not known.
    """
    snapshots = fingerprints(crd_name, version, frozenset(ignoring)).get(fingerprint, frozenset())
    return tuple(it for it in releases().values() if it.snapshot in snapshots)


@cache
def fingerprints(
    crd_name: str, version: str, ignoring: frozenset[str]
) -> Mapping[str, frozenset[int]]:
    """The fingerprints that a version of a CRD has had, each with its snapshots."""
    entry = facts("istio-crds")["crds"].get(crd_name)
    if entry is None or version not in entry["versions"]:
        return {}
    listed = {it.snapshot: it for it in releases().values()}
    listed = {s: it for s, it in listed.items() if holds(entry["versions"][version]["in"], s)}
    found: dict[str, frozenset[int]] = {}
    for snapshot, release in listed.items():
        if ignoring:
            schema = shipped_by(release)[crd_name].versions[version].schema
            fingerprint = schema.without(ignoring).fingerprint
        else:
            texts = entry["fingerprints"].items()
            fingerprint = next(it for it, text in texts if holds(text, snapshot, version))
        found[fingerprint] = found.get(fingerprint, frozenset()) | {snapshot}
    return found


def changes_on(from_release: Release, crds: Iterable[Crd]) -> tuple[Change, ...]:
    """What a mesh of a release meets on the Istio CRDs that a cluster has.

    Give all of them: one that is not among them is reported as `crd_missing`.
    """
    return compare_all(shipped_by(from_release), {crd.name: crd for crd in crds})


def changes_on_crd(from_release: Release, crd: Crd) -> tuple[Change, ...]:
    """What a mesh of a release meets on one installed CRD.

    Nothing where the release does not ship the CRD.
    """
    own = shipped_by(from_release).get(crd.name)
    return tuple(compare(own, crd)) if own else ()
