"""Runs a command line inside the test, with sources and rules of the test's own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from auditor.cli.console import Console
from auditor.cli.parser import Refused
from auditor.cli.parts import Parts
from auditor.cli.parts import rules as loaded
from auditor.cli.program import run
from auditor.cluster import Model
from auditor.inventory import Inventory
from auditor.kinds import NAMESPACE, Kind
from auditor.rule import Rule
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from auditor.sources.live import Progress, Settings
from tests.house import MESHES, make_rule, passes, thing

SHOP = Snapshot({NAMESPACE: Seen((thing(NAMESPACE, "shop", line=3),))}, "dump")
INVENTORY: Model[Inventory] = Model("inventory", (NAMESPACE,), lambda cluster: MESHES)


Survey: TypeAlias = Callable[[Settings, Sequence[Kind], Callable[[Progress], None]], Snapshot]


def unreachable(
    settings: Settings, kinds: Sequence[Kind], progress: Callable[[Progress], None]
) -> Snapshot:
    """A live cluster that nobody can reach."""
    raise Refused("no cluster to read")


class Stream(io.StringIO):
    """A stream that is a terminal or not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error of a command that could not be carried out."""
        assert (self.code, self.out) == (2, "")
        assert self.err.startswith("mesh-auditor: ")
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1
        return self.err.removeprefix("mesh-auditor: ").rstrip("\n")


def command(
    *argv: str,
    rules: Iterable[Rule] = (),
    read: Callable[[Sequence[str]], Snapshot] = lambda sources: SHOP,
    terminal: bool = False,
    environment: Mapping[str, str] | None = None,
    inventory: Model[Inventory] = INVENTORY,
    survey: Survey | None = None,
) -> Ended:
    """Carry out a command line: with these rules, or with those it loads when none is given."""
    ours = tuple(rules) or (make_rule("house-rule", passes),)
    parts = Parts(
        lambda sources, choice: read(sources),
        survey or unreachable,
        lambda directories: loaded(directories) if directories else ours,
        lambda: inventory,
        lambda: "2026-11-01",
    )
    out, err = Stream(terminal), Stream(terminal)
    code = run(argv, Console(out, err, environment or {}), parts)
    return Ended(code, out.getvalue(), err.getvalue())


def refusing(message: str) -> Callable[[Sequence[str]], Snapshot]:
    """Sources that cannot be used."""

    def read(sources: Sequence[str]) -> Snapshot:
        raise Refused(message)

    return read


def really(*argv: str) -> Ended:
    """Carry out a command line with everything that a user has."""
    out, err = Stream(False), Stream(False)
    code = run(argv, Console(out, err, {}), Parts())
    return Ended(code, out.getvalue(), err.getvalue())
