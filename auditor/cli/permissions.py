"""`mesh-auditor permissions`: the rights that a live audit takes."""

from __future__ import annotations

import argparse

from auditor.cli.conclusion import kinds_needed
from auditor.cli.console import Console
from auditor.cli.live import add_reach_options
from auditor.cli.parser import Parser, Refused, add_selection_options
from auditor.cli.parts import Parts
from auditor.cli.selection import selected

SUMMARY = "print the RBAC that a live audit takes, get and list only, as YAML that applies"

DESCRIPTION = """\
Prints the roles that let an audit with the selected rules read a live cluster. They allow get and
list, and nothing else. Secrets are in a role of their own, to be left out by whoever wants to.
"""

EXAMPLES = """\
examples:
  mesh-auditor permissions | kubectl apply -f -
  mesh-auditor permissions --select crd
  mesh-auditor permissions --namespace shop --namespace istio-control --no-secrets

exit codes:
  0  the roles are printed
  2  the command line or a rule cannot be used; one line on standard error says why
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "permissions", help=SUMMARY, description=DESCRIPTION, epilog=EXAMPLES
    )
    add_selection_options(parser)
    add_reach_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Print the roles."""
    from auditor.kinds import SECRET
    from auditor.sources import Unusable
    from auditor.sources.live import permissions

    rules = selected(parts.rules(arguments.rules), arguments.select, arguments.ignore)
    kinds = kinds_needed(rules, parts)
    if arguments.no_secrets:
        kinds = tuple(kind for kind in kinds if kind != SECRET)
    namespaces = tuple(dict.fromkeys(arguments.namespace))
    try:
        console.say(permissions(kinds, namespaces, arguments.helm_releases))
    except Unusable as unusable:
        raise Refused(str(unusable)) from unusable
    return 0
