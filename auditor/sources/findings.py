"""What one file came to, before it is one of the files of a cluster."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from auditor.kinds import Kind
from auditor.objects import Obj
from auditor.seen import Gap
from auditor.snapshot import Remark, gap

MOST_LOSSES = 5
ALIKE = "were lost, alike"


@dataclass(frozen=True)
class Version:
    """An object as one place has it. `declared`: no cluster is known to have it like that.

    One that only `stands_in` for the object gives way to any other version of it.
    """

    thing: Obj
    declared: bool
    line: int | None
    stands_in: bool = False


@dataclass
class Findings:
    """What a file holds, and what it may hold beside."""

    file: str
    layout: str = ""
    """What the format of the file is called, where it has one of its own."""
    objects: list[Version] = field(default_factory=list)
    lists: set[Kind] = field(default_factory=set)
    """Kinds of which a list was there."""
    everywhere: set[Kind] = field(default_factory=set)
    """Kinds of which a list of the whole cluster was there."""
    listed_in: dict[Kind, set[str]] = field(default_factory=dict)
    """The namespaces of which a list was there, of kinds that are listed one by one."""
    unlisted: dict[Kind, str] = field(default_factory=dict)
    """Why a kind was not listed, or not in the other namespaces, where the format tells."""
    typed: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """The lists of one kind in their order, with the namespaces of what is in them."""
    loose: set[Kind] = field(default_factory=set)
    """Kinds of which objects were there outside of lists."""
    gaps: list[tuple[Kind, Gap]] = field(default_factory=list)
    """What was refused or left out, which a list of the whole cluster elsewhere makes up for."""
    losses: list[tuple[Kind, Gap]] = field(default_factory=list)
    """What was there and could not be read."""
    unread: list[str] = field(default_factory=list)
    """Why the file may hold objects of any kind."""
    remarks: list[Remark] = field(default_factory=list)
    passed_over: str = ""
    """Why there is no object in it, where nothing else is to be said of it."""
    kubernetes: bool = False
    """Whether there was anything of Kubernetes in it, of any kind."""
    records: list[tuple[Obj, str]] = field(default_factory=list, repr=False)
    """The releases of Helm's that are deployed, and what is stored of them, which may be secret."""
    stored: int = 0
    """How many of the objects store releases, deployed or not."""
    empty: str = ""
    """What is there to say of an empty List, beside that it lists nothing."""
    _lost: Counter[Kind | None] = field(default_factory=Counter)
    _enough: tuple[Kind, ...] = ()
    """Kinds of which the same has been told often enough."""

    @property
    def is_declared(self) -> bool:
        """Whether it holds manifests, and nothing that a cluster is known to have."""
        listed = self.lists or self.listed_in
        return bool(self.loose) and not listed and all(it.declared for it in self.objects)

    @property
    def is_usable(self) -> bool:
        """Whether something can be concluded from it."""
        return bool(self.objects or self.lists or self.listed_in)

    @property
    def complaint(self) -> str:
        """One line that says why nothing can be concluded from it."""
        telling = [remark for remark in self.remarks if not remark.what.endswith(ALIKE)]
        if telling:
            return str(telling[-1])
        return f"{self.file}: {self.passed_over or self.empty or 'holds no object of use here'}"

    def lose(self, why: str, kinds: tuple[Kind, ...], line: int | None) -> None:
        """Note something of these kinds that was there and could not be taken.

        Only the first few of a kind are told one by one.
        """
        if kinds is self._enough:
            return
        self._lost.update(kinds or (None,))
        few = [kind for kind in kinds or (None,) if self._lost[kind] <= MOST_LOSSES]
        if not few:
            if len(kinds) >= len(self._enough):
                self._enough = kinds  # a million items that are none name each kind there is
            last = (kinds or (None,))[0]
            if self._lost[last] == MOST_LOSSES + 1:
                self.remarks.append(Remark(self.file, f"more {last or 'things'} {ALIKE}"))
            return
        where = f"{self.file}:{line}" if line else self.file
        self.remarks.append(Remark(where, why))
        self.losses += [(kind, gap(kind, f"{where}: {why}")) for kind in few if kind]

    def may_hold_anything(self, why: str, line: int | None = None) -> None:
        """Note that nobody knows what the file holds, or holds beside."""
        where = f"{self.file}:{line}" if line else self.file
        if len(self.unread) < MOST_LOSSES:
            self.remarks.append(Remark(where, why))
            self.unread.append(f"{where}: {why}")
