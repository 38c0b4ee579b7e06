"""Files and directories, and standard input, as one cluster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from auditor.documents import paused_collector
from auditor.snapshot import Remark, Snapshot
from auditor.sources.archives import Budget
from auditor.sources.collected import Collected
from auditor.sources.files import STANDARD_INPUT, named
from auditor.sources.findings import Findings
from auditor.sources.gathering import gathered
from auditor.sources.layouts import dumps
from auditor.sources.source import Unusable

MOST_COMPLAINTS = 3


@dataclass(frozen=True)
class Filed:
    """A source of the paths that a person named, in their order."""

    paths: Sequence[str]
    stdin: BinaryIO

    def read(self) -> Snapshot:
        """What the files say; raises `Unusable` where one is missing, or none says anything."""
        if not self.paths:
            raise Unusable("no source: name a file or a directory, or - for standard input")
        if self.paths.count(STANDARD_INPUT) > 1:
            raise Unusable("-: standard input can be read only once")
        alone, budget = len(self.paths) == 1, Budget()
        found = [list(gathered(path, self.stdin, alone, budget)) for path in self.paths]
        collected = Collected(", ".join(map(named, self.paths)))
        with paused_collector():
            for source, entries in enumerate(found):
                top = named(self.paths[source])
                if not entries:
                    collected.remarks.append(Remark(top, "no file is in there"))
                depth = 0 if os.path.isdir(self.paths[source]) else 1
                for dump in dumps(entries, top, budget, depth=depth):
                    collected.add(source, dump)
        if not any(file.is_usable for file in collected.findings):
            raise Unusable(self._complaint(collected.findings))
        return collected.snapshot()

    def _complaint(self, files: Sequence[Findings]) -> str:
        told = "; ".join(file.complaint for file in files[:MOST_COMPLAINTS])
        if len(files) > MOST_COMPLAINTS:
            told += f"; and {len(files) - MOST_COMPLAINTS} more"
        if [file.file for file in files] != [named(path) for path in self.paths]:
            among = f"nothing in there can be used ({told})" if files else "holds no file"
            told = f"{', '.join(map(named, self.paths))}: {among}"
        damaged = any(file.remarks for file in files)
        return told if damaged else f"{told}; it takes what kubectl get -o yaml prints"
