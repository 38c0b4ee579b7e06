"""What kubectl and the API server said in the place of objects, and of which kinds they said it."""

from __future__ import annotations

import re

from auditor.kinds import KINDS, Kind
from auditor.seen import Gap
from auditor.snapshot import gap

FAILED = re.compile(
    r"(?:Error from server|[Ee]rror: |Unable to connect to the server|The connection to the server)"
)
USER = re.compile(r'User "[^"]*"')
NAMESPACE = re.compile(r'in the namespace "([^"]+)"')
RESOURCE = re.compile(
    r"(?<![a-z0-9.-])([a-z][a-z0-9.-]*+)"  # from its first letter, or a long word takes for ever
    r'(?: is forbidden| "[^"]*" not found)|resource type "([^"]+)"'
    r'|cannot list resource "([^"]+)"|Resource=([a-z]+)'
)
KIND = re.compile(r"Kind=(\w+)")


def is_failure(said: str) -> bool:
    """Whether a line says that something was asked for and not given; most lines only warn."""
    return FAILED.match(said) is not None


def gaps_of(said: str, why: str = "") -> list[tuple[Kind, Gap]] | None:
    """The kinds that were refused, as gaps; None where it names nothing.

    Why they were, where it is not said otherwise, are the server's own words.
    """
    said_of = USER.sub("", said)
    resources = {word for found in RESOURCE.findall(said_of) for word in found if word}
    names = set(KIND.findall(said_of))
    if not resources and not names:
        return None
    place = NAMESPACE.search(said_of)
    namespace = place[1] if place else ""
    return [
        (kind, gap(kind, why or said, namespace if kind.namespaced else ""))
        for kind in KINDS.values()
        if kind.name in names or resources & {kind.plural, str(kind), kind.typed}
    ]
