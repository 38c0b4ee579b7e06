"""Which of the rules a run uses."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from auditor.cli.parser import Refused

if TYPE_CHECKING:
    from auditor.rule import Rule


def selected(
    rules: Iterable[Rule], select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> tuple[Rule, ...]:
    """The rules that are named, or of a family that is, and not ignored; all when none is named.

    Raises `Refused` for a name that is neither, and where nothing is left to audit.
    """
    rules = tuple(rules)
    names = {name for rule in rules for name in (rule.id, rule.family)}
    for option, given in (("--select", select), ("--ignore", ignore)):
        for name in given:
            if name not in names:
                raise Refused(f"{option} {name}: {no_such(name, names)}")
    kept = tuple(
        rule
        for rule in rules
        if (not select or {rule.id, rule.family} & set(select))
        and not {rule.id, rule.family} & set(ignore)
    )
    if not kept:
        raise Refused("--select and --ignore leave no rule to audit with")
    return kept


def the_rule(rules: Iterable[Rule], id: str) -> Rule:
    """The rule of an id. Raises `Refused` where there is none."""
    by_id = {rule.id: rule for rule in rules}
    if id not in by_id:
        raise Refused(no_such(id, by_id, "rule"))
    return by_id[id]


def no_such(name: str, names: Iterable[str], what: str = "rule or family of rules") -> str:
    """That a name is unknown, with those that it may have been meant for."""
    near = difflib.get_close_matches(name, sorted(names), n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `mesh-auditor rules` lists all"
    return f"there is no {what} of this name{hint}"
