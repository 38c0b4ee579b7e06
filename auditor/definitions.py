"""What is kept of a CustomResourceDefinition's spec: names and versions, and Istio's schemas.

Schemas are most of what a cluster's definitions hold, and descriptions most of a schema.
Only those of Istio's own kinds are compared with anything, so the rest goes at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEPT = ("group", "names", "scope", "preserveUnknownFields", "version")
OF_A_VERSION = ("name", "served", "storage")
WITH_SCHEMAS = ".istio.io"
PROSE = frozenset(("description", "example", "externalDocs", "title"))


def definition(spec: Any) -> Any:
    """The spec of a CustomResourceDefinition, its schemas only where they are Istio's."""
    if not isinstance(spec, Mapping):
        return spec
    group = spec.get("group")
    schemas = isinstance(group, str) and group.endswith(WITH_SCHEMAS)
    kept = {key: spec[key] for key in KEPT if key in spec}
    if "versions" in spec:
        listed = spec["versions"]
        each = [_version(it, schemas) for it in listed] if isinstance(listed, list) else listed
        kept["versions"] = each
    if schemas:
        kept |= _schemas(spec, "validation")
    return kept


def _version(entry: Any, schemas: bool) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    kept = {key: entry[key] for key in OF_A_VERSION if key in entry}
    return {**kept, **_schemas(entry, "schema")} if schemas else kept


def _schemas(holder: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The schema below a key, and the subresources beside it."""
    kept = {"subresources": holder["subresources"]} if "subresources" in holder else {}
    if key in holder:
        kept[key] = without_prose(holder[key])
    return kept


def without_prose(schema: Any, named: bool = False) -> Any:
    """A schema without what only people read; a field that is called so is `named`, and stays."""
    if isinstance(schema, list):
        return [without_prose(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: without_prose(item, not named and key in ("properties", "patternProperties"))
        for key, item in schema.items()
        if named or key not in PROSE
    }
