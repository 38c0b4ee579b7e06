"""A cluster as small as it can be, written by hand to say what a rule makes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from auditor.documents import Document, Located, Malformed, documents
from auditor.keeps import projected
from auditor.kinds import KINDS, Kind
from auditor.objects import Obj
from auditor.seen import Gap, LookedFor, Seen
from auditor.snapshot import Snapshot, gap
from auditor.sources.versions import kind_of, modern
from auditor.sources.wellformed import Amiss, wellformed

PLURALS = {str(kind): kind for kind in KINDS.values()}
SCOPE = re.compile(
    r"(?P<kind>\S+)"
    r"(?: in (?P<namespace>\S+)| outside (?P<but>\S+)| but (?P<names>\S+) in (?P<places>\S+))?"
)
HEADER = frozenset(("listed", "missing", "gaps", "now"))
ALL = "all"


class BadFixture(Exception):
    """A fixture that does not say what its author meant: the file, the line, and what is wrong."""


def read_fixture(path: Path) -> Snapshot:
    """The snapshot that a fixture stands for.

    Its first document says what was `listed`, kinds or `all` but those that are `missing`, the
    `gaps` and why, and `now`, the time to judge by; the objects follow. A gap is named `pods`,
    `pods in shop` or `pods outside shop,kafka`; `secrets but cacerts,istiod-tls in mesh` says
    that nothing else was asked for. `!withheld why` stands for a value that was taken out. Raises
    `BadFixture` for anything else, such as an object of a kind that the first document does not
    name.
    """
    try:
        found = list(documents(path.read_bytes(), withheld=True))
        return _snapshot(found)
    except Malformed as malformed:
        raise BadFixture(f"{path}:{malformed.line}: {malformed.what}") from None
    except _Amiss as amiss:
        raise BadFixture(f"{path}:{amiss.line}: {amiss}") from None


class _Amiss(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def _snapshot(found: list[Any]) -> Snapshot:
    roots = [document for document in found if isinstance(document, Document)]
    if len(roots) < len(found) or not roots or not isinstance(roots[0].root, Mapping):
        raise _Amiss(1, "its first document says what was listed, and objects follow")
    header = roots[0].root
    if unknown := header.keys() - HEADER:
        raise _Amiss(1, f"{', '.join(sorted(unknown))} is not one of {', '.join(sorted(HEADER))}")
    objects: dict[Kind, list[Obj]] = {kind: [] for kind in _listed(header)}
    gaps: dict[Kind, list[Gap]] = {}
    for scope, why in _part(header, "gaps", dict).items():
        kind, hole = _gap(scope, str(why))
        gaps.setdefault(kind, []).append(hole)
    for document in roots[1:]:
        thing = _object(document)
        if thing.kind not in objects and thing.kind not in gaps:
            raise _Amiss(document.line, f"{thing.kind} is neither in `listed` nor in `gaps`")
        if thing.ref in [other.ref for other in objects.get(thing.kind, ())]:
            raise _Amiss(document.line, f"{thing.ref} is there twice")
        objects.setdefault(thing.kind, []).append(thing)
    return Snapshot(
        {
            kind: Seen(tuple(objects.get(kind, ())), tuple(gaps.get(kind, ())))
            for kind in sorted({*objects, *gaps})
        },
        time=_time(header.get("now")),
    )


def _listed(header: Mapping[str, Any]) -> set[Kind]:
    missing = {_kind(name) for name in _part(header, "missing", list)}
    if header.get("listed") == ALL:
        return set(KINDS.values()) - missing
    return {_kind(name) for name in _part(header, "listed", list)} - missing


Part = TypeVar("Part", list[str], dict[str, Any])


def _part(header: Mapping[str, Any], name: str, shape: type[Part]) -> Part:
    found = header.get(name)
    if found is None:
        return shape()
    if not isinstance(found, shape):
        raise _Amiss(1, f"`{name}` is a {'list' if shape is list else 'mapping'}")
    return found


def _kind(name: str) -> Kind:
    if name not in PLURALS:
        raise _Amiss(1, f"{name} is not a kind; write it as kubectl does, like deployments.apps")
    return PLURALS[name]


def _gap(scope: str, why: str) -> tuple[Kind, Gap]:
    part = SCOPE.fullmatch(scope)
    if part is None:
        raise _Amiss(1, f"{scope}: not a kind, or a kind `in`, `outside` or `but` something")
    kind = _kind(part["kind"])
    if part["names"]:
        asked = LookedFor(tuple(part["names"].split(",")), tuple(part["places"].split(",")))
        return kind, Gap(f"other {kind}", why, looked_for=(asked,), unasked=True)
    but = part["but"].split(",") if part["but"] else ()
    return kind, gap(kind, why, part["namespace"] or "", but)


def _object(document: Document) -> Obj:
    fields = document.root
    if not isinstance(fields, Located):
        raise _Amiss(document.line, "not an object")
    kind = kind_of(fields.get("apiVersion"), fields.get("kind"))
    if kind is None:
        raise _Amiss(fields.line, f"{fields.get('kind')} is no kind that is read")
    try:
        whole = wellformed(kind, modern(kind, fields))
    except Amiss as amiss:
        raise _Amiss(fields.line, str(amiss)) from None
    return Obj(kind, projected(whole, kind.projection))


def _time(now: object) -> datetime | None:
    if now is None:
        return None
    try:
        time = datetime.fromisoformat(str(now))
    except ValueError:
        raise _Amiss(1, f"now: {now} is no time, such as 2026-11-20T08:14:00Z") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
