"""What was read from a cluster, and what could not be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property

from auditor.kinds import ALL, CRD, Kind
from auditor.objects import Obj
from auditor.seen import Gap, LookedFor, Seen

MOST_NAMES = 3


@dataclass(frozen=True)
class Remark:
    """Something about a source that a reader must know: a file that was not read, a conflict."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Snapshot:
    """What was seen of each kind, and a `Gap` wherever something was not.

    An empty `Seen` without gaps means the cluster has none. A kind that is not
    here was never asked for, which is a gap as well: silence is not absence.
    """

    kinds: Mapping[Kind, Seen[Obj]]
    description: str = ""
    layouts: tuple[str, ...] = ()
    time: datetime | None = None
    """When the dump was taken, where it tells."""
    assumed: frozenset[Kind] = frozenset()
    """Kinds whose objects lay loose and were taken for all that there are."""
    remarks: tuple[Remark, ...] = ()
    elsewhere: tuple[Gap, ...] = field(default=())
    """What may hide objects of any kind, such as a file that could not be read."""
    cluster: str = ""
    """What the cluster is known by: the uid of its Namespace kube-system, where it was read."""

    def seen(self, kind: Kind) -> Seen[Obj]:
        """All that was seen of a kind."""
        return self.kinds.get(kind, Seen(gaps=(gap(kind, "not collected"), *self.elsewhere)))

    def unanswered(self, kind: Kind) -> tuple[Gap, ...]:
        """What was asked for of a kind and may be missing; not what lies beside what was asked."""
        return tuple(gap for gap in self.seen(kind).gaps if not gap.unasked)

    def looked_for(self, kind: Kind) -> tuple[LookedFor, ...]:
        """The names that were all that was asked for of a kind; none where it was listed."""
        return tuple(it for gap in self.seen(kind).gaps for it in gap.looked_for)

    @cached_property
    def _named(self) -> dict[Kind, dict[str, dict[str, list[Obj]]]]:
        named: dict[Kind, dict[str, dict[str, list[Obj]]]] = {}
        for kind, seen in self.kinds.items():
            places = named.setdefault(kind, {})
            for thing in seen.so_far:
                places.setdefault(thing.namespace, {}).setdefault(thing.name, []).append(thing)
        return named

    def within(self, kind: Kind, namespace: str, names: str = "") -> Seen[Obj]:
        """What was seen of a kind in one namespace, without walking through all the others.

        `names` narrows it to those that begin alike, such as `sh.helm.release.v1.*`.
        """
        key = kind, namespace, names
        if key not in self._within:
            self._within[key] = self._found_within(*key)
        return self._within[key]

    @cached_property
    def _within(self) -> dict[tuple[Kind, str, str], Seen[Obj]]:
        """What was asked for of namespaces, each once."""
        return {}

    def _found_within(self, kind: Kind, namespace: str, names: str) -> Seen[Obj]:
        named = self._named.get(kind, {}).get(namespace, {})
        here = tuple(
            thing
            for name, same in named.items()
            if not names or fnmatchcase(name, names)
            for thing in same
        )
        gaps = self.seen(kind).gaps
        return Seen(here, tuple(gap for gap in gaps if gap.hides(namespace, names)))

    def find(self, kind: Kind, name: str, namespace: str = "") -> Seen[Obj]:
        """The object of a name; none where a whole listing, or a look for it, says so."""
        here = self._named.get(kind, {}).get(namespace, {}).get(name, ())
        gaps = () if here else self.seen(kind).gaps
        return Seen(tuple(here), tuple(gap for gap in gaps if gap.hides(namespace, name)))


def settled(snapshot: Snapshot) -> Snapshot:
    """The snapshot, where a custom kind whose definition is not installed is known to be empty.

    Only a whole listing of CustomResourceDefinitions can say so, not one that was taken for
    whole, nor one that may have been picked by name: a definition that nobody here asks for
    shows that it was not. Without this nobody could ever show that there are no
    IstioControlPlanes: kubectl refuses to list what the cluster does not know.
    """
    definitions = snapshot.seen(CRD)
    installed = {
        (crd.at("spec", "group").held, crd.at("spec", "names", "plural").held)
        for crd in definitions.so_far
    }
    picked = {group for group, _ in installed} <= {kind.group for kind in ALL}
    if definitions.gaps or CRD in snapshot.assumed or picked:
        return snapshot
    empty = {
        kind: Seen[Obj]()
        for kind in ALL
        if kind.is_custom
        and (kind.group, kind.plural) not in installed
        and not snapshot.seen(kind).so_far
    }
    return replace(snapshot, kinds={**snapshot.kinds, **empty})


def gap(
    kind: Kind, why: str, namespace: str = "", but: Iterable[str] = (), get: str | None = None
) -> Gap:
    """A kind that was not listed, and the command that would list it."""
    but = tuple(but)
    what = str(kind)
    what += f" in {namespace}" if namespace else f" outside {', '.join(but)}" if but else ""
    where = f" -n {namespace}" if namespace else " -A" if kind.namespaced else ""
    command = f"kubectl get {kind}{where} -o yaml" if get is None else get
    return Gap(what, why, command, namespace, but)


def few(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
