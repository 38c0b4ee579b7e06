"""Files and directories, and standard input, as one cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from auditor.documents import paused_collector
from auditor.snapshot import Remark, Snapshot
from auditor.sources.collected import Collected
from auditor.sources.files import STANDARD_INPUT, Content, contents, named
from auditor.sources.findings import Findings
from auditor.sources.reading import findings
from auditor.sources.saved import findings_of, is_snapshot, read_snapshot
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
        found = [list(contents(path, self.stdin, len(self.paths) == 1)) for path in self.paths]
        if saved := _only_snapshot(found):
            return read_snapshot(saved)
        collected = Collected(", ".join(map(named, self.paths)))
        with paused_collector():
            for source, entries in enumerate(found):
                if not entries:
                    collected.remarks.append(
                        Remark(named(self.paths[source]), "no file is in there")
                    )
                for entry in entries:
                    if isinstance(entry, Remark):
                        collected.remarks.append(entry)
                    elif is_snapshot(entry):
                        collected.add_saved(source, *findings_of(entry))
                    else:
                        collected.files.append((source, findings(entry)))
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


def _only_snapshot(found: Sequence[Sequence[Content | Remark]]) -> Content | None:
    """The snapshot that is the only source: it is taken as it was seen, to the last gap."""
    match [entry for several in found for entry in several]:
        case [only] if not isinstance(only, Remark) and is_snapshot(only):
            return only
    return None
