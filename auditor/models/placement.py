"""Settings of a custom resource that stand where nothing reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.kinds import ISTIO_OPERATOR
from auditor.models import known_fields as known
from auditor.models.mesh_types import IN_QUOTES, Mistyped, in_quotes, mistyped, named, text
from auditor.objects import Field, Obj, dotted
from auditor.private import without_private_keys

Path = tuple[str | int, ...]
Move = tuple[Path, Path, Any]
"""From where to where, and what: a place that is empty takes away, or puts in."""


@dataclass(frozen=True)
class Misplaced:
    """A setting that nothing reads, or that loses others, and how to mend it."""

    said: str
    field: Field
    """Its place, its value in words."""
    moves: tuple[Move, ...] = ()
    """What to change of the resource; none where only a person can tell."""
    mild: bool = False


def misplaced(resource: Obj) -> Iterator[Misplaced]:
    """Everything in a resource's specification that stands where nothing reads it."""
    spec = resource.at("spec")
    if resource.kind == ISTIO_OPERATOR:
        yield from _of_operator(spec)
        yield from _of_mesh_config(spec.at("values", "meshConfig"))
    else:
        yield from _unknown(spec, known.CONTROL_PLANE)
        yield from _unknown(spec.at("istiod"), known.ISTIOD)
        yield from _variables(spec.at("istiod", "deployment", "env"))
    yield from _of_mesh_config(spec.at("meshConfig"))


def _of_operator(spec: Field) -> Iterator[Misplaced]:
    yield from _unknown(spec, known.OPERATOR)
    yield from _unknown(spec.at("components"), known.COMPONENTS)
    yield from _unknown(spec.at("components", "pilot"), known.PILOT)
    yield from _variables(spec.at("components", "pilot", "k8s", "env"))


def _unknown(place: Field, names: frozenset[str]) -> Iterator[Misplaced]:
    """Fields that the schema does not have: istioctl refuses them, and the API server of an
    IstioControlPlane drops them without a word.
    """
    for field in _fields(place):
        name = str(field.path[-1])
        if known.is_known(name, names):
            continue
        where = dotted(field.path)
        if name == "meshConfig" and place.path == ("spec", "components"):
            said = f"nothing reads {where}: it belongs to spec.meshConfig"
            yield Misplaced(said, _worded(field), (_move(field, ("spec", "meshConfig")),))
        elif other := known.meant(name, names):
            said = f"{where} is misspelt: it is {other}"
            yield Misplaced(said, _worded(field), (_move(field, (*place.path, other)),))
        elif known.is_known(name, known.MESH_CONFIG):
            said = f"nothing reads {where}: it belongs under spec.meshConfig"
            yield Misplaced(said, _worded(field), (_move(field, ("spec", "meshConfig", name)),))
        else:
            yield Misplaced(f"nothing reads {where}: there is no such field", _worded(field))


def _of_mesh_config(config: Field) -> Iterator[Misplaced]:
    yield from _slips(config, known.MESH_CONFIG)
    defaults = named(config, "defaultConfig")
    yield from _slips(defaults, known.PROXY_DEFAULTS)
    for item in _items(named(config, "caCertificates")):
        yield from _slips(item, known.ANCHOR)
    for field in _fields(config):
        name = str(field.path[-1])
        if known.is_known(name, known.PROXY_DEFAULTS) and not known.is_known(
            name, known.MESH_CONFIG
        ):
            to = (*config.path, "defaultConfig", name)
            said = f"nothing reads {dotted(field.path)}: it belongs under defaultConfig"
            yield Misplaced(said, _worded(field), (_move(field, to),))
    for wrong in mistyped(config):
        yield _typed(wrong)


def _slips(place: Field, names: frozenset[str]) -> Iterator[Misplaced]:
    """Misspelt fields; one that only is not known may be newer than what we know."""
    for field in _fields(place):
        name = str(field.path[-1])
        if known.is_known(name, names):
            continue
        if (other := known.meant(name, names)) and not place.at(other):
            said = f"{dotted(field.path)} is misspelt, so nothing reads it: it is {other}"
            yield Misplaced(said, _worded(field), (_move(field, (*place.path, other)),))


def _variables(variables: Field) -> Iterator[Misplaced]:
    for variable in _items(variables):
        value = variable.at("value")
        if value.value is not None:
            yield from map(_typed, text(value))


def _typed(wrong: Mistyped) -> Misplaced:
    """What is meant as a text can be put in quotes; what else is meant, only a person knows."""
    said = f"{dotted(wrong.field.path)} is not {wrong.expected}"
    held = wrong.field.held
    if wrong.expected == IN_QUOTES and isinstance(held, bool | int | float):
        meant: Move = ((), wrong.field.path, json.dumps(held))
        return Misplaced(said, wrong.field, (meant,))
    return Misplaced(said, _worded(wrong.field))


def _move(field: Field, to: Path) -> Move:
    return field.path, to, _quoted(without_private_keys(field.held))


def _quoted(value: Any) -> Any:
    """A moved mesh configuration with the texts of its `proxyMetadata` in quotes."""
    if not isinstance(value, Mapping):
        return value
    metadata = value.get("proxyMetadata")
    if isinstance(metadata, Mapping):
        return {**value, "proxyMetadata": in_quotes(metadata)}
    return {key: _quoted(item) for key, item in value.items()}


def _worded(field: Field) -> Field:
    """A field as it may be quoted: by the names in it where it is more than one value."""
    if field.gap:
        return field
    if isinstance(field.held, Mapping):
        return field.holding(", ".join(map(str, field.held)) or "(empty)")
    if isinstance(field.held, list):
        return field.holding(f"(a list of {len(field.held)})")
    return field.holding(without_private_keys(field.held))


def _fields(place: Field) -> tuple[Field, ...]:
    return place.each() if isinstance(place.held, Mapping) else ()


def _items(place: Field) -> tuple[Field, ...]:
    return place.each() if isinstance(place.held, list) else ()
