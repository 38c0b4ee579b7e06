"""The inventory as a person reads it: the meshes, what belongs to each, what they share."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.render.ending import not_listed, remarks
from auditor.render.mesh_table import members, mesh_table, notes
from auditor.render.page import Line, Page, paint
from auditor.render.relations import crds, trust
from auditor.render.table import head, hidden
from auditor.render.unknown import reasons, to_tell
from auditor.report import Report


def meshes(report: Report, page: Page) -> str:
    """The meshes of a report, whatever its rules say."""
    return paint(_lines(report, page), page)


def _lines(report: Report, page: Page) -> Iterator[Line]:
    inventory = report.inventory
    yield from head(report)
    yield Line()
    yield from mesh_table(inventory, page)
    yield Line()
    for mesh in inventory.meshes:
        unseen = "; ".join(f"{what} ({why})" for what, why in reasons(mesh.members_gaps))
        if mesh.members:
            yield Line(label=f"Namespaces of {mesh.id}:")
            yield from members(mesh)
            yield from [Line(f"more may be: not seen: {unseen}", 2)] if unseen else []
        else:
            said = f"none so far; not seen: {unseen}" if unseen else "none"
            yield Line(said, label=f"Namespaces of {mesh.id}:")
    yield from trust(inventory)
    yield from crds(inventory, page)
    yield Line()
    yield from notes(inventory)
    yield from hidden(report)
    yield from not_listed(report)
    yield from remarks(report, page)
    doubts = [
        gap
        for mesh in inventory.meshes
        for told in (mesh.installer, mesh.revisions, mesh.tags, mesh.versions, mesh.roots)
        for gap in (*told.gaps, *mesh.members_gaps)
    ]
    doubts += [gap for way in inventory.trust for gap in way.gaps]
    doubts += [gap for crd in inventory.crds for gap in crd.owners.gaps]
    ways = list(to_tell((*inventory.gaps, *doubts, *inventory.crds_gaps), page))
    yield from [Line(), *ways[:-1]] if ways else []
