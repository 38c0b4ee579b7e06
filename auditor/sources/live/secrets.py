"""The few Secrets that are read: those that show a CA's certificates, and Helm's releases.

No Secret is listed at large. The names are read one by one, and only where a control plane
runs. There the names that rules ask for are then known to be there or not, and so is every
release of Helm where these were listed. Whoever asks for another Secret learns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.kinds import HELM_RELEASES, SECRET
from auditor.objects import Obj
from auditor.seen import ALL, Gap, LookedFor, Seen
from auditor.snapshot import gap
from auditor.sources.live.failures import Failed
from auditor.sources.live.gaps import unasked
from auditor.sources.live.readings import Listing, Named, Reading
from auditor.sources.live.rights import OF_HELM, TRUST
from auditor.sources.live.settings import Settings

HELM_PAGE = 50
"""Releases on a page; each may take a mebibyte."""

REFUSED = gap(SECRET, "not read, as --no-secrets asks for", get="leave out --no-secrets")
BY_NAME = "Secrets are only read by name, where a control plane runs"
RELEASES = f"secrets labelled {OF_HELM}"
UNASKED = "Helm's releases are only listed with --helm-releases"


def readings(path: str, planes: Sequence[str], settings: Settings) -> Iterator[Reading]:
    """What is to be read, given the namespaces in which control planes run."""
    for namespace in planes:
        yield Named(SECRET, path, namespace, names=TRUST)
    if settings.helm_releases:
        for namespace in settings.namespaces or ("",):
            yield Listing(SECRET, path, namespace, labels=OF_HELM, page=HELM_PAGE)


def beside(planes: Seen[Obj], read: Sequence[str], settings: Settings) -> Iterator[Gap]:
    """What lies beside the Secrets that were asked for.

    Nothing of it is missing, unless it could not be told where all control planes run, as far
    as they were to be looked at: that is known from what was read before.
    """
    asked = [LookedFor(TRUST, tuple(read))]
    if settings.helm_releases:
        asked.append(LookedFor((HELM_RELEASES,), settings.namespaces or (ALL,)))
    yield Gap("other secrets", BY_NAME, looked_for=tuple(asked), unasked=True)
    if not settings.helm_releases:
        yield Gap(RELEASES, UNASKED, "--helm-releases", names=(HELM_RELEASES,), unasked=True)
    within = settings.namespaces
    if within:
        yield unasked(SECRET, within)
    unseen = [gap for gap in planes.gaps if not within or any(map(gap.hides, within))]
    if unseen:
        first, *others = unseen
        more = f", and {len(others)} more reasons" if others else ""
        why = f"where all control planes run could not be told ({first}{more})"
        yield replace(gap(SECRET, why, but=read, get=first.get), names=TRUST)


def gaps(reading: Reading, late: Failed) -> Iterator[Gap]:
    """What a reading leaves out, and nothing of what another one asks for."""
    for lost in reading.gaps(late):
        if isinstance(reading, Listing):
            what = f"{lost.what} labelled {OF_HELM}"
            yield replace(lost, what=what, names=(HELM_RELEASES,))
        else:
            yield replace(lost, what=f"{' '.join(lost.names)} of {lost.what}")
