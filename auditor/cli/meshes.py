"""`mesh-auditor meshes`: the inventory."""

from __future__ import annotations

import argparse
import shlex

from auditor.cli.conclusion import concluded
from auditor.cli.console import Console, page_of
from auditor.cli.live import add_connection_options, live_options, observed
from auditor.cli.outputs import Output, write
from auditor.cli.parser import SOURCE, Parser, add_source_options
from auditor.cli.parts import Parts

SUMMARY = "show the meshes: versions, roots, namespaces, trust between them, owners of the CRDs"

DESCRIPTION = """\
Shows every mesh that can be found: its control planes, revisions, versions, installer and roots,
which namespaces belong to it and why, which other mesh it accepts, and what could hide another
one; and who owns the Istio CRDs, which all of them share.

SOURCE is as for `mesh-auditor audit`; without any it reads the live cluster. The JSON report of
`audit` holds the same for scripts.
"""

EXAMPLES = """\
examples:
  mesh-auditor meshes --context production
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
    add_connection_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Print the inventory."""
    report = concluded(observed(arguments, (), console, parts), (), parts)

    from auditor.render.meshes import meshes

    words = ["mesh-auditor", "meshes", *live_options(arguments), *arguments.sources]
    live = not arguments.sources
    page = page_of(console, verbose=arguments.verbose, again=shlex.join(words), live=live)
    write(meshes(report, page), Output("table"), console)
    return 0
