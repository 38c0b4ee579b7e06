"""`mesh-auditor rules`: the catalogue."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from auditor.cli.console import Console, page_of
from auditor.cli.outputs import outputs, write
from auditor.cli.parser import Parser, add_rules_option
from auditor.cli.parts import Parts

if TYPE_CHECKING:
    from auditor.render.page import Page
    from auditor.rule import Rule

SUMMARY = "list the rules: id, family, severity, and what holds when they pass"

DESCRIPTION = """\
Lists the rules that an audit uses. `mesh-auditor explain RULE` prints the page of one.
"""

EXAMPLES = """\
examples:
  mesh-auditor rules
  mesh-auditor rules --rules ./house-rules -o json

exit codes:
  0  the rules are listed
  2  the command line or a rule cannot be used; one line on standard error says why
"""

FORMATS = ("table", "json")


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("rules", help=SUMMARY, description=DESCRIPTION, epilog=EXAMPLES)
    add_rules_option(parser)
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FORMAT[=PATH]",
        help=f"how to list them: {', '.join(FORMATS)}; may be repeated (default: table)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Print the list."""
    asked = outputs(arguments.output, FORMATS)
    rules = parts.rules(arguments.rules)
    for output in asked:
        page = page_of(console, to_file=bool(output.path))
        write(_json(rules) if output.format == "json" else _table(rules, page), output, console)
    return 0


def _table(rules: tuple[Rule, ...], page: Page) -> str:
    from auditor.render.catalogue import rule_table

    return rule_table(rules, page)


def _json(rules: tuple[Rule, ...]) -> str:
    from auditor.cluster import kinds_of
    from auditor.render.json import as_json

    return as_json(
        [
            {
                "id": rule.id,
                "family": rule.family,
                "severity": str(rule.severity),
                "title": rule.title,
                "reads": [str(kind) for kind in kinds_of(rule.reads)],
                "references": list(rule.references),
            }
            for rule in rules
        ]
    )
