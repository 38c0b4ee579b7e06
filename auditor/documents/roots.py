"""The root mapping of a document, key by key, before it is one mapping.

Two Lists that were printed into one file without `---` between them are one document of YAML,
whose second half would silently replace the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

# A root that says one of these again is the next object, not the same one.
_BEGINS_AGAIN = ("apiVersion", "items", "kind")


class Pair(NamedTuple):
    """A key of a root and its value, `at` being where the key's first character is."""

    key: str
    value: Any
    at: int


def separated(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    """The pairs of each root that was written, where several were written as one."""
    start = 0
    seen: set[str] = set()
    for position, pair in enumerate(pairs):
        if pair.key in _BEGINS_AGAIN and pair.key in seen:
            border = _first_of_root(pairs, start, position)
            yield pairs[start:border]
            start = border
            seen = {earlier.key for earlier in pairs[border:position]}
        seen.add(pair.key)
    yield pairs[start:]


def _first_of_root(pairs: Sequence[Pair], start: int, position: int) -> int:
    """Where the root of the `apiVersion` at this position begins.

    Tools print keys sorted, and `aggregationRule` of a ClusterRole sorts before `apiVersion`.
    """
    if pairs[position].key == "apiVersion":
        while position - 1 > start and pairs[position - 1].key < "apiVersion":
            position -= 1
    return position


def repeated(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """The keys that are there more than once, of which the last one counts."""
    return tuple(key for key, times in Counter(pair.key for pair in pairs).items() if times > 1)


def ends_in_its_items(pairs: Sequence[Pair]) -> bool:
    """Whether a List was cut where its text is sound.

    kubectl prints `apiVersion`, `items`, `kind` and `metadata` in this order. Where the items are
    the last of them, the text went no further, and the last item may be half of what it was.
    """
    keys = [pair.key for pair in pairs]
    return keys[-1:] == ["items"] and "apiVersion" in keys and "kind" not in keys


def without_last_item(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """The same pairs, with items that are all known to be whole."""
    *others, last = pairs
    items = last.value[:-1] if isinstance(last.value, list) else last.value
    return [*others, last._replace(value=items)]


def has_items(pairs: Sequence[Pair]) -> bool:
    """Whether there is a list of items, which is worth having without what follows it."""
    return any(pair.key == "items" and isinstance(pair.value, list) for pair in pairs)
