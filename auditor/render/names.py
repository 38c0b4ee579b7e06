"""How a report names what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.kinds import KINDS
from auditor.objects import Ref
from auditor.report import MESH, MESHES

NAMED = 5
"""How many names a list gives before it counts the rest."""


def subject(ref: Ref | None) -> str:
    """Whom an outcome speaks of, by kind and name; nothing for the whole."""
    if ref is None:
        return ""
    return ref.name if _is_mesh(ref) else str(ref)


def name(ref: Ref | None) -> str:
    """The same without its kind, for a list in which all are of one kind."""
    if ref is None:
        return "the whole"
    return f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name


def counted(refs: Sequence[Ref]) -> str:
    """How many of which kind: `14 CustomResourceDefinitions`."""
    return f"{len(refs)} {plural(refs[0])}" if len(refs) != 1 else subject(refs[0])


def plural(ref: Ref) -> str:
    """The kind of an object as a person says it of many."""
    if _is_mesh(ref):
        return "meshes" if ref.kind == MESH else "pairs of meshes"
    kind = KINDS.get((ref.group, ref.kind))
    if kind is None:
        return f"{ref.kind}s"
    same = max(n for n in range(len(kind.name) + 1) if kind.plural[:n] == kind.name[:n].lower())
    return kind.name[:same] + kind.plural[same:]


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """Names one after the other, the rest counted."""
    shown = list(names) if len(names) <= most + 1 else list(names[:most])
    rest = len(names) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    return "".join(shown)


def number(count: int, noun: str) -> str:
    """A count with its noun: `1 error`, `2 errors`, `3 cases`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _is_mesh(ref: Ref) -> bool:
    return ref.kind in (MESH, MESHES) and not ref.group
