"""What is kept of an object: a projection, and the guard against reading beyond it.

A dump of a large cluster is mostly what no rule asks for. Each kind names the fields
that are kept; whatever else a rule asks for raises `NotKept`, so that a field which
was dropped is never taken for one that was absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Keeps: TypeAlias = "Mapping[str, Keeps] | Whole"


class NotKept(Exception):
    """A rule or a model asked for a field that its kind does not keep."""


class Whole:
    """Everything at this place is kept."""


class Turned(Whole):
    """Everything at this place is kept after a turn, such as one that drops secrets."""

    def __init__(self, turn: Callable[[Any], Any]) -> None:
        self.turn = turn


WHOLE = Whole()


def keeping(paths: Iterable[str], turns: Mapping[str, Callable[[Any], Any]]) -> Keeps:
    """The projection that `paths` describe, such as `spec.containers[].image`.

    `[]` stands for every item of a list and every value of a mapping. A path of `turns`
    is kept as what its function makes of the value found there.
    """
    tree: dict[str, Any] = {}
    ends: dict[str, Whole | Turned] = dict.fromkeys(paths, WHOLE)
    ends.update({path: Turned(turn) for path, turn in turns.items()})
    for path, end in ends.items():
        *above, last = path.replace("[]", ".*").split(".")
        place = tree
        for step in above:
            place = place.setdefault(step, {})
        place[last] = end
    return tree


def below(keeps: Keeps, step: str | int) -> Keeps:
    """The projection one step down.

    Raises `NotKept` where nothing is kept there.
    """
    if isinstance(keeps, Whole):
        return WHOLE
    found = keeps.get(str(step), keeps.get("*"))
    if found is None:
        raise NotKept(f"{step!r} is not kept here; add it to the `keeps` of its kind")
    return found


def projected(value: Any, keeps: Keeps, *, turning: bool = True) -> Any:
    """What is kept of a value. A value of another shape than expected is kept as it is.

    Without `turning` it is only rid of what is not kept, and may be projected again.
    """
    if isinstance(keeps, Turned):
        return keeps.turn(value) if turning else value
    if isinstance(keeps, Whole):
        return value
    if isinstance(value, Mapping):
        rest = keeps.get("*")
        return {
            key: projected(item, kept, turning=turning)
            for key, item in value.items()
            if (kept := keeps.get(key, rest)) is not None
        }
    if isinstance(value, list):
        each = keeps.get("*")
        if each is None:
            return value
        return [projected(item, each, turning=turning) for item in value]
    return value
