"""The few Secrets that are read: those that show a CA's certificates, and Helm's releases.

No Secret is listed at large. The names are read one by one, and only where a control plane
runs. There the names that rules ask for are then known to be there or not. Other Secrets of
these namespaces were not looked at, so no rule may ask for them in one namespace alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.kinds import SECRET
from auditor.seen import Gap, Seen
from auditor.snapshot import gap
from auditor.sources.live.failures import Failed
from auditor.sources.live.readings import Listing, Named, Reading
from auditor.sources.live.rights import OF_HELM, TRUST
from auditor.sources.live.settings import Settings

HELM_PAGE = 50
"""Releases on a page; each may take a mebibyte."""

REFUSED = gap(SECRET, "not read, as --no-secrets asks for", get="leave out --no-secrets")


def readings(path: str, planes: Sequence[str], settings: Settings) -> Iterator[Reading]:
    """What is to be read, given the namespaces in which control planes run."""
    for namespace in planes:
        yield Named(SECRET, path, namespace, names=TRUST)
    if settings.helm_releases:
        for namespace in settings.namespaces or ("",):
            yield Listing(SECRET, path, namespace, labels=OF_HELM, page=HELM_PAGE)


def elsewhere(planes: Seen[str], read: Sequence[str]) -> Gap:
    """The Secrets of all the namespaces in which no control plane was found."""
    why = "Secrets are only read by name, where a control plane runs"
    if planes.gaps:
        first, *others = planes.gaps
        more = f", and {len(others)} more reasons" if others else ""
        why += f"; where all of them run could not be told ({first}{more})"
    return gap(SECRET, why, but=read, get="")


def gaps(reading: Reading, late: Failed, planes: Sequence[str]) -> Iterator[Gap]:
    """What a reading leaves out. A list of releases says nothing of the Secrets with names."""
    for lost in reading.gaps(late):
        if isinstance(reading, Listing):
            yield replace(lost, what=f"{lost.what} labelled {OF_HELM}", but=tuple(planes))
        else:
            yield replace(lost, what=f"{' '.join(TRUST)} of {lost.what}")
