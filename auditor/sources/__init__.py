"""Dumps of clusters, read into snapshots: files, directories and standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import BinaryIO

from auditor.snapshot import Snapshot
from auditor.sources.filed import Filed
from auditor.sources.source import Source, Unusable

__all__ = ["Source", "Unusable", "read"]


def read(paths: Sequence[str], stdin: BinaryIO | None = None) -> Snapshot:
    """One cluster out of files, directories and `-`, standard input; later ones add to earlier.

    Raises `Unusable` where one of them is not there, or where all of them hold nothing.
    """
    return Filed(tuple(paths), stdin or sys.stdin.buffer).read()
