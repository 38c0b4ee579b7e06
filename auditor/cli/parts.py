"""What the commands put together. A test puts in parts of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.parser import Refused

if TYPE_CHECKING:  # imported when they are used: `--version` and `--help` need none of them
    from auditor.cluster import Model
    from auditor.inventory import Inventory
    from auditor.kinds import Kind
    from auditor.rule import Rule
    from auditor.snapshot import Snapshot
    from auditor.sources import Choice
    from auditor.sources.live import Progress, Settings


def read(sources: Sequence[str], choice: Choice) -> Snapshot:
    """What some sources hold, as one cluster. Raises `Refused` where they hold nothing."""
    from auditor.sources import Unusable
    from auditor.sources import read as read_all

    try:
        return read_all(sources, choice=choice)
    except Unusable as unusable:
        raise Refused(str(unusable)) from unusable


def choice_of(arguments: argparse.Namespace) -> Choice:
    """What the options say of the sources."""
    from auditor.sources import Choice

    return Choice(arguments.layout, arguments.cluster)


def survey(
    settings: Settings, kinds: Sequence[Kind], progress: Callable[[Progress], None]
) -> Snapshot:
    """What a live cluster has of some kinds. Raises `Refused` where nothing can be read."""
    from auditor.models.istiod import is_istiod
    from auditor.sources import Unusable
    from auditor.sources.live import LiveSource, running

    try:
        return LiveSource(settings, running(is_istiod), progress).read(kinds)
    except Unusable as unusable:
        raise Refused(str(unusable)) from unusable


def inventory() -> Model[Inventory]:
    """The model that finds the meshes."""
    from auditor.models.inventory import INVENTORY

    return INVENTORY


def facts_date() -> str:
    """The day on which the facts about releases were gathered."""
    from auditor.facts.releases import facts_date as newest

    return newest().isoformat()


def rules(directories: Iterable[str]) -> tuple[Rule, ...]:
    """All rules there are, sorted by id. Raises `Refused` where a pack of them is broken."""
    from auditor.packs import load
    from auditor.rule import BadRule

    try:
        return load([Path(directory) for directory in directories])
    except BadRule as bad:
        raise Refused(str(bad)) from bad


def clock() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """The sources, the rules and the models of one run."""

    read: Callable[[Sequence[str], Choice], Snapshot] = read
    survey: Callable[[Settings, Sequence[Kind], Callable[[Progress], None]], Snapshot] = survey
    rules: Callable[[Iterable[str]], tuple[Rule, ...]] = rules
    inventory: Callable[[], Model[Inventory]] = inventory
    facts_date: Callable[[], str] = facts_date
    clock: Callable[[], datetime] = clock
