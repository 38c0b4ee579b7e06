"""A schema as a tree of fields: all that decides which objects fit, and nothing else.

Descriptions, examples and printer columns are left out. Patterns and CEL rules are
there as hashes: two schemas can be told apart by them, but a rule cannot be evaluated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

Value = str | int | float | bool | tuple[str, ...]

HASHED = frozenset({"cel", "pattern", "logic"})
"""The constraints of which only a hash is known."""


@dataclass(frozen=True)
class Field:
    """One place in a schema: what it demands of a value, and what lies below it.

    `constraints` always has `type`: one of `object`, `array`, `string`, `integer`,
    `number`, `boolean`, `int-or-string` and `any`. Its other keys are those of the
    schema (`format`, `maximum`, `nullable`, ...) and these: `required`, `enum`, `keep`
    (unknown fields are kept), `list_type` (`set` or `map:KEY`), `one_of` (groups of
    fields that exclude each other: `a|b`, or `?a|b` if none need be set), and the
    hashes `pattern`, `cel` and `logic`. Lists are sorted tuples.
    """

    constraints: Mapping[str, Value]
    fields: Mapping[str, Field] = field(default_factory=dict)
    items: Field | None = None
    """The field that every item of an array is; `[]` in a path."""
    values: Field | None = None
    """The field that every value of a map is; `{}` in a path."""

    @property
    def type(self) -> str:
        """The JSON type that a value must have."""
        return str(self.constraints["type"])

    @property
    def keeps_unknown_fields(self) -> bool:
        """Whether fields that the schema does not know survive at this place."""
        return bool(self.constraints.get("keep"))

    def listed(self, constraint: str) -> frozenset[str]:
        """The members of a constraint that is a list, empty where it is not set."""
        value = self.constraints.get(constraint, ())
        return frozenset(value) if isinstance(value, tuple) else frozenset()

    def below(self) -> Iterator[tuple[str, Field]]:
        """The fields right below this one, each with what its path adds to this one's."""
        for name in sorted(self.fields):
            yield f".{name}", self.fields[name]
        if self.items is not None:
            yield "[]", self.items
        if self.values is not None:
            yield "{}", self.values

    def walk(self, path: str = "") -> Iterator[tuple[str, Field]]:
        """The field itself and all below it, each with its path: `spec.http[].match[].uri`."""
        yield path, self
        for step, child in self.below():
            yield from child.walk((path + step).removeprefix("."))

    @cached_property
    def size(self) -> int:
        """How many fields this is, with all below it."""
        return 1 + sum(child.size for _, child in self.below())

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that only a schema with the same demands has.

        The first of the SHA-256 of the JSON, keys sorted, of an object from each path
        to the constraints of that field.
        """
        demands = {path: dict(place.constraints) for path, place in self.walk()}
        return hashlib.sha256(json.dumps(demands, sort_keys=True).encode()).hexdigest()[:12]

    def without(self, constraints: Collection[str]) -> Field:
        """The same tree, these constraints left out.

        With `HASHED`, so that a schema can be compared whose rules are not known.
        """
        return replace(
            self,
            constraints={k: v for k, v in self.constraints.items() if k not in constraints},
            fields={name: child.without(constraints) for name, child in self.fields.items()},
            items=self.items and self.items.without(constraints),
            values=self.values and self.values.without(constraints),
        )
