"""What may have been in the part of a file that could not be read."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from auditor.documents import Document, Located, Malformed
from auditor.kinds import Kind
from auditor.sources.unpacking import ALL_KINDS, LIST
from auditor.sources.versions import kind_of, kinds_named

KIND = re.compile(r"""\bkind\\?["']?\s*:(?!=)\s*\\?["']?([A-Za-z]\w*)""")
LIKE_AN_OBJECT = re.compile(r"""^[ \t\r{\["'-]*+(?:apiVersion|kind)["']?\s*:(?!=)""", re.MULTILINE)
BEGINNINGS = tuple(
    f"{opening}{key}"
    for key in ("apiVersion", "kind", "items", "metadata", "aggregationRule")
    for opening in ("", "---", '{"', '[{"')
)


def speaks_of_objects(text: str) -> bool:
    """Whether a text that could not be read has lines that Kubernetes objects have."""
    return LIKE_AN_OBJECT.search(text) is not None


def may_begin_an_object(text: str) -> bool:
    """Whether a text may be what is left of an object that was cut after a few characters."""
    start = "".join(text[:100].split()).rstrip(':"')
    return bool(start) and any(beginning.startswith(start) for beginning in BEGINNINGS)


def _holds_no_beginning(line: str) -> bool:
    """Whether nothing can begin on a line that something was read from."""
    if "{" not in line:
        return True
    try:
        json.loads(line.strip().rstrip(","))
    except (ValueError, RecursionError):
        return False
    return True


@dataclass
class Damage:
    """Which lines of a file were read, in their order, and which kinds the others may hold."""

    _first: list[int] = field(default_factory=list)
    _last: list[int] = field(default_factory=list)
    _cut: list[tuple[Kind, ...]] = field(default_factory=list)

    def read(self, document: Document) -> None:
        """Note the lines of a document, and of one that was cut what its list is of."""
        root = document.root
        last = document.line
        if document.cut is None and isinstance(root, Located):
            last = root.last
        elif isinstance(items := root.get("items") if isinstance(root, dict) else root, list):
            last = max((item.last for item in items if isinstance(item, Located)), default=last)
        kind = None
        if document.cut is not None and isinstance(root, dict):
            name = str(root.get("kind", "")).removesuffix(LIST)
            kind = kind_of(root.get("apiVersion"), name)
        self._first.append(document.line)
        self._last.append(last)
        self._cut.append((kind,) if kind else ())

    def hides(
        self, damages: Iterable[Malformed], lines: Sequence[str]
    ) -> Iterator[tuple[Malformed, tuple[Kind, ...]]]:
        """The kinds that may be in what was not read: those named there.

        All kinds where the file ends with the damage, since nobody knows what followed, and
        where nothing there says what it is. Of several damages between two documents that were
        read, the first stands for all.
        """
        places: dict[int, Malformed] = {}
        for damage in damages:
            places.setdefault(bisect_right(self._first, damage.line), damage)
        for place, damage in places.items():
            yield damage, self._hidden(place, damage, lines)

    def _hidden(self, place: int, damage: Malformed, lines: Sequence[str]) -> tuple[Kind, ...]:
        """What the lines hide that are before the document of this number."""
        start = self._last[place - 1] if place else 1
        if place and start < damage.line and _holds_no_beginning(lines[start - 1]):
            start += 1
        end = self._first[place] - 1 if place < len(self._first) else None
        if end is None and not any(line.strip() for line in lines[damage.line :]):
            return ALL_KINDS
        named = KIND.findall("\n".join(lines[min(start, damage.line) - 1 : end]))
        kinds = {kind for name in named for kind in kinds_named(name.removesuffix(LIST))}
        listed = self._cut[place - 1] if place else ()
        return tuple(sorted(kinds.union(listed))) if named or listed else ALL_KINDS
