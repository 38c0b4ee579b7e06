"""What a layout is: it knows its dumps by their files, and what each file stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from auditor.kinds import Kind
from auditor.snapshot import Remark
from auditor.sources.findings import Findings
from auditor.sources.layouts.tree import Tree


@dataclass
class Dump:
    """What was read of one dump. `layout`: the name of its format, as reports give it."""

    layout: str
    top: str = ""
    findings: list[Findings] = field(default_factory=list)
    time: datetime | None = None
    """When it was taken, where it tells."""
    cluster: str = ""
    """What the format itself calls the cluster, where it does."""
    namespaces: frozenset[str] = frozenset()
    """The names of all namespaces, where the format tells them without their objects."""
    remarks: list[Remark] = field(default_factory=list)
    recognised: str = ""
    """The word for `--layout` that it was recognised by."""
    source: int = 0
    """Which of the sources on the command line it is from."""

    def left_out(self, reasons: Iterable[tuple[Kind, str]]) -> None:
        """Note why the format does not list some kinds."""
        found = Findings(self.top or "it", empty=f"is {self.layout}, with no object of use here")
        found.unlisted.update(reasons)
        self.findings.append(found)


class Layout(Protocol):
    """A format of dumps that are trees of files."""

    @property
    def name(self) -> str:
        """The word for `--layout`."""

    @property
    def title(self) -> str:
        """How reports call it."""

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        """The folders, ending in a slash, or empty for the top itself, that hold such a dump."""

    def owns(self, path: str) -> bool:
        """Whether a file below the top is a part of the dump, not something laid beside it."""

    def read(self, tree: Tree) -> Dump:
        """All that is in one of them."""
