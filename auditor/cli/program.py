"""The command line as a whole: its commands, and how each of its ways to end looks."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from auditor import __version__
from auditor.cli import audit, crds, explain, meshes, permissions, rules, snapshot
from auditor.cli.configuration import with_configuration
from auditor.cli.console import Console
from auditor.cli.parser import Answered, Parser, Refused
from auditor.cli.parts import Parts

NAME = "mesh-auditor"
COMMANDS = (audit, meshes, snapshot, permissions, rules, explain, crds)
UNUSABLE = 2

DESCRIPTION = """\
Audits a Kubernetes cluster in which two Istio meshes live side by side: Cisco's Streaming Data
Manager beside upstream Istio. It reads, and never changes a cluster.
"""

EPILOG = """\
examples:
  mesh-auditor audit                what is wrong in the cluster that kubectl would talk to
  mesh-auditor audit dump/          the same of a dump: why it matters, and what to type
  mesh-auditor meshes dump/         which meshes there are
  mesh-auditor explain trust-mutual

exit codes: 0 go on, 1 findings, 2 unusable input, 3 not known; `mesh-auditor audit --help` tells
more. MESH_AUDITOR_DEBUG=1 shows the traceback of a defect, which may hold values of the input.
"""


def run(argv: Sequence[str], console: Console, parts: Parts) -> int:
    """Carry out a command line. However it ends, it says so in one line, and by the exit code."""
    try:
        return _command(argv, console, parts)
    except Answered as answer:
        console.say(str(answer))
        return 0
    except Refused as refusal:
        console.complain(str(refusal))
    except Exception as error:  # a defect of ours must neither look like a finding nor tell values
        console.complain(_defect(error))
        if console.debug:
            traceback.print_exception(error, file=console.stderr)
    return UNUSABLE


def _command(argv: Sequence[str], console: Console, parts: Parts) -> int:
    whole = Parser(prog=NAME, description=DESCRIPTION, epilog=EPILOG)
    whole.add_argument("--version", action="store_true", help="say the version and stop")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)

    if argv and argv[0] in commands.choices:  # so that sources may stand among the options
        arguments = with_configuration(commands.choices[argv[0]], list(argv[1:]))
        code: int = arguments.run(arguments, console, parts)
        return code
    if whole.parse_args(argv).version:
        raise Answered(f"{NAME} {__version__}\n")
    names = ", ".join(commands.choices)
    raise Refused(f"say what to do: {names}; `{NAME} --help` tells more")


def _defect(error: Exception) -> str:
    """Which defect and where, without any value that it may speak of."""
    where = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in where if f"{os.sep}auditor{os.sep}" in frame.filename] or where
    last = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
    said = f"stopped by a defect of its own, {type(error).__name__} in {last}"
    return f"{said}; MESH_AUDITOR_DEBUG=1 shows more"
