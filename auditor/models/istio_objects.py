"""The objects of Istio's own API, and what the schemas in the cluster do to them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.cluster import Cluster, Model
from auditor.facts.crds import shipped_by
from auditor.facts.definition import Crd
from auditor.facts.objects import UNKNOWN, Misfit, misfits
from auditor.kinds import ISTIO_CONFIG
from auditor.models.crd_content import CRD_CONTENTS, InstalledCrd
from auditor.models.crd_needs import CRD_NEEDS, NeededCrd, Reader
from auditor.objects import Field, Obj, Ref, dotted
from auditor.private import COPY
from auditor.seen import Seen


class Loss(StrEnum):
    """How an object loses something on a schema, in words."""

    DROPPED = "is dropped when the object is written"
    """A field that it has, and the schema does not know."""
    GONE = "was dropped when the object was written"
    """A field that only the copy has of what was last applied."""
    REFUSED = "has a value that is refused when the object is written"
    """A value of a choice that the schema does not list."""


LOSSES = {UNKNOWN: Loss.DROPPED, "enum": Loss.REFUSED}
"""How an object shows that it uses what a schema lacks."""


@dataclass(frozen=True)
class LosingObject:
    """An object that uses what a running release knows and the installed schema does not."""

    thing: Obj
    place: Field
    """The field that it loses, or the copy that still has it."""
    path: str
    """The field, as a person writes it: `spec.http[0].match[0].uri`."""
    how: Loss
    reader: Reader
    content: InstalledCrd

    @property
    def ref(self) -> Ref:
        return self.thing.ref


def _build(cluster: Cluster) -> Mapping[str, Seen[Obj]]:
    return {str(kind): cluster[kind] for kind in ISTIO_CONFIG}


ISTIO_OBJECTS: Model[Mapping[str, Seen[Obj]]] = Model("Istio objects", ISTIO_CONFIG, _build)
"""By the name of their CRD."""


def _losing(cluster: Cluster) -> Seen[LosingObject]:
    return cluster.model(CRD_NEEDS).each(lambda it: _losing_on(it, cluster))


def _losing_on(needed: NeededCrd, cluster: Cluster) -> Iterator[LosingObject]:
    """The objects of a kind are looked at only where its schema lacks something."""
    crd = needed.found.first()
    if crd is None:
        return
    contents = cluster.model(CRD_CONTENTS)
    content = contents.of(crd)
    losing = needed.readers.where(lambda it: contents.lost_by(it.release, content))
    if losing:
        things = cluster.model(ISTIO_OBJECTS)[crd.name]
        yield from things.each(lambda it: _lost(it, content, losing.so_far))


LOSING_OBJECTS: Model[Seen[LosingObject]] = Model(
    "objects that lose something", (CRD_CONTENTS, CRD_NEEDS, ISTIO_OBJECTS), _losing
)


def _lost(thing: Obj, content: InstalledCrd, readers: tuple[Reader, ...]) -> Iterator[LosingObject]:
    """The first thing that an object loses, by itself or by its last applied copy."""
    for reader in readers:
        own = shipped_by(reader.release)[content.crd.name]
        for place, spec in _specs(thing):
            kept = {it.path for it in _misfits(spec, thing, own)}
            for misfit in _misfits(spec, thing, content.crd):
                how = LOSSES.get(misfit.what)
                path = dotted(misfit.path)
                if how is None or misfit.path in kept:
                    continue
                if place.path == ("spec",):
                    yield LosingObject(thing, thing.at(*misfit.path), path, how, reader, content)
                    return
                if how is Loss.DROPPED:
                    gone = place.holding(path)
                    yield LosingObject(thing, gone, path, Loss.GONE, reader, content)
                    return


def _specs(thing: Obj) -> Iterator[tuple[Field, object]]:
    """What an object asks for, and what was asked for when it was last applied."""
    spec = thing.at("spec")
    yield spec, spec.value
    copy = thing.annotation(COPY)
    if copy:
        yield copy, json.loads(copy.value)["spec"]


def _misfits(spec: object, thing: Obj, crd: Crd) -> Iterator[Misfit]:
    """Where a specification does not fit the version of a CRD that the object is of."""
    version = crd.versions.get(thing.ref.version) or crd.versions.get(crd.stored_as or "")
    if version is not None:
        yield from misfits({} if spec is None else {"spec": spec}, version.schema)


def misfits_of(thing: Obj, content: InstalledCrd) -> tuple[Misfit, ...]:
    """Where an object does not fit the schema of its kind."""
    return tuple(_misfits(thing.at("spec").value, thing, content.crd))


def istio_objects(cluster: Cluster) -> Seen[Obj]:
    """Every object of Istio's own API."""
    seen = cluster.model(ISTIO_OBJECTS).values()
    things = tuple(thing for some in seen for thing in some.so_far)
    return Seen(things, tuple(dict.fromkeys(gap for some in seen for gap in some.gaps)))
