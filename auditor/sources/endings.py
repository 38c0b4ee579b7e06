"""Whether a file of YAML was cut where its text is still sound.

JSON shows it by a bracket that is missing. YAML that was cut may be whole to its parser; but
kubectl ends what it prints with a line feed, and writes the fields of an object in their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.documents import Document, lines
from auditor.kinds import Kind
from auditor.sources.contents import is_wide
from auditor.sources.damage import may_begin_an_object
from auditor.sources.declared import LIVE_METADATA
from auditor.sources.unpacking import ALL_KINDS, BEFORE_ITS_KIND
from auditor.sources.versions import kind_of

NEAR_THE_END = 256
NO_PART_OF_AN_OBJECT = re.compile(r"^(?:#[^\n]*|---[ \t]*|\.\.\.[ \t]*)\Z", re.MULTILINE)
"""A last line, without its end, that is a comment or a mark of YAML."""


@dataclass(frozen=True)
class Cut:
    """What a cut may hide, and whether the last object is not what it was."""

    kinds: tuple[Kind, ...]
    unsound: bool = False


def cut_at_the_end(data: bytes, last: Document) -> Cut | None:
    """What the end of a file gives away of a cut, None where nothing does."""
    end = _end_of(data)
    root = last.root
    if isinstance(root, list) and root:
        root = root[-1]
    if end.rstrip().endswith(("}", "]")):
        return None
    if not isinstance(root, Mapping):
        return Cut(ALL_KINDS) if isinstance(root, str) and may_begin_an_object(root) else None
    in_a_line = not end.endswith("\n") and not NO_PART_OF_AN_OBJECT.search(end)
    if "items" in root:
        return Cut(ALL_KINDS) if _ends_in_a_list(root, end) else None
    if in_a_line and "kind" in root and root.keys() <= BEFORE_ITS_KIND | {"kind"}:
        return Cut(ALL_KINDS)
    kind = kind_of(root.get("apiVersion"), root.get("kind"))
    return _of_object(kind, root, in_a_line) if kind else None


def _ends_in_a_list(root: Mapping[str, object], end: str) -> bool:
    """Whether the last field of a list has no value yet, or its metadata is still to come."""
    *before, last = root
    if end.rstrip().endswith(":"):
        return root[last] is None or not end.endswith("\n")
    return last == "kind" and "items" in before


def _of_object(kind: Kind, root: Mapping[str, object], in_a_line: bool) -> Cut | None:
    metadata = root.get("metadata")
    if not isinstance(metadata, Mapping) or not any(metadata.get(it) for it in LIVE_METADATA):
        return None
    *_, last = root
    in_metadata = last == "metadata"
    if in_metadata and (in_a_line or not metadata.get("uid")):
        return Cut((kind,), unsound=True)
    return Cut((kind,)) if in_a_line else None


def _end_of(data: bytes) -> str:
    if is_wide(data):
        return "\n".join(lines(data)[-2:])
    return data[-NEAR_THE_END:].decode(errors="replace")
