"""Files of which a format says what they list."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.kinds import CRD, KINDS, Kind
from auditor.snapshot import gap
from auditor.sources.files import Content
from auditor.sources.findings import Findings
from auditor.sources.reading import findings

BY_PLURAL = {(kind.group, kind.plural): kind for kind in KINDS.values()}
BY_NAME = {str(kind): kind for kind in KINDS.values()}
CUSTOM = tuple(kind for kind in KINDS.values() if kind.is_custom)
BUILT_IN = tuple(kind for kind in KINDS.values() if not kind.is_custom)


def list_of(
    content: Content, kind: Kind, namespace: str = "", error: str = "", *, printed: bool = False
) -> Findings:
    """A file that lists one kind, of one namespace where there is one.

    Whatever is wrong with it hides only that. `error` is what the format itself says of it. An
    empty List that kubectl `printed` lists the kind, if that stands nowhere but in the name.
    """
    found = findings(content, kind)
    listed = kind in found.lists or (printed and bool(found.empty) and not found.gaps)
    wrong = [*found.unread, *(it.why for of, it in found.losses if of == kind)]
    found.unread.clear()
    found.unlisted.clear()
    found.losses = [(kind, gap(kind, why, namespace)) for why in wrong]
    refused = [(of, gap(of, it.why, namespace)) for of, it in found.gaps if of == kind]
    found.gaps = [] if error else refused
    found.lists.clear()
    found.everywhere.clear()
    if error or not listed:
        why = error or f"{content.name} {found.passed_over or 'holds no list'}"
        if error or not (found.gaps or found.losses):
            found.gaps.append((kind, gap(kind, why, namespace)))
        found.passed_over = ""
    elif namespace:
        found.listed_in[kind] = {namespace}
    else:
        found.lists.add(kind)
        found.everywhere.add(kind)
    found.loose.clear()
    return found


def lists_of(content: Content, kinds: Iterable[Kind]) -> Findings:
    """A file that lists several kinds of the whole cluster, and only these, though none occur.

    An empty List is what kubectl prints of a namespace that does not exist: it lists nothing.
    """
    kinds = tuple(kinds)
    found = findings(content)
    wrong = tuple(found.unread)
    found.unread.clear()
    found.unlisted.clear()
    found.losses += [(kind, gap(kind, why)) for kind in kinds for why in wrong]
    if found.objects:
        found.lists.update(kinds)
        found.everywhere.update(kinds)
    else:
        why = f"{content.name} {found.passed_over or 'is an empty List, which lists nothing'}"
        found.gaps += [(kind, gap(kind, why)) for kind in kinds]
        found.passed_over = ""
    return found


def failed(file: str, kind: Kind, why: str, namespace: str = "") -> Findings:
    """What a format says it could not collect."""
    found = Findings(file)
    found.gaps.append((kind, gap(kind, why, namespace)))
    return found


def some_of(content: Content, kind: Kind | None = None, namespace: str = "") -> Findings:
    """A file of objects that somebody picked: it does not list their kinds.

    One that is named after an object of a `kind`, and does not hold it, lost that.
    """
    found = findings(content, kind)
    if kind:
        wrong = [*found.unread, *(it.why for of, it in found.losses if of == kind)]
        if not found.objects and not wrong:
            wrong = [f"{content.name} {found.passed_over or 'holds no object'}"]
            found.passed_over = ""
        found.losses = [(kind, gap(kind, why, namespace)) for why in wrong]
        found.unread.clear()
        found.gaps.clear()
    found.unlisted.clear()
    found.loose.clear()
    found.lists.clear()
    found.everywhere.clear()
    return found


def defined(found: Iterable[Findings]) -> set[str]:
    """The custom resources of which the definition was read, as `plural.group`."""
    return {it.thing.name for each in found for it in each.objects if it.thing.kind == CRD}
