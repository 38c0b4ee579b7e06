"""`mesh-auditor crds`: what a mesh of one release meets on the CRDs of another."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.console import Console, page_of
from auditor.cli.live import add_connection_options, of_files, refuse_beside, surveyed
from auditor.cli.outputs import outputs, write
from auditor.cli.parser import Parser, Refused
from auditor.cli.parts import Parts

if TYPE_CHECKING:
    from auditor.facts.definition import Crd
    from auditor.facts.versions import Version
    from auditor.objects import Obj
    from auditor.seen import Seen

SUMMARY = "tell what changes for a mesh of one Istio release on the CRDs of another"

DESCRIPTION = """\
Tells what a mesh of FROM meets on the CRDs of TO: what is refused, what is dropped without a
word, and what depends on the objects. The direction matters: newer CRDs take what an older mesh
writes, while a newer mesh loses on older CRDs.

FROM and TO are releases of Istio, such as 1.15.3, or dumps whose own CRDs are compared. Without TO
it is the CRDs of the live cluster. What a vendor adds to a number counts for nothing.
"""

EXAMPLES = """\
examples:
  mesh-auditor crds 1.13.9 1.15.3
  mesh-auditor crds 1.24.6 dump/
  mesh-auditor crds 1.24.6 --context production
  kubectl get crd -o json | mesh-auditor crds 1.15.3 - -o json

exit codes:
  0  the answer is given, whatever it is
  2  there is no such release, dump or cluster; one line on standard error says why
"""

FORMATS = ("table", "json")
STANDARD = "-"


@dataclass(frozen=True)
class Side:
    """Some CRDs, whose they are, and which could not be told."""

    said: str
    crds: Mapping[str, Crd]
    is_release: bool
    untold: dict[str, str] = field(default_factory=dict)


def add_to(commands: argparse._SubParsersAction[Parser]) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "crds",
        usage="%(prog)s FROM [TO] [options]",
        help=SUMMARY,
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument("ours", metavar="FROM", help="the release of a mesh, or a dump")
    parser.add_argument(
        "theirs", metavar="TO", nargs="?", help="the release of the CRDs, or a dump"
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FORMAT[=PATH]",
        help=f"how to tell: {', '.join(FORMATS)}; may be repeated (default: table)",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="list what costs nothing as well"
    )
    add_connection_options(parser, "a live cluster, where no TO is named", reach=False)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, console: Console, parts: Parts) -> int:
    """Compare the two, and print what is met."""
    asked = outputs(arguments.output, FORMATS)
    ours = _side(arguments.ours, console, parts)
    if arguments.theirs:
        refuse_beside(arguments.theirs, arguments)
        theirs = _side(arguments.theirs, console, parts)
    else:
        theirs = _of_cluster(arguments, console, parts)

    from auditor.facts.compare import compare_all
    from auditor.render.crds import Comparison, comparison_json, comparison_text
    from auditor.render.json import as_json

    untold = {**ours.untold, **theirs.untold}
    changes = tuple(
        change
        for change in compare_all(ours.crds, theirs.crds)
        if change.crd not in untold and (change.read or not ours.is_release)
    )
    why = tuple(f"{name}: {reason}" for name, reason in sorted(untold.items()))
    told = Comparison(ours.said, theirs.said, changes, why, parts.facts_date())
    for output in asked:
        page = page_of(console, to_file=bool(output.path), verbose=arguments.verbose)
        as_text = output.format == "table"
        text = comparison_text(told, page) if as_text else as_json(comparison_json(told))
        write(text, output, console)
    return 0


def _side(text: str, console: Console, parts: Parts) -> Side:
    from auditor.facts.versions import Version

    if text == STANDARD or Path(text).exists():
        return _of_dump(text, console, parts)
    version = Version.parse(text)
    if version is None:
        raise Refused(f"{text} is neither a release of Istio, such as 1.15.3, nor a file")
    return _of_release(version)


def _of_release(version: Version) -> Side:
    from auditor.facts.crds import shipped_by
    from auditor.facts.releases import minor_of, release_of

    release = release_of(version)
    if release is None:
        minor = minor_of(version)
        hint = f"; the last one of {minor.name} is {minor.last}" if minor else ""
        raise Refused(f"{version} is no release of Istio that the facts know{hint}")
    return Side(f"Istio {release}", shipped_by(release), True)


def _of_dump(text: str, console: Console, parts: Parts) -> Side:
    from auditor.kinds import CRD
    from auditor.sources import Choice

    said = text if text != STANDARD else "standard input"
    return _of_crds(text, said, of_files([text], Choice(), console, parts).seen(CRD))


def _of_cluster(arguments: argparse.Namespace, console: Console, parts: Parts) -> Side:
    """The Istio CRDs of the live cluster, all of them: a part would pass for what is not served."""
    from auditor.kinds import CRD

    snapshot = surveyed(arguments, (CRD,), console, parts)
    seen = snapshot.seen(CRD)
    if seen.gaps:
        raise Refused(f"{seen.gaps[0]}; it takes {seen.gaps[0].get}")
    return _of_crds(snapshot.description, snapshot.description, seen)


def _of_crds(named: str, said: str, seen: Seen[Obj]) -> Side:
    """The Istio CRDs among some, by their schemas, else by the labels of who wrote them."""
    from auditor.facts.crds import crd_names
    from auditor.models.crd_content import CrdContents
    from auditor.seen import Unseen

    known, contents = set(crd_names()), CrdContents()
    crds, untold = {}, {}
    for crd in seen.so_far:
        if crd.name in known:
            try:
                crds[crd.name] = contents.of(crd).crd
            except Unseen as unseen:
                untold[crd.name] = "; ".join(gap.why for gap in unseen.gaps)
    if not crds and not untold:
        raise Refused(f"{named}: there are no CRDs of Istio in it")
    return Side(said, crds, False, untold)
