"""`mesh-auditor snapshot`: what a live audit would read, in a file."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from auditor.cli.conclusion import kinds_needed
from auditor.cli.console import Console
from auditor.cli.live import add_connection_options, surveyed
from auditor.cli.outputs import refuse_unwritable, replace
from auditor.cli.parser import Parser, add_selection_options
from auditor.cli.parts import Parts
from auditor.cli.selection import selected

if TYPE_CHECKING:
    from auditor.snapshot import Snapshot

FILE = "mesh-auditor-snapshot.tar.gz"

SUMMARY = "save from the live cluster what the rules need, for an audit elsewhere"

DESCRIPTION = """\
Saves what an audit with the selected rules reads of the live cluster, and why it could not read the
rest. `mesh-auditor audit FILE` then comes to the verdicts of the live audit. Private keys, values
of Secrets and the environment of applications are dropped while reading and are not in it.
"""

EXAMPLES = """\
examples:
  mesh-auditor snapshot -o before-the-upgrade.tar.gz
  mesh-auditor snapshot --context production --select crd
  mesh-auditor audit before-the-upgrade.tar.gz

exit codes:
  0  the file is written; it says itself what could not be read
  2  the command line or the cluster cannot be used; one line on standard error says why
"""


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("snapshot", help=SUMMARY, description=DESCRIPTION, epilog=EXAMPLES)
    parser.add_argument(
        "-o",
        "--output",
        default=FILE,
        metavar="FILE.tar.gz",
        help=f"where to save it (default: {FILE})",
    )
    add_selection_options(parser)
    add_connection_options(parser, "the live cluster")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Read the cluster and save what was seen. The file is whole or as it was before."""
    from auditor.sources.saved import write_snapshot

    asked = f"-o {arguments.output}"
    refuse_unwritable(asked, arguments.output)
    rules = selected(parts.rules(arguments.rules), arguments.select, arguments.ignore)
    snapshot = surveyed(arguments, kinds_needed(rules, parts), console, parts)
    replace(asked, arguments.output, lambda file: write_snapshot(snapshot, file))
    console.say(f"{arguments.output}: {_said(snapshot)}\n")
    return 0


def _said(snapshot: Snapshot) -> str:
    """How much of the cluster is in it."""
    objects = sum(len(seen.so_far) for seen in snapshot.kinds.values())
    partly = [str(kind) for kind in snapshot.kinds if snapshot.unanswered(kind)]
    said = f"{objects} objects, {len(snapshot.kinds)} kinds"
    return f"{said}, of which not or not whole: {', '.join(partly)}" if partly else said
