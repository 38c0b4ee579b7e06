"""`mesh-auditor meshes`: the inventory."""

from __future__ import annotations

import argparse
import shlex

from auditor.cli.audit import NO_SOURCE
from auditor.cli.conclusion import concluded
from auditor.cli.console import Console, page_of
from auditor.cli.outputs import Output, write
from auditor.cli.parser import SOURCE, Parser, Refused, add_source_options
from auditor.cli.parts import Parts, choice_of

SUMMARY = "show the meshes: control planes, versions, roots, and which namespaces belong where"

DESCRIPTION = """\
Shows every mesh that can be found: its control planes, revisions, versions, installer and roots,
which namespaces belong to it and why, and what could hide another one.

SOURCE is as for `mesh-auditor audit`. The JSON report of `audit` holds the same for scripts.
"""

EXAMPLES = """\
examples:
  mesh-auditor meshes dump/
  kubectl get deployments,configmaps,pods,namespaces -A -o json | mesh-auditor meshes -

exit codes:
  0  what was found is shown, and what was not seen is said
  2  the command line or an input cannot be used; one line on standard error says why
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "meshes",
        usage="%(prog)s [SOURCE ...] [options]",
        help=SUMMARY,
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help=SOURCE)
    add_source_options(parser)
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="show every note about the sources"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Print the inventory."""
    if not arguments.sources:
        raise Refused(NO_SOURCE)
    report = concluded(parts.read(arguments.sources, choice_of(arguments)), (), parts)

    from auditor.render.meshes import meshes

    again = shlex.join(["mesh-auditor", "meshes", *arguments.sources])
    page = page_of(console, False, arguments.verbose, again)
    write(meshes(report, page), Output("table"), console)
    return 0
