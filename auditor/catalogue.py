"""The catalogue of rules as a page, written from the rules themselves.

`python -m auditor.catalogue` rewrites rules/README.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from auditor.cluster import kinds_of
from auditor.packs import builtin
from auditor.rule import SECTIONS, Rule

HEAD = """\
<!-- Written by `python -m auditor.catalogue`. Edit the rule files instead. -->

# The rules

Each is one file of this directory, named as the rule. Its title says what holds when it passes;
its severity is the worst that it raises. `mesh-auditor explain RULE` prints the same page.
"""

PAGE = "README.md"


def catalogue(rules: Iterable[Rule]) -> str:
    """The page of all rules: a list by family, then each rule's own page."""
    rules = sorted(rules, key=lambda rule: (rule.family, rule.id))
    blocks = [HEAD]
    for family, same in groupby(rules, key=lambda rule: rule.family):
        blocks.append(f"**{family}**")
        blocks.append("\n".join(f"- [{rule.id}](#{rule.id}): {rule.title}" for rule in same))
    for rule in rules:
        blocks += _page(rule)
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _page(rule: Rule) -> Iterator[str]:
    reads = ", ".join(f"`{kind}`" for kind in kinds_of(rule.reads))
    yield f"## {rule.id}"
    yield rule.title
    yield f"*{rule.family}, {rule.severity}.* Reads {reads}."
    for section in SECTIONS:
        yield f"**{section}.** {rule.page[section]}"
    yield "**References.**"
    yield "\n".join(f"- <{reference}>" for reference in rule.references)


def main() -> None:
    """Write the page beside the built-in rules."""
    pack = builtin()
    (pack.path / PAGE).write_text(catalogue(pack.rules()), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
