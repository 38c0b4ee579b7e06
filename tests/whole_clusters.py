"""The fixture clusters, as files and as what is read from them, and what every rule says."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor import sources
from auditor.cluster import Built, kinds_of
from auditor.engine import Result, audit
from auditor.objects import Ref
from auditor.outcome import Verdict
from auditor.packs import load
from auditor.snapshot import Snapshot
from auditor.testing import jumps
from tests.sources.packing import tarred

Files = Mapping[str, str | bytes]
Root = dict[str, Any]
Verdicts = dict[tuple[str, Ref | None], Verdict]

FOLDER = Path(__file__).parents[1] / "fixtures" / "clusters"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
RULES = load()
KINDS = kinds_of(source for rule in RULES for source in rule.reads)
REFUSED = "Error from server"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
every_cluster = pytest.mark.parametrize("cluster", NAMES)


@cache
def files(cluster: str) -> Files:
    """The files of a cluster by their names."""
    return {path.name: path.read_bytes() for path in sorted((FOLDER / cluster).iterdir())}


def roots(cluster: str) -> dict[str, list[Root]]:
    """The lists in each of the files of a cluster; whoever asks may change them.

    A file that holds the server's refusal in their place is left out.
    """
    found: dict[str, list[Root]] = json.loads(_roots(cluster))
    return found


def is_refused(cluster: str) -> bool:
    """Whether whoever dumped the cluster was not let list all of it."""
    return len(roots(cluster)) < len(files(cluster))


@cache
def _roots(cluster: str) -> str:
    read = {path.name: path.read_text("utf-8") for path in sorted((FOLDER / cluster).iterdir())}
    held = [it for it in read.items() if not it[1].startswith(REFUSED)]
    return json.dumps({name: list(yaml.load_all(it, yaml.CSafeLoader)) for name, it in held})


def in_yaml(lists: Iterable[Root]) -> str:
    """Lists as the documents of one file."""
    return yaml.dump_all(lists, Dumper=yaml.CSafeDumper)


def in_json(lists: Iterable[Root]) -> str:
    """The same, as kubectl prints it."""
    return "\n".join(json.dumps(it, indent=4, sort_keys=True) for it in lists)


def read(dump: Files) -> Snapshot:
    """What a dump of these files says."""
    return sources.read(["-"], stdin=io.BytesIO(tarred(dump)))


def audited(snapshot: Snapshot) -> Mapping[str, Result]:
    """What every rule says of a snapshot."""
    return {it.rule.id: it for it in audit(RULES, snapshot, Built(NOW))}


@cache
def whole(cluster: str) -> Snapshot:
    """A fixture cluster with nothing taken from it."""
    return read(files(cluster))


@cache
def said_of(cluster: str) -> Mapping[str, Result]:
    """What every rule says of the whole of a fixture cluster."""
    return audited(whole(cluster))


def verdicts(results: Mapping[str, Result]) -> Verdicts:
    return {
        (rule, about): outcome.verdict
        for rule, result in results.items()
        for about, outcome in result.outcomes.items()
    }


def amiss(cluster: str, less: Snapshot) -> list[str]:
    """What missing evidence did to the verdicts of a cluster that it never may."""
    after, before = audited(less), said_of(cluster)
    return [f"{rule}: {jump}" for rule in after for jump in jumps(before[rule], after[rule])]
