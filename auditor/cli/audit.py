"""`mesh-auditor audit`: the main job."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from auditor.cli.conclusion import concluded
from auditor.cli.configuration import add_config_option
from auditor.cli.console import Console, page_of
from auditor.cli.live import add_connection_options, live_options, observed
from auditor.cli.moment import days, moment
from auditor.cli.outputs import outputs, write
from auditor.cli.parser import SOURCE, Parser, add_selection_options, add_source_options
from auditor.cli.parts import Parts
from auditor.cli.selection import selected

if TYPE_CHECKING:
    from auditor.report import Report, Terms

SUMMARY = "audit a cluster, or a dump of one, for what would break when its two meshes meet"

DESCRIPTION = """\
Audits a cluster in which two Istio meshes live side by side. It reads, and changes nothing.

SOURCE is what `kubectl get -o yaml` or `-o json` printed, a dump that a collector made, what
`mesh-auditor snapshot` saved, a directory or an archive of such, or - for standard input. Several
are one cluster, a later one adding to the earlier ones. Without any it reads the live cluster that
kubectl would, and asks for nothing but get and list.
"""

EXAMPLES = """\
examples:
  mesh-auditor audit --context production
  mesh-auditor audit --namespace shop --namespace istio-control --no-secrets
  mesh-auditor audit dump/
  mesh-auditor audit crds.yaml pods.yaml namespaces.yaml
  kubectl get crd -o json | mesh-auditor audit --select crd -
  mesh-auditor audit dump/ -o table -o junit=report.xml -o json=report.json
  mesh-auditor audit dump/ --fail-on warning --ignore versions-compatible

exit codes, whatever the format:
  0  go on: every rule passed or does not apply, or failed only below --fail-on
  1  a finding at or above --fail-on
  2  the command line or an input cannot be used; one line on standard error says why
  3  not known: nothing failed, but a rule could not tell or broke, or nothing was evaluated
"""

FORMATS = ("table", "json", "junit")
LEVELS = ("error", "warning", "info", "never")


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "audit",
        usage="%(prog)s [SOURCE ...] [options]",
        help=SUMMARY,
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help=SOURCE)
    add_source_options(parser)
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FORMAT[=PATH]",
        help=f"how to report: {', '.join(FORMATS)}; to standard output or a file; may be repeated "
        "(default: table)",
    )
    parser.add_argument(
        "--fail-on",
        choices=LEVELS,
        default=LEVELS[0],
        help="the least severity that makes the exit code 1 (default: error)",
    )
    parser.add_argument(
        "--allow-unknown",
        action="store_true",
        help="exit with 0 where nothing failed and something could not be told",
    )
    add_selection_options(parser)
    parser.add_argument(
        "--now",
        metavar="TIMESTAMP",
        help="judge validity at this moment, such as 2026-11-20T08:14:00Z (default: when the dump "
        "was taken, if it tells, else now)",
    )
    parser.add_argument(
        "--expires-within",
        metavar="DAYS",
        help="tell of certificates that end within so many days of that moment (default: 30)",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="show each finding, and name what passed"
    )
    add_config_option(parser)
    add_connection_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Audit, write the reports, and tell by the exit code what they come to."""
    now, ahead = moment(arguments.now), days(arguments.expires_within)
    asked = outputs(arguments.output, FORMATS)
    rules = selected(parts.rules(arguments.rules), arguments.select, arguments.ignore)
    snapshot = observed(arguments, rules, console, parts)
    report = concluded(snapshot, rules, parts, now, _terms(arguments), ahead)

    from auditor.render import RENDERERS

    for output in asked:
        page = page_of(
            console,
            to_file=bool(output.path),
            verbose=arguments.verbose,
            again=_again(arguments),
            live=not arguments.sources,
        )
        write(RENDERERS[output.format](report, page), output, console)
    if all(output.path for output in asked):
        _say_the_end(report, console)
    return report.exit_code


def _terms(arguments: argparse.Namespace) -> Terms:
    from auditor.outcome import Severity
    from auditor.report import Terms

    never = arguments.fail_on == "never"
    fail_on = None if never else Severity[arguments.fail_on.upper()]
    return Terms(fail_on, arguments.allow_unknown)


def _again(arguments: argparse.Namespace) -> str:
    """The command line that audits the same on the same terms; a file can be added to a dump."""
    words = ["mesh-auditor", "audit"]
    for option in ("select", "ignore", "rules"):
        for value in getattr(arguments, option):
            words += [f"--{option}", value]
    for option in ("layout", "cluster"):
        value = getattr(arguments, option)
        words += [f"--{option}", value] if value else []
    words += ["--fail-on", arguments.fail_on] if arguments.fail_on != LEVELS[0] else []
    words += ["--allow-unknown"] if arguments.allow_unknown else []
    words += ["--now", arguments.now] if arguments.now else []
    within = arguments.expires_within
    words += ["--expires-within", within] if within is not None else []
    return shlex.join([*words, *live_options(arguments), *arguments.sources])


def _say_the_end(report: Report, console: Console) -> None:
    """Where every report went to a file, the person who waits still learns how it ended."""
    from auditor.render.ending import exit_words

    console.complain(f"exit {report.exit_code}: {exit_words(report)}")
