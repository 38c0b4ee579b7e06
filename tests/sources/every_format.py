"""One cluster of the fixtures, written in every format there is, and read again."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from auditor import sources
from auditor.cluster import Built
from auditor.engine import Result, audit
from auditor.kinds import ALL, Kind
from auditor.packs import load
from auditor.snapshot import Snapshot
from auditor.sources import Unusable
from tests.formats.catalogue import FORMATS
from tests.formats.containers import CONTAINERS
from tests.formats.expectations import Format
from tests.formats.fixture_clusters import FOLDER, fixture

NAME = "sdm-first"
STATE = fixture(NAME)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
RULES = load()
BUILT_IN = frozenset(kind for kind in ALL if not kind.is_custom)
CUSTOM = frozenset(ALL) - BUILT_IN


def packed(form: Format) -> bytes:
    """The dump as one file: an archive, where it is a tree."""
    written = form.write(STATE)
    return written if isinstance(written, bytes) else CONTAINERS[".tar.gz"](written)


@cache
def read(form: Format) -> Snapshot | str:
    """What the auditor makes of a format, or the line in which it says that it can do nothing."""
    try:
        return sources.read(["-"], stdin=io.BytesIO(packed(form)))
    except Unusable as unusable:
        return str(unusable)


@cache
def judged(form: Format) -> list[Result]:
    """What all rules say of it."""
    snapshot = read(form)
    assert isinstance(snapshot, Snapshot)
    return list(audit(RULES, snapshot, Built(NOW)))


@cache
def original() -> list[Result]:
    """What they say of the cluster itself."""
    return list(audit(RULES, sources.read([str(FOLDER / NAME)]), Built(NOW)))


@dataclass(frozen=True)
class Shown:
    """The kinds that a format lists, some only in a few namespaces, and those that it does not."""

    listed: frozenset[Kind]
    assumed: frozenset[Kind]
    in_part: frozenset[Kind]
    missing: frozenset[Kind]


def shown(snapshot: Snapshot) -> Shown:
    """How far each kind was listed."""
    whole = frozenset(kind for kind in ALL if not snapshot.seen(kind).gaps)
    in_part = frozenset(
        kind
        for kind in frozenset(ALL) - whole
        if kind.namespaced and any(not hidden(snapshot, kind, it) for it in STATE.namespaces)
    )
    assumed = whole & snapshot.assumed
    return Shown(whole - assumed, assumed, in_part, frozenset(ALL) - whole - in_part)


def hidden(snapshot: Snapshot, kind: Kind, namespace: str) -> list[str]:
    """Why there may be more of a kind in a namespace; nothing where there is no more."""
    return [gap.why for gap in snapshot.seen(kind).gaps if gap.hides(namespace)]


def table(forms: Iterable[Format] = FORMATS) -> str:
    """What each format is taken for, and what it lists, in Markdown. Those alike share a row."""
    head = (
        *("recognised as", "its time", "listed", "taken for complete"),
        *("only in some namespaces", "not collected, or not whole"),
    )
    rows: dict[tuple[str, ...], list[str]] = {head: ["format"], ("---",) * len(head): ["---"]}
    for form in forms:
        rows.setdefault(_row(form), []).append(form.name)
    lines = (f"| {' | '.join(('; '.join(names), *row))} |\n" for row, names in rows.items())
    return "".join(lines)


def _row(form: Format) -> tuple[str, ...]:
    snapshot = read(form)
    if isinstance(snapshot, str):
        said = snapshot.removeprefix("standard input: ")
        return ("nothing to audit", "", "", "", "", said)
    of = shown(snapshot)
    kinds = map(_named, (of.listed, of.assumed, of.in_part, of.missing))
    time = "told" if snapshot.time else ""
    return (", ".join(snapshot.layouts), time, *kinds)


def _named(kinds: Collection[Kind]) -> str:
    return ", ".join(_words(frozenset(kinds)))


def _words(kinds: frozenset[Kind]) -> Iterator[str]:
    """Short names, and one for those that mostly go together."""
    if kinds == frozenset(ALL):
        yield "all kinds"
        return
    for group, name in ((BUILT_IN, "all built-in kinds"), (CUSTOM, "all custom resources")):
        left_out = group - kinds
        if len(left_out) * 3 <= len(group):
            but = f" but {', '.join(sorted(it.plural for it in left_out))}" if left_out else ""
            yield f"{name}{but}"
        else:
            yield from sorted(it.plural for it in group & kinds)
