"""Objects by their namespaces and labels, so that nothing need walk through all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.objects import Field, Obj
from auditor.seen import Seen


@dataclass(frozen=True)
class Labelled:
    """Things, grouped once by where they are and what they carry."""

    things: Seen[Obj]

    def within(self, namespace: str) -> Labelled:
        """Those of one namespace."""
        if namespace in self._places:
            return self._places[namespace]
        return Labelled(Seen(gaps=self.things.gaps).within(namespace))

    def carrying(self, wanted: tuple[Field, ...]) -> Seen[Obj]:
        """Those that carry each of some labels; all of them where none is wanted."""
        if not wanted:
            return self.things
        candidates = Seen(self._candidates(wanted), self.things.gaps)
        return candidates.where(lambda thing: _carries(thing, wanted))

    def _candidates(self, wanted: tuple[Field, ...]) -> tuple[Obj, ...]:
        """The few that may carry them, where what is wanted is known."""
        pairs = [(it.path[-1], it.held) for it in wanted]
        if not all(isinstance(value, str) for _, value in pairs):
            return self.things.so_far
        return (*min((self._carrying.get(it, ()) for it in pairs), key=len), *self._unsure)

    @cached_property
    def _places(self) -> dict[str, Labelled]:
        places: dict[str, list[Obj]] = {}
        for thing in self.things.so_far:
            places.setdefault(thing.namespace, []).append(thing)
        gaps = self.things.gaps
        return {
            name: Labelled(Seen(tuple(here), tuple(gap for gap in gaps if gap.hides(name))))
            for name, here in places.items()
        }

    @cached_property
    def _carrying(self) -> dict[tuple[object, object], tuple[Obj, ...]]:
        carrying: dict[tuple[object, object], list[Obj]] = {}
        for thing in self.things.so_far:
            if (labels := _plain_labels(thing)) is not None:
                for label in labels.items():
                    carrying.setdefault(label, []).append(thing)
        return {label: tuple(things) for label, things in carrying.items()}

    @cached_property
    def _unsure(self) -> tuple[Obj, ...]:
        """Those whose labels are withheld, in whole or in part: each must be asked."""
        return tuple(thing for thing in self.things.so_far if _plain_labels(thing) is None)


def _plain_labels(thing: Obj) -> Mapping[str, str] | None:
    """The labels of an object; None where not all of them are known."""
    labels = thing.at("metadata", "labels")
    if labels.gap or not isinstance(labels.held or {}, Mapping):
        return None
    return labels.held or {}


def _carries(thing: Obj, wanted: tuple[Field, ...]) -> bool:
    """Whether an object carries each of some labels. Raises `Unseen` where what is withheld
    decides.
    """
    labels = thing.at("metadata", "labels")
    return not Seen(wanted).where(lambda it: labels.at(*it.path[-1:]).value != it.value)
