"""What Velero keeps beside the archive of a backup, and what only that can tell.

In a bucket `backups/NAME/` has the archive, `velero-backup.json`, which says what was asked for and
when, and a list of all objects that were taken. (velero: pkg/persistence/object_store_layout.go)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from auditor.snapshot import Remark
from auditor.sources.archives import Budget, opened
from auditor.sources.files import Content
from auditor.sources.layouts.velero import BACKUP, TAKEN, Velero

LISTS = f"-{TAKEN}.gz"


@dataclass(frozen=True)
class Moved:
    """A file, as if it were in the archive that it lies beside."""

    name: str
    content: Content = field(repr=False)

    def data(self) -> bytes:
        return self.content.data()

    def part(self, start: int, size: int) -> bytes:
        return self.content.part(start, size)


def is_beside_a_backup(name: str) -> bool:
    """Whether a file has a name that only Velero gives."""
    last = name.rpartition("/")[2]
    return last == BACKUP or last.endswith((LISTS, f"-{TAKEN}"))


def beside_backup(
    inside: Iterable[Content | Remark], others: Sequence[Content], budget: Budget
) -> Iterator[Content]:
    """The files of Velero among others, moved to the top of the one backup that is inside."""
    if not others:
        return
    names = [it.name for it in inside if not isinstance(it, Remark)]
    tops = list(Velero().tops(names))
    if len(tops) != 1:
        return
    there = set(names)
    for content in others:
        last = content.name.rpartition("/")[2]
        name = f"{tops[0]}{BACKUP if last == BACKUP else TAKEN}"
        for entry in opened(content, f"{content.name}/", budget):
            if not isinstance(entry, Remark) and name not in there:
                yield Moved(name, entry)
                break


def above_backup(contents: Sequence[Content], budget: Budget) -> Iterator[Content]:
    """The files of Velero in the folder in which somebody unpacked the archive, or above it."""
    others = [it for it in contents if is_beside_a_backup(it.name)]
    tops = list(Velero().tops([it.name for it in contents])) if others else []
    if len(tops) == 1:
        above = [it for it in others if tops[0].startswith(_folder(it.name))]
        yield from beside_backup(contents, above, budget)


def _folder(name: str) -> str:
    folder = name.rpartition("/")[0]
    return f"{folder}/" if folder else ""


def neighbours(content: Content, others: Iterable[Content]) -> list[Content]:
    """The files of Velero in the folder that an archive is in."""
    folder = content.name.rpartition("/")[0]
    return [
        it for it in others if it.name.rpartition("/")[0] == folder and is_beside_a_backup(it.name)
    ]
