"""Dumps in directories, in archives, and in archives that lie in either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.snapshot import Remark
from auditor.sources.archives import Budget, opened
from auditor.sources.files import Content
from auditor.sources.layouts.beside_backups import above_backup, beside_backup, neighbours
from auditor.sources.layouts.layout import Dump, Layout
from auditor.sources.layouts.objects import read_objects
from auditor.sources.layouts.recognition import LAYOUTS, recognised

DEEPEST = 2
"""An archive in an archive is how support cases arrive; more of that is no dump."""


def dumps(
    entries: Iterable[Content | Remark],
    pointed_at: str,
    budget: Budget,
    layouts: Sequence[Layout] = LAYOUTS,
    depth: int = 0,
) -> Iterator[Dump]:
    """All dumps among some files, then what objects there are in the files of none.

    `depth` counts the archives that they lie in already. Archives that belong to a dump stay
    closed: what they hold is older than it, or no cluster.
    """
    remarks: list[Remark] = []
    contents: list[Content] = []
    for entry in entries:
        if isinstance(entry, Remark):
            remarks.append(entry)
        else:
            contents.append(entry)
    contents += above_backup(contents, budget)
    plain: list[Content] = []
    for found in recognised(((it.name, it) for it in contents), layouts):
        if isinstance(found, tuple):
            layout, tree = found
            dump = layout.read(tree)
            dump.recognised = layout.name
            yield dump
            continue
        for content in found:
            inner = list(opened(content, f"{content.name}/", budget)) if depth < DEEPEST else []
            if not inner or inner[0] is content:
                plain.append(content)
            else:
                inner += beside_backup(inner, neighbours(content, found), budget)
                yield from dumps(inner, pointed_at, budget, layouts, depth + 1)
    yield from read_objects(plain, pointed_at)
    if remarks:
        yield Dump("", remarks=remarks)
