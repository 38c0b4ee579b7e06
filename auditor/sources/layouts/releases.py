"""A source of which all that was collected are Helm's releases: what these declare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.helm import NoRelease, unpacked
from auditor.sources.findings import Findings
from auditor.sources.helm.manifests import declared_by
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.objects import MANIFESTS, OBJECTS


def declared_alone(dumps: Sequence[Dump]) -> list[Dump]:
    """The manifests of the releases, where nothing but these was collected.

    Beside objects of the cluster they would only be older or newer versions of what runs.
    """
    usable = [it for dump in dumps for it in dump.findings if it.is_usable]
    records = sum(len(found.records) for found in usable)
    if not records or any(len(it.objects) > it.stored for it in usable):
        return []
    found = [_declared(it) for it in usable if it.records]
    for dump in dumps:
        if dump.layout == OBJECTS and not any(it.is_usable for it in dump.findings):
            dump.layout = ""
    return [Dump(MANIFESTS, findings=found)]


def _declared(held: Findings) -> Findings:
    """What the releases in a file declare, and they themselves, which list no Secrets."""
    found = Findings(held.file)
    found.objects += [replace(it, declared=True) for it in held.objects]
    for thing, stored in held.records:
        try:
            release = unpacked(stored)
        except NoRelease:
            continue
        line = thing.origin.line(()) if thing.origin else None
        declared_by({"namespace": thing.namespace, **release}, found, thing.origin, line)
    held.objects.clear()
    held.lists.clear()
    held.everywhere.clear()
    held.loose.clear()
    return found
