"""What was seen, and what may be missing from it.

Three sentences carry the honesty of every rule. Iterating a `Seen` gives what was
seen and then, where something may be missing, raises `Unseen`. `any`, `all`, `in`,
`next` and `if` stop as soon as what was seen decides the question. `Unseen` becomes
a gap in `where`, `map` and `each`, and *unknown* in the engine; rules never catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Generic, Protocol, TypeVar

from auditor.asked import Asked

T = TypeVar("T")
U = TypeVar("U")

ALL = "*"
"""Any name, or any namespace, where some were looked for."""


@dataclass(frozen=True)
class LookedFor:
    """Names that were asked for one by one in some namespaces, and what came of each is known.

    A last `*` stands for any ending of a name, and alone for any namespace.
    """

    names: tuple[str, ...]
    namespaces: tuple[str, ...]

    def covers(self, name: str, namespace: str) -> bool:
        """Whether all that such a name may stand for was looked for in this namespace."""
        here = any(fnmatchcase(namespace, it) for it in self.namespaces)
        return here and any(fnmatchcase(name, it) for it in self.names)


@dataclass(frozen=True)
class Gap:
    """Something that was not read, why, and the command that would read it.

    It may hide anything anywhere, or only in one namespace, or in all `but` some. It may hide
    some `names` alone, or all but those that were `looked_for`. It is `unasked` where it holds
    only what nobody asked for: then nothing is missing, unless somebody asks for it.
    """

    what: str
    why: str
    get: str = ""
    namespace: str = ""
    but: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    looked_for: tuple[LookedFor, ...] = ()
    unasked: bool = False

    def hides(self, namespace: str, name: str = "") -> bool:
        """Whether something in this namespace, of a name where one is given, may be hidden."""
        if namespace in self.but or self.namespace not in ("", namespace):
            return False
        if not name:
            return True
        if any(it.covers(name, namespace) for it in self.looked_for):
            return False
        return not self.names or any(
            fnmatchcase(name, it) or fnmatchcase(it, name) for it in self.names
        )

    @property
    def anywhere(self) -> Gap:
        """The same gap, once what it hides may have another name and lie elsewhere than the gap."""
        return replace(self, namespace="", but=(), names=(), looked_for=(), unasked=False)

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class Unseen(BaseException):
    """The answer lies in what was not seen.

    Not an `Exception`, so that no `except Exception` in a rule can turn "cannot
    tell" into an answer.
    """

    def __init__(self, *gaps: Gap) -> None:
        super().__init__(*gaps)
        self.gaps = gaps

    def __str__(self) -> str:
        return "; ".join(map(str, self.gaps))


class Placed(Protocol):
    """Anything that lies in a namespace, or in none (the empty string)."""

    @property
    def namespace(self) -> str: ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True)
class Seen(Asked, Generic[T]):
    """Some things, and why there may be more of them."""

    so_far: tuple[T, ...] = ()
    """What was seen. To quote as evidence, never to conclude that there is no more."""
    gaps: tuple[Gap, ...] = ()

    def __iter__(self) -> Iterator[T]:
        yield from self.so_far
        if self.gaps:
            raise Unseen(*self.gaps)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def first(self) -> T | None:
        """The first of them. None when there are none, which only a whole listing can say."""
        return next(iter(self), None)

    def where(self, test: Callable[[T], object]) -> Seen[T]:
        """Those that pass a test. One that cannot be tested is a gap; the rest go on."""
        return self._look(lambda item: (item,) if test(item) else (), self.gaps)

    def some(self, test: Callable[[T], object]) -> bool:
        """Whether one of them passes a test: the first that does suffices, whatever else cannot
        be seen.
        """
        gaps = dict.fromkeys(self.gaps)
        for item in self.so_far:
            try:
                if test(item):
                    return True
            except Unseen as unseen:
                gaps.update(dict.fromkeys(gap.anywhere for gap in unseen.gaps))
        if gaps:
            raise Unseen(*gaps)
        return False

    def expecting(self, what: str) -> Seen[T]:
        """The same, where at least one must be: none at all means that we looked amiss.

        All of nothing is true, so what must hold of each needs one to hold of.
        """
        lost = Gap(what, "it was not found where it should be")
        return self if self.so_far or self.gaps else Seen(gaps=(lost,))

    def map(self, turn: Callable[[T], U]) -> Seen[U]:
        """What each of them turns into."""
        return self.each(lambda item: (turn(item),))

    def each(self, look: Callable[[T], Iterable[U]]) -> Seen[U]:
        """All that `look` finds in each. Where it cannot see is a gap; the rest go on.

        What an object shows may lie in another namespace than the object, so a gap in
        one namespace becomes a gap in all.
        """
        return self._look(look, tuple(gap.anywhere for gap in self.gaps))

    def _look(self, look: Callable[[T], Iterable[U]], gaps: tuple[Gap, ...]) -> Seen[U]:
        found: list[U] = []
        missing = dict.fromkeys(gaps)
        for item in self.so_far:
            try:
                for thing in look(item):  # one by one: what came before a blind spot stays
                    found.append(thing)  # noqa: PERF402
            except Unseen as unseen:
                missing.update(dict.fromkeys(gap.anywhere for gap in unseen.gaps))
        return Seen(tuple(found), tuple(missing))

    def __add__(self, other: Seen[T]) -> Seen[T]:
        """These and those: either may hide one."""
        gaps = dict.fromkeys(self.gaps + other.gaps)
        return Seen(self.so_far + other.so_far, tuple(gaps))

    def within(self: Seen[P], namespace: str) -> Seen[P]:
        """Those of one namespace; what is missing elsewhere does not matter here."""
        here = tuple(item for item in self.so_far if item.namespace == namespace)
        return Seen(here, tuple(gap for gap in self.gaps if gap.hides(namespace)))


def either(*tests: Callable[[], object]) -> bool:
    """Whether one of the tests holds: a true one suffices, whatever the others cannot see.

    Raises `Unseen` when none that could be tested holds and one could not be tested.
    """
    return bool(Seen(tests).where(lambda test: test()))
