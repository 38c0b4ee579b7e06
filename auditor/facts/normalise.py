"""From an openAPIV3Schema, as a CustomResourceDefinition has it, to a tree of fields."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from auditor.facts.fields import Field, Value
from auditor.facts.groups import Combinations, combinations

Schema = Mapping[str, Any]

OF_EVERY_OBJECT = frozenset({"apiVersion", "kind", "metadata"})
"""The fields of the root that every object has, whatever its schema says."""

AS_WRITTEN = {
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
}
"""The keywords that are taken over as they are. False is the same as absent."""

READ = {
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "items",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
}
"""The keywords that have a place of their own in a field."""

WITHOUT_EFFECT = {
    "$schema",
    "description",
    "example",
    "externalDocs",
    "id",
    "title",
    "x-kubernetes-map-type",
}
"""The keywords that decide neither what is accepted nor what is kept."""

STRINGS = re.compile(r'\[("[^"]*"(?:,"[^"]*")*)\]')


class MalformedCrd(ValueError):
    """A CustomResourceDefinition, or its schema, that is not formed as one must be."""


def field_of(schema: Schema, place: str = "the schema") -> Field:
    """The tree of fields of an openAPIV3Schema.

    `apiVersion`, `kind` and `metadata` of the root are left out. A keyword that this
    module does not know counts by its hash, as `logic`: a schema with one is never taken
    for a schema without. Raises MalformedCrd, which names the place.
    """
    root = field(schema, place)
    fields = {name: it for name, it in root.fields.items() if name not in OF_EVERY_OBJECT}
    kind = "object" if root.type == "any" else root.type
    return Field({**root.constraints, "type": kind}, fields, root.items, root.values)


def field(schema: Schema, place: str, also: tuple[Schema, ...] = ()) -> Field:
    """The field of a schema, with what combinations above it also demand of it."""
    found = combinations(mapping(schema, place), also)
    children = {
        name: field(child, f"{place}.{name}", found.of_fields.get(name, ()))
        for name, child in mapping(schema.get("properties", {}), f"{place}.properties").items()
    }
    items, values = schema.get("items"), schema.get("additionalProperties")
    return Field(
        constraints=constraints(schema, place, found),
        fields=children,
        items=None if items is None else field(items, f"{place}[]"),
        values=map_values(values, f"{place}{{}}"),
    )


def map_values(schema: object, place: str) -> Field | None:
    """The field of a map's values; a map of anything keeps all of them."""
    if schema is None or schema is False:
        return None
    if schema is True:
        return Field({"type": "any", "keep": True})
    return field(mapping(schema, place), place)


def mapping(value: object, place: str) -> Schema:
    """A value that must be a mapping."""
    if not isinstance(value, Mapping):
        raise MalformedCrd(f"{place} is no mapping")
    return value


def constraints(schema: Schema, place: str, found: Combinations) -> dict[str, Value]:
    """What a schema demands of a value, as `Field.constraints` has it."""
    kind = schema.get("type", "any")
    if not isinstance(kind, str):
        raise MalformedCrd(f"{place}.type is no text")
    demands: dict[str, Value] = {"type": kind}
    if schema.get("x-kubernetes-int-or-string"):
        demands["type"] = "int-or-string"
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        demands["keep"] = True
    if "pattern" in schema:
        demands["pattern"] = digest(str(schema["pattern"]))
    if list_type := list_type_of(schema):
        demands["list_type"] = list_type
    for key in AS_WRITTEN & schema.keys():
        if schema[key] is not False and schema[key] is not None:
            demands[key] = whole(schema[key])
    lists: dict[str, Collection[str]] = {
        # Not made a set: Istio 1.23 names one required field three times, and installed so.
        "required": [str(name) for name in listed(schema, "required", place)],
        "enum": [it if isinstance(it, str) else dumped(it) for it in listed(schema, "enum", place)],
        "cel": {rule_hash(it, place) for it in listed(schema, "x-kubernetes-validations", place)},
        "one_of": set(found.groups),
        "logic": {digest(dumped(it)) for it in (*found.others, *unknown(schema, found))},
    }
    return demands | {key: tuple(sorted(members)) for key, members in lists.items() if members}


def listed(schema: Schema, key: str, place: str) -> list[Any]:
    """The members of a keyword that is a list, none where it is absent."""
    value = schema.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedCrd(f"{place}.{key} is no list")
    return value


def list_type_of(schema: Schema) -> str | None:
    """How the items of a list must differ: `set`, `map:KEY`, or not at all."""
    kind = schema.get("x-kubernetes-list-type")
    if kind == "map":
        return "map:" + ",".join(schema.get("x-kubernetes-list-map-keys", ()))
    return "set" if kind == "set" else None


def unknown(schema: Schema, found: Combinations) -> Iterator[Any]:
    """What a schema says that has no other place: keywords that this module does not know."""
    for key in sorted(schema.keys() - READ - AS_WRITTEN - WITHOUT_EFFECT):
        if schema[key] is not False and schema[key] is not None:
            yield {key: schema[key]}
    if schema.get("additionalProperties") is False:
        yield {"additionalProperties": False}
    for name in sorted(found.of_fields.keys() - schema.get("properties", {}).keys()):
        yield {name: found.of_fields[name]}


def whole(value: Any) -> Value:
    """A number as an integer where it is one: `1.0` and `1` are the same limit."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    limit: Value = value
    return limit


def rule_hash(entry: object, place: str) -> str:
    """The hash of a CEL rule, equal for a rule that was only written in another way.

    White space, the kind of quotes, and the order in a list of texts are no difference.
    """
    rule = re.sub(r"\s", "", str(mapping(entry, f"{place}.x-kubernetes-validations").get("rule")))
    return digest(STRINGS.sub(sorted_strings, rule.replace("'", '"')))


def sorted_strings(match: re.Match[str]) -> str:
    """A list of texts in a rule, in order."""
    return f"[{','.join(sorted(match[1].split(',')))}]"


def digest(text: str) -> str:
    """The first ten hex digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def dumped(value: object) -> str:
    """A part of a schema as JSON, keys sorted."""
    return json.dumps(value, sort_keys=True)
