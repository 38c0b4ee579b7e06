"""The meshes side by side, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tabulate import tabulate

from auditor.inventory import Inventory, MeshSummary, Told
from auditor.objects import in_the_middle, with_short_fingerprints
from auditor.render.names import listed
from auditor.render.page import Line, Page
from auditor.visible import visible

UNSEEN = "?"
"""What a cell holds where something, or something more, may be that was not seen."""

HEADERS = (
    "Mesh",
    "Installer",
    "Namespace",
    "Version",
    "Revisions",
    "Tags",
    "Trust domain",
    "Root (sha256)",
    "Namespaces",
)


def mesh_table(inventory: Inventory, page: Page) -> Iterator[Line]:
    """A row for each mesh; where that is too wide a column for each; else a line for each."""
    meshes = inventory.meshes
    if not meshes:
        yield Line("No mesh was found." if not inventory.gaps else "No mesh was found so far.")
        return
    cells = [_cells(mesh) for mesh in meshes]
    kept = [number for number, _ in enumerate(HEADERS) if any(row[number] != "-" for row in cells)]
    headers = [HEADERS[number] for number in kept]
    rows = [[row[number] for number in kept] for row in cells]
    turned = [list(column) for column in zip(*rows)]
    beside = [[header, *values] for header, values in zip(headers[1:], turned[1:])]
    tables = (_table(headers, rows), _table(["", *turned[0]], beside))
    for lines in tables:
        if page.width is None or max(map(len, lines)) <= page.width:
            yield from (Line(line, fixed=True) for line in lines)
            break
    else:
        for row in rows:
            said = "; ".join(
                f"{header.lower()} {', '.join(cell.splitlines())}"
                for header, cell in zip(headers[1:], row[1:])
            )
            yield Line(said, label=f"{row[0]}:")
    if any(UNSEEN in cell.splitlines() for row in cells for cell in row):
        yield Line(f"{UNSEEN} = something may be here that was not seen.")


def notes(inventory: Inventory) -> Iterator[Line]:
    """What a reader must know of the meshes, and what could hide another one."""
    for mesh in inventory.meshes:
        if not mesh.running and not mesh.notes:
            yield Line("declared, does not run", label=f"{mesh.id}:")
        for note in mesh.notes:
            yield Line(note, label=f"{mesh.id}:")
    for note in inventory.notes:
        yield Line(note, label="Note:")


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    text = tabulate(rows, headers, tablefmt="simple", disable_numparse=True)
    return [line.rstrip() for line in text.splitlines()]


def _cells(mesh: MeshSummary) -> list[str]:
    cells = (
        mesh.id,
        _stacked(mesh.installer, "unknown"),
        mesh.namespace,
        _stacked(mesh.versions),
        _stacked(mesh.revisions),
        _stacked(mesh.tags),
        _stacked(mesh.trust_domain),
        _stacked(replace(mesh.roots, values=tuple(map(_digits, mesh.roots.values)))),
        _counted(mesh),
    )
    return ["\n".join(in_the_middle(visible(it)) for it in cell.split("\n")) for cell in cells]


def _counted(mesh: MeshSummary) -> str:
    """How many namespaces belong to a mesh, however many reasons there are for each."""
    many = len({member.namespace for member in mesh.members})
    return f"{many} or more" if mesh.members_gaps else str(many)


def _digits(root: str) -> str:
    """The digits of a fingerprint as they are written everywhere, without what goes around them."""
    return with_short_fingerprints(root).removeprefix("sha256 ").removesuffix(" …")


def _stacked(told: Told, none: str = "-") -> str:
    """The values one above the other, a mark below where there may be more."""
    values = [visible(value) for value in told.values]
    return "\n".join([*values, *([UNSEEN] if told.gaps else [])]) or none


def members(mesh: MeshSummary) -> Iterator[Line]:
    """The namespaces of a mesh, together where they belong to it for the same reason."""
    whys: dict[str, list[str]] = {}
    for member in mesh.members:
        whys.setdefault(member.why, []).append(member.namespace)
    for why, names in whys.items():
        yield Line(f"{listed(names, len(names))}: {why}", 2, hang=2)
