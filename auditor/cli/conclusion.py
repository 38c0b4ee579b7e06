"""From a snapshot to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.cli.parts import Parts

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from auditor.cluster import Built
    from auditor.inventory import Inventory
    from auditor.kinds import Kind
    from auditor.report import Moment, Report, Terms
    from auditor.rule import Rule
    from auditor.snapshot import Snapshot


def concluded(
    snapshot: Snapshot,
    rules: tuple[Rule, ...],
    parts: Parts,
    now: datetime | None = None,
    terms: Terms | None = None,
    ahead: timedelta | None = None,
) -> Report:
    """What the rules and the inventory say of a snapshot, every model drawn once for both."""
    from auditor.cluster import AHEAD, Built
    from auditor.engine import audit
    from auditor.report import Report, Terms

    moment = _moment(now, snapshot, parts)
    built = Built(moment.at, AHEAD if ahead is None else ahead)
    return Report(
        snapshot,
        kinds_needed(rules, parts),
        _inventory(snapshot, parts, built),
        audit(rules, snapshot, built),
        parts.facts_date(),
        moment,
        terms or Terms(),
    )


def _moment(now: datetime | None, snapshot: Snapshot, parts: Parts) -> Moment:
    from auditor.report import Moment, ToldBy

    if now:
        return Moment(now, ToldBy.OPTION)
    if snapshot.time:
        return Moment(snapshot.time, ToldBy.SOURCE)
    return Moment(parts.clock(), ToldBy.CLOCK)


def kinds_needed(rules: tuple[Rule, ...], parts: Parts) -> tuple[Kind, ...]:
    """The kinds that these rules and the inventory read."""
    from auditor.cluster import kinds_of

    return kinds_of([parts.inventory(), *(source for rule in rules for source in rule.reads)])


def _inventory(snapshot: Snapshot, parts: Parts, built: Built) -> Inventory:
    """The meshes; where even the first question about them cannot be answered, what is missing."""
    from auditor.cluster import Cluster
    from auditor.inventory import Inventory
    from auditor.seen import Unseen

    model = parts.inventory()
    try:
        return Cluster(snapshot, [model], built).model(model)
    except Unseen as unseen:
        return Inventory(gaps=unseen.gaps)
