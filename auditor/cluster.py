"""The view of a snapshot that one rule is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar, cast

from auditor.kinds import Kind
from auditor.objects import Obj
from auditor.seen import Seen
from auditor.snapshot import Snapshot

T = TypeVar("T")
AHEAD = timedelta(days=30)
"""How early the end of a certificate is told, unless a person says otherwise."""


@dataclass(frozen=True, eq=False)
class Model(Generic[T]):
    """A conclusion that many rules share, and what it is drawn from.

    Each is itself alone: comparing all that it reads would cost more than to draw it.
    """

    name: str
    reads: tuple[Source, ...]
    build: Callable[[Cluster], T]


Source: TypeAlias = Kind | Model[Any]


def kinds_of(reads: Iterable[Source]) -> tuple[Kind, ...]:
    """The kinds that must be listed to give all that `reads` names."""
    kinds: set[Kind] = set()
    for source in reads:
        kinds.update(kinds_of(source.reads) if isinstance(source, Model) else (source,))
    return tuple(sorted(kinds))


class UndeclaredEvidence(Exception):
    """A rule or a model read something that its `reads` do not name."""


@dataclass
class Built:
    """The conclusions of one audit, each drawn once, and the moment they are judged at."""

    now: datetime
    ahead: timedelta = AHEAD
    models: dict[Model[Any], tuple[Cluster, Any]] = field(default_factory=dict)


class Cluster:
    """Hands a rule, or a model, the evidence it declared, and nothing else."""

    def __init__(
        self, snapshot: Snapshot, reads: Iterable[Source], built: Built | None = None
    ) -> None:
        self._snapshot = snapshot
        self._reads = set(reads)
        self._kinds = frozenset(kinds_of(self._reads))
        self._built = built or Built(snapshot.time or datetime.now(UTC))
        self._read: set[Source] = set()

    @property
    def now(self) -> datetime:
        """The moment to judge validity by: the dump's, where it tells."""
        return self._built.now

    @property
    def ahead(self) -> timedelta:
        """How long from now on what has an end should last."""
        return self._built.ahead

    def __getitem__(self, kind: Kind) -> Seen[Obj]:
        self._declared(kind, self._kinds)
        return self._snapshot.seen(kind)

    def within(self, kind: Kind, namespace: str, names: str = "") -> Seen[Obj]:
        """What was seen of a kind in one namespace; with `names` of those that begin alike."""
        self._declared(kind, self._kinds)
        return self._snapshot.within(kind, namespace, names)

    def find(self, kind: Kind, name: str, namespace: str = "") -> Obj | None:
        """One object by its name. None when there is none.

        Only a whole listing can say that, or a look for just this name.
        """
        self._declared(kind, self._kinds)
        return self._snapshot.find(kind, name, namespace).first()

    def shown(self, kind: Kind, name: str, namespace: str = "") -> tuple[Obj, ...]:
        """The object of a name, if it was seen; to advise, never to conclude that there is none."""
        self._declared(kind, self._kinds)
        return self._snapshot.find(kind, name, namespace).so_far

    def model(self, model: Model[T]) -> T:
        """The conclusion of a model, drawn once for all who ask."""
        self._declared(model, self._reads)
        models = self._built.models
        if model not in models:
            view = Cluster(self._snapshot, model.reads, self._built)
            models[model] = view, model.build(view)
        return cast("T", models[model][1])

    def _declared(self, source: Source, reads: Collection[Source]) -> None:
        if source not in reads:
            raise UndeclaredEvidence(f"{source} is not among what it reads")
        self._read.add(source)

    @property
    def used(self) -> set[Kind]:
        """The kinds that were in fact read, here and by the models that were asked."""
        used: set[Kind] = set()
        for source in self._read:
            if isinstance(source, Model):
                used |= self._built.models[source][0].used
            else:
                used.add(source)
        return used
