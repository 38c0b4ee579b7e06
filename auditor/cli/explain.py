"""`mesh-auditor explain`: the page of one rule."""

from __future__ import annotations

import argparse

from auditor.cli.console import Console, page_of
from auditor.cli.outputs import Output, write
from auditor.cli.parser import Parser, add_rules_option
from auditor.cli.parts import Parts
from auditor.cli.selection import the_rule

SUMMARY = "print the page of a rule: why it matters, when it passes and fails, how to mend it"

EXAMPLES = """\
examples:
  mesh-auditor explain crd-single-owner

exit codes:
  0  the page is printed
  2  there is no such rule, or a rule cannot be used; one line on standard error says why
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    description = f"{SUMMARY[0].upper()}{SUMMARY[1:]}."
    parser = commands.add_parser("explain", help=SUMMARY, description=description, epilog=EXAMPLES)
    parser.add_argument("rule", metavar="RULE", help="the id of a rule, as reports name it")
    add_rules_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Print the page."""
    rule = the_rule(parts.rules(arguments.rules), arguments.rule)

    from auditor.render.catalogue import rule_page

    page = page_of(console)
    write(rule_page(rule, page), Output("table"), console)
    return 0
