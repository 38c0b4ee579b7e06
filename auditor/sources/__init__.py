"""Dumps of clusters, read into snapshots: files, directories and standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import BinaryIO

from auditor.snapshot import Snapshot
from auditor.sources.choice import Choice
from auditor.sources.filed import Filed
from auditor.sources.source import Source, Unusable

__all__ = ["Choice", "Source", "Unusable", "read"]


def read(
    paths: Sequence[str], stdin: BinaryIO | None = None, choice: Choice | None = None
) -> Snapshot:
    """One cluster out of files, directories, archives and `-`, standard input.

    Later sources add to earlier ones. Raises `Unusable` where one of them is not there, where all
    of them hold nothing, and where they hold two clusters and nobody chose.
    """
    return Filed(tuple(paths), stdin or sys.stdin.buffer, choice or Choice()).read()
