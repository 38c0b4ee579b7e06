"""Writing a CRD of the facts as a manifest, for test API servers and example clusters.

What the facts have only a hash of cannot be written: patterns, CEL rules and unusual
combinations are left out, so up to Istio 1.19 a manifest has the fingerprint that the
release has, and from 1.20 on only the one without `fields.HASHED`. Descriptions and
printer columns are left out too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.facts.crds import shipped_by
from auditor.facts.definition import Crd, CrdVersion
from auditor.facts.fields import Field
from auditor.facts.normalise import AS_WRITTEN
from auditor.facts.releases import Release

Manifest = dict[str, Any]


def render_crd(name: str, release: Release) -> Manifest:
    """The apiextensions.k8s.io/v1 manifest of a CRD as a release ships it.

    Raises KeyError where the release does not ship the CRD.
    """
    return manifest_of(shipped_by(release)[name])


def manifest_of(crd: Crd) -> Manifest:
    """The apiextensions.k8s.io/v1 manifest of a CRD.

    A CRD that does not prune is written as it is found in a cluster that was upgraded,
    with `preserveUnknownFields: true`; an API server refuses to create such a one anew.
    """
    plural, _, group = crd.name.partition(".")
    names: Manifest = {
        "kind": crd.kind,
        "listKind": f"{crd.kind}List",
        "plural": plural,
        "singular": crd.kind.lower(),
    }
    if crd.short_names:
        names["shortNames"] = list(crd.short_names)
    spec: Manifest = {
        "group": group,
        "names": names,
        "scope": crd.scope,
        "versions": [version_entry(version) for _, version in sorted(crd.versions.items())],
    }
    if not crd.prunes:
        spec["preserveUnknownFields"] = True
    metadata: Manifest = {"name": crd.name}
    for key, values in (("labels", crd.labels), ("annotations", crd.annotations)):
        if values:
            metadata[key] = dict(values)
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    }


def version_entry(version: CrdVersion) -> Manifest:
    """A version, as `spec.versions` lists it."""
    entry: Manifest = {
        "name": version.name,
        "served": version.served,
        "storage": version.storage,
        "schema": {"openAPIV3Schema": schema_of(version.schema)},
    }
    if version.status:
        entry["subresources"] = {"status": {}}
    return entry


def schema_of(field: Field) -> Manifest:
    """The schema of a field and of all below it."""
    demands = field.constraints
    schema: Manifest = {key: demands[key] for key in AS_WRITTEN & demands.keys()}
    if field.type == "int-or-string":
        schema["x-kubernetes-int-or-string"] = True
    elif field.type != "any":
        schema["type"] = field.type
    if field.keeps_unknown_fields:
        schema["x-kubernetes-preserve-unknown-fields"] = True
    for key in ("required", "enum"):
        members = demands.get(key)
        if isinstance(members, tuple):
            schema[key] = list(members)
    schema |= list_type(demands.get("list_type"))
    schema |= groups(sorted(field.listed("one_of")))
    if field.fields:
        schema["properties"] = {name: schema_of(it) for name, it in sorted(field.fields.items())}
    if field.items is not None:
        schema["items"] = schema_of(field.items)
    if field.values is not None:
        schema["additionalProperties"] = schema_of(field.values)
    return dict(sorted(schema.items()))


def list_type(text: object) -> Mapping[str, Any]:
    """How the items of a list must differ, as a schema says it."""
    if not isinstance(text, str):
        return {}
    kind, _, keys = text.partition(":")
    said: Manifest = {"x-kubernetes-list-type": kind}
    if keys:
        said["x-kubernetes-list-map-keys"] = keys.split(",")
    return said


def groups(texts: list[str]) -> Mapping[str, Any]:
    """Groups of fields that exclude each other, as a schema says it."""
    said = [one_of(text) for text in texts]
    if len(said) > 1:
        return {"allOf": said}
    return said[0] if said else {}


def one_of(text: str) -> Manifest:
    """One group, such as `?a|b`."""
    choices: list[Manifest] = [{"required": [it]} for it in text.removeprefix("?").split("|")]
    nothing: list[Manifest] = [{"not": {"anyOf": choices}}] if text.startswith("?") else []
    return {"oneOf": nothing + choices}
