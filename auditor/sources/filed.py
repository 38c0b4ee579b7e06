"""Files and directories, and standard input, as one cluster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from auditor.documents import paused_collector
from auditor.snapshot import Remark, Snapshot
from auditor.sources.archives import Budget
from auditor.sources.choice import Choice
from auditor.sources.clusters import of_one
from auditor.sources.collected import Collected
from auditor.sources.files import STANDARD_INPUT, named
from auditor.sources.findings import Findings
from auditor.sources.gathering import gathered
from auditor.sources.layouts import LAYOUTS, Dump, Layout, dumps
from auditor.sources.source import Unusable

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
        collected = Collected(", ".join(map(named, self.paths)))
        read: list[Dump] = []
        alone, budget = len(self.paths) == 1, Budget()
        with paused_collector():
            for source, path in enumerate(self.paths):
                entries = list(gathered(path, self.stdin, alone, budget))
                if not entries:
                    collected.remarks.append(Remark(named(path), "no file is in there"))
                depth = 0 if os.path.isdir(path) else 1
                for dump in dumps(entries, named(path), budget, layouts, depth):
                    dump.source = source
                    read.append(dump)
        all_of_them = [found for dump in read for found in dump.findings]
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
