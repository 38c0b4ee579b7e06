"""Files that no collector made: what kubectl printed, and manifests."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.sources.files import Content, Left
from auditor.sources.junk import is_log
from auditor.sources.layouts.cluster_info_dump import (
    ClusterInfoDump,
    is_printed,
    take_for_printed,
)
from auditor.sources.layouts.kustomization import PATCH, patches
from auditor.sources.layouts.layout import Dump
from auditor.sources.reading import findings

OBJECTS, MANIFESTS = "Kubernetes objects", "manifests"


def read_objects(contents: Iterable[Content], pointed_at: str) -> list[Dump]:
    """Each file for itself. A file named like a log is one, unless it was pointed at."""
    dumps: dict[str, Dump] = {}
    contents = list(contents)
    patching = patches(contents)
    for content in contents:
        found = findings(
            Left(content.name, PATCH, hides=False) if content.name in patching else content,
            log=is_log(content.name) and content.name != pointed_at,
        )
        layout = MANIFESTS if found.is_declared else OBJECTS if found.is_usable else ""
        if is_printed(found):
            take_for_printed(found)
            layout = ClusterInfoDump.title
        dumps.setdefault(layout, Dump(layout)).findings.append(found)
    return list(dumps.values())
