"""Files and directories, and standard input, as one cluster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from auditor.documents import paused_collector
from auditor.snapshot import Remark, Snapshot
from auditor.sources.archives import Budget
from auditor.sources.choice import Choice
from auditor.sources.clusters import of_one
from auditor.sources.collected import Collected
from auditor.sources.files import (
    STANDARD_INPUT,
    Content,
    InMemory,
    OnDisk,
    contents,
    named,
    read_once,
)
from auditor.sources.findings import Findings
from auditor.sources.gathering import gathered, size_of
from auditor.sources.layouts import LAYOUTS, Dump, Layout, dumps
from auditor.sources.layouts.beside_backups import beside_backup, is_beside_a_backup
from auditor.sources.layouts.releases import declared_alone
from auditor.sources.saved import findings_of, is_snapshot, read_snapshot
from auditor.sources.source import Unusable
from auditor.sources.watching import begin

MOST_COMPLAINTS = 3
OBJECTS = "objects"
"""The layout of files that no collector made."""
NO_CHOICE = Choice()


@dataclass(frozen=True)
class Filed:
    """A source of the paths that a person named, in their order."""

    paths: Sequence[str]
    stdin: BinaryIO
    choice: Choice = NO_CHOICE

    def read(self) -> Snapshot:
        """What the files say; raises `Unusable` where one is missing, or none says anything."""
        if not self.paths:
            raise Unusable("no source: name a file or a directory, or - for standard input")
        if self.paths.count(STANDARD_INPUT) > 1:
            raise Unusable("-: standard input can be read only once")
        layouts = self._layouts()
        stdin = self.stdin
        snapshots: list[tuple[int, Content]] = []
        collected = Collected(", ".join(map(named, self.paths)))
        read: list[Dump] = []
        alone, budget = len(self.paths) == 1, Budget()
        with paused_collector():
            for source, path in enumerate(self.paths):
                if path == STANDARD_INPUT:
                    stdin = BytesIO(read_once(self.stdin, named(path)))
                if saved := _snapshot_at(path, stdin):
                    snapshots.append((source, saved))
                    continue
                entries = list(gathered(path, stdin, alone, budget))
                if not entries:
                    collected.remarks.append(Remark(named(path), "no file is in there"))
                inside = [it for it in entries if _is_saved(it)]
                snapshots += [(source, it) for it in inside if not isinstance(it, Remark)]
                entries = [it for it in entries if it not in inside]
                entries += beside_backup(entries, self._of_velero, budget)
                depth = 0 if os.path.isdir(path) else 1
                begin(f"reading {named(path)}", sum(map(size_of, entries)))
                for dump in dumps(entries, named(path), budget, layouts, depth):
                    dump.source = source
                    read.append(dump)
        read += declared_alone(read)
        if len(snapshots) == 1 and not any(dump.findings for dump in read):
            return read_snapshot(snapshots[0][1])  # as it was seen, to the last gap
        for source, saved in snapshots:
            collected.add_saved(source, *findings_of(saved))
        all_of_them = [*collected.findings, *(it for dump in read for it in dump.findings)]
        if not any(found.is_usable for found in all_of_them):
            raise Unusable(self._complaint(all_of_them))
        wanted = self.choice.layout
        if wanted not in ("", OBJECTS) and not any(dump.recognised == wanted for dump in read):
            raise Unusable(f"--layout {wanted}: {collected.description} has no file of it")
        kept, collected.cluster, left_out = of_one(read, self.choice.cluster)
        collected.remarks += left_out
        for dump in kept:
            collected.add(dump)
        return collected.snapshot()

    @property
    def _of_velero(self) -> list[Content]:
        """The files that tell of a backup, where they were named beside its archive."""
        return [OnDisk(named(it), Path(it)) for it in self.paths if is_beside_a_backup(it)]

    def _layouts(self) -> Sequence[Layout]:
        """Those that a source is taken for: the one that was chosen, else any."""
        name = self.choice.layout
        if not name:
            return LAYOUTS
        found = [layout for layout in LAYOUTS if layout.name == name]
        if not found and name != OBJECTS:
            names = ", ".join([OBJECTS, *(layout.name for layout in LAYOUTS)])
            raise Unusable(f"--layout {name}: no such layout; there are {names}")
        return found

    def _complaint(self, files: Sequence[Findings]) -> str:
        told = "; ".join(file.complaint for file in files[:MOST_COMPLAINTS])
        if len(files) > MOST_COMPLAINTS:
            told += f"; and {len(files) - MOST_COMPLAINTS} more"
        if [file.file for file in files] != [named(path) for path in self.paths]:
            among = f"nothing in there can be used ({told})" if files else "holds no file"
            told = f"{', '.join(map(named, self.paths))}: {among}"
        damaged = any(file.remarks for file in files)
        return told if damaged else f"{told}; it takes what kubectl get -o yaml prints"


def _snapshot_at(path: str, stdin: BytesIO | BinaryIO) -> Content | None:
    """The snapshot of this tool's own that a path, or standard input, is."""
    if path == STANDARD_INPUT and isinstance(stdin, BytesIO):
        held = InMemory(named(path), stdin.getvalue())
        return held if is_snapshot(held) else None
    if not os.path.isfile(path):
        return None
    [only] = contents(path, stdin, alone=True)
    return only if not isinstance(only, Remark) and is_snapshot(only) else None


def _is_saved(entry: Content | Remark) -> bool:
    return isinstance(entry, OnDisk | InMemory) and is_snapshot(entry)
