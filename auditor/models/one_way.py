"""Whether one mesh accepts what another issues. Trust has two directions, each judged alone."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.cluster import Cluster
from auditor.models.acceptance import Fault
from auditor.models.certificates import Certificate
from auditor.models.meshes import Pair
from auditor.models.trust import TRUST
from auditor.objects import Field
from auditor.seen import Seen


@dataclass(frozen=True)
class OneWay:
    """Whether the first of two meshes accepts what the second issues, and what shows it."""

    accepts: bool | None
    """None where what shows it disagrees, and no more evidence would end that."""
    said: str
    roots: tuple[Certificate, ...]
    """Those that the second issues from, or may."""
    shown: tuple[Field, ...]
    faults: tuple[Fault, ...] = ()
    """What keeps the first from accepting it; where it accepts it, what soon will."""
    ended: Certificate | None = None
    """The root that both have, where it is not in its validity."""


def one_way(pair: Pair, cluster: Cluster) -> OneWay:
    """What the first of two meshes makes of the second. Raises `Unseen` where it cannot be told."""
    trust = cluster.model(TRUST)
    roots = trust.issued_from(pair.second)
    accepts = trust.accepts_all_of(pair.first, pair.second)
    shown = tuple(root.shown for root in roots)
    if accepts is None:
        return _undecided(pair, roots, cluster)
    if not accepts:
        return _refusing(pair, roots, cluster)
    if over := [root for root in roots if trust.is_over(pair.first, root)]:
        span = f"from {over[0].not_before:%Y-%m-%d} until {over[0].not_after:%Y-%m-%d}"
        said = f"the root of the other holds {span}"
        return OneWay(False, said, roots, (over[0].shown,), ended=over[0])
    if waiting := trust.waits_for_rollout(*pair.first.control_planes):
        return OneWay(None, "its istiod's Deployment and Pods differ", roots, waiting)
    said = "is told the root of the other, takes it, and its proxies ask for it"
    if Seen(roots).where(lambda it: trust.accepts_as_its_own(pair.first, it)).so_far:
        said = "has the root of the other among its own"
    return OneWay(True, said, roots, shown)


def _undecided(pair: Pair, roots: tuple[Certificate, ...], cluster: Cluster) -> OneWay:
    """Places that show the roots of a mesh differ, and the answer depends on which is right."""
    places = [place for mesh in pair for place in cluster.model(TRUST).places(mesh).so_far]
    shown = tuple(certificate.shown for place in places for certificate in place.certificates)
    return OneWay(
        None,
        "the places that show their roots do not agree on one root",
        roots,
        tuple(dict.fromkeys(shown)),
    )


def _refusing(pair: Pair, roots: tuple[Certificate, ...], cluster: Cluster) -> OneWay:
    trust = cluster.model(TRUST)
    faults = Seen(roots).each(lambda root: trust.faults(pair.first, pair.second, root)).so_far
    by_words: dict[str, list[Fault]] = {}
    for fault in faults:
        by_words.setdefault(fault.said, []).append(fault)
    said = "; ".join(_counted(said, found) for said, found in by_words.items())
    works = all(fault.works for fault in faults)
    ordered = tuple(fault for found in by_words.values() for fault in found)
    return OneWay(works, said, roots, tuple(root.shown for root in roots), ordered)


def _counted(said: str, found: list[Fault]) -> str:
    subjects = {fault.field.ref for fault in found}
    return f"{said} ({len(subjects)})" if len(subjects) > 1 else said
