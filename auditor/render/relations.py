"""What the meshes are to each other: whom each trusts, and whose the shared CRDs are."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inventory import CrdSummary, Inventory, TrustSummary
from auditor.render.names import listed
from auditor.render.page import Line, Page
from auditor.render.unknown import reasons
from auditor.seen import Gap


def trust(inventory: Inventory) -> Iterator[Line]:
    """Which mesh accepts which other one, in each direction, and by which roots."""
    if inventory.trust:
        yield Line(label="Trust between them:")
    for way in inventory.trust:
        yield Line(_said(way), 2, hang=2)


def _said(way: TrustSummary) -> str:
    roots = f" (root {listed(way.roots, len(way.roots))})" if way.roots else ""
    issuing = f"{way.issuing}{roots}"
    if way.accepts is None:
        why = _unseen(way.gaps) if way.gaps else way.why
        return f"whether {way.accepting} accepts {issuing} cannot be told: {why}"
    verb = "accepts" if way.accepts else "does not accept"
    return f"{way.accepting} {verb} {issuing}: {way.why}"


def crds(inventory: Inventory, page: Page) -> Iterator[Line]:
    """Who owns the Istio CRDs, those together that have the same owner."""
    label = "Owners of the Istio CRDs:"
    if not inventory.crds:
        gaps = inventory.crds_gaps
        yield Line(_unseen(gaps) if gaps else "there are no Istio CRDs", label=label)
        return
    yield Line(label=label)
    together: dict[str, list[str]] = {}
    for crd in inventory.crds:
        together.setdefault(_owner(crd), []).append(crd.name)
    for owner, names in together.items():
        which = listed(names, len(names)) if page.verbose else listed(names)
        if len(names) == len(inventory.crds) and not page.verbose:
            which = f"all {len(names)}" if len(names) > 1 else names[0]
        yield Line(f"{owner}: {which}", 2, hang=2)
    if inventory.crds_gaps:
        yield Line(f"more may be: {_unseen(inventory.crds_gaps)}", 2)


def _owner(crd: CrdSummary) -> str:
    owners = list(crd.owners.values)
    if len(owners) > 1:
        return f"claimed by {listed(owners, len(owners))}"
    if crd.owners.gaps:
        whys = ", ".join(dict.fromkeys(gap.why for gap in crd.owners.gaps))
        return f"{owners[0]}, or others too ({whys})" if owners else f"not known ({whys})"
    return "".join(owners)


def _unseen(gaps: tuple[Gap, ...]) -> str:
    return "not seen: " + "; ".join(f"{what} ({why})" for what, why in reasons(gaps))
