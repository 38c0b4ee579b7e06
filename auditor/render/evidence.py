"""The fields a finding rests on, as kubectl names them, and where they were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from auditor.objects import Field, Ref
from auditor.render.names import subject
from auditor.render.page import Line, Tone


def quoted_fields(fields: Iterable[Field], indent: int) -> Iterator[Line]:
    """Each object once, with the place in its file, and below it what was found there."""
    for ref, group in groupby(fields, key=lambda field: field.ref):
        same = list(group)
        yield _object(ref, same, indent)
        for field in same:
            if field.path:
                yield Line(str(field), indent + 2, hang=4)


def _object(ref: Ref, fields: list[Field], indent: int) -> Line:
    read_at = place(fields)
    return Line(f"({read_at})" if read_at else "", indent, subject(ref), Tone.PLAIN, hang=4)


def place(fields: Iterable[Field]) -> str:
    """File and lines of some fields: `cluster.yaml:812,815`. Nothing for a live cluster."""
    lines: dict[str, list[str]] = {}
    for field in fields:
        if field.origin is not None:
            found = lines.setdefault(field.origin.file, [])
            line = field.origin.line(field.path)
            if line is not None and str(line) not in found:
                found.append(str(line))
    return "; ".join(f"{file}:{','.join(at)}" if at else file for file, at in lines.items())
