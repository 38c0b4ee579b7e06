"""Where rules come from: packs, which are directories of rule files."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import module_from_spec
from pathlib import Path
from zlib import crc32

from auditor.rule import BadRule, Rule


@dataclass(frozen=True)
class Pack:
    """A directory of rule files, importable under the package name `name`."""

    name: str
    path: Path

    def rules(self) -> Iterator[Rule]:
        """Its rules, in the order of their files. Raises `BadRule`, naming the file."""
        for file in sorted(self.path.glob("[!_]*.py")):
            try:
                module = importlib.import_module(f"{self.name}.{file.stem}")
            except Exception as error:  # a rule file may raise anything while it is imported
                raise BadRule(f"{file}: {type(error).__name__}: {error}") from error
            found = [value for value in vars(module).values() if isinstance(value, Rule)]
            expected = file.stem.replace("_", "-")
            if [rule.id for rule in found] != [expected]:
                raise BadRule(f"{file}: should define one rule, with the id {expected!r}")
            yield from found


def mount(name: str, path: Path) -> Pack:
    """Make a directory importable as the package `name`, leaving sys.path alone."""
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(path)]
    sys.modules[name] = module_from_spec(spec)
    return Pack(name, path)


def builtin() -> Pack:
    """The rules of this distribution: auditor/rules in a wheel, rules/ in a checkout."""
    here = Path(__file__).resolve().parent
    installed, checkout = here / "rules", here.parent / "rules"
    return mount("auditor.rules", installed if installed.is_dir() else checkout)


def installed() -> Iterator[Pack]:
    """The packs that other distributions offer. Raises `BadRule`, naming the distribution."""
    for entry_point in entry_points(group="auditor.rules"):
        try:
            package = entry_point.load()
            places = [Path(place) for place in package.__path__]
        except Exception as error:  # a pack may raise anything while it is imported
            raise BadRule(f"the pack {entry_point.value}: {error}") from error
        for place in places:
            yield Pack(package.__name__, place)


def load(extra: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """The rules of every pack, sorted by id: built in, installed, and the directories `extra`.

    Raises `BadRule` where a pack is broken, two rules share an id, or there are no rules.
    """
    packs = [builtin(), *installed()]
    for path in extra:
        if not path.is_dir():
            raise BadRule(f"{path}: is no directory of rules")
        pack = mount(f"auditor_pack_{crc32(bytes(path.resolve())):x}", path)
        if not any(path.glob("[!_]*.py")):
            raise BadRule(f"{path}: holds no rule file")
        packs.append(pack)

    rules: dict[str, Rule] = {}
    for pack in packs:
        for rule in pack.rules():
            if rule.id in rules:
                raise BadRule(f"{pack.path}: the id {rule.id!r} is taken")
            rules[rule.id] = rule
    if not rules:
        raise BadRule("no rules were found, so there is nothing to audit")
    return tuple(rules[id] for id in sorted(rules))
