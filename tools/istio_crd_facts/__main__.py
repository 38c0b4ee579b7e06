"""Rebuilds the facts on Istio's CRDs, or adds a release to them.

    python -m tools.istio_crd_facts add 1.31.0 FOLDER --date 2026-08-27
    python -m tools.istio_crd_facts build FOLDER-OF-RELEASES --date 2026-07-16

FOLDER has the source files of the release, or just those that are read:

    git -C istio archive 1.31.0 manifests/charts pkg/config/schema | tar -x -C FOLDER

FOLDER-OF-RELEASES has one such folder for each release, named by its number. The date
is the day of the newest release. The same input gives the same bytes; review the diff,
and for a new minor complete `istio-releases.json` by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.facts.changes import Change
from auditor.facts.compare import compare_all
from auditor.facts.crds import crds_of_snapshot
from auditor.facts.definition import Crd
from auditor.facts.releases import releases
from auditor.facts.versions import Version
from tools.istio_crd_facts.encoding import encoded, joined
from tools.istio_crd_facts.release_folder import UnusableFolder, crds_in

FACTS = Path(__file__).parents[2] / "auditor" / "facts" / "data" / "istio-crds.json"
SOURCE = "istio/istio git tags: the manifests of the charts, and pkg/config/schema/metadata.yaml"

History = Mapping[str, Mapping[str, Crd]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0 if the facts file was written, 2 with one line if it was not."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.istio_crd_facts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["add", "build"])
    parser.add_argument("release", nargs="?", type=release_number, help="with add, such as 1.31.0")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--date", required=True, help="the day of the newest release")
    parser.add_argument("--output", type=Path, default=FACTS, help="the facts file to write")
    options = parser.parse_args(arguments)
    try:
        history = build(options.folder) if options.command == "build" else known()
        if options.command == "add":
            history = add(history, options.release, options.folder)
    except UnusableFolder as error:
        sys.stderr.write(f"{error}\n")
        return 2
    options.output.write_text(text_of(history, options.date), encoding="utf-8")
    return 0


def release_number(text: str) -> str:
    """A release number of the command line, such as `1.31.0`."""
    version = Version.parse(text)
    if version is None or version.patch is None or version.suffix:
        raise argparse.ArgumentTypeError(f"{text!r} is no release number such as 1.31.0")
    return version.number


def known() -> History:
    """The releases of the facts that ship with the package, with their CRDs."""
    return {number: crds_of_snapshot(it.snapshot) for number, it in releases().items()}


def build(folder: Path) -> History:
    """The releases of a folder that has a folder for each, with their CRDs."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    return {release_number(path.name): crds_in(path) for path in folders}


def add(history: History, number: str, folder: Path) -> History:
    """The releases with one more, or with one read anew; prints what that changes."""
    crds = crds_in(folder)
    before = [it for it in history if order(it) < order(number)]
    if before:
        nearest = max(before, key=order)
        report(nearest, number, compare_all(history[nearest], crds))
    return {**history, number: crds}


def report(before: str, after: str, changes: Sequence[Change]) -> None:
    """Prints what a mesh of the release before meets on the CRDs of the one added."""
    counts = Counter(change.impact for change in changes)
    told = ", ".join(f"{count} {impact}" for impact, count in sorted(counts.items()))
    lines = [f"{before} on the CRDs of {after}: {told or 'no change'}"]
    lines += [f"  {change.impact}: {change}" for change in changes]
    sys.stdout.write("\n".join([*lines, ""]))


def text_of(history: History, date: str) -> str:
    """The facts file of some releases."""
    ordered = sorted(history.items(), key=lambda it: order(it[0]))
    return encoded(joined(ordered), SOURCE, date)


def order(number: str) -> tuple[int, ...]:
    """What orders release numbers."""
    return tuple(int(part) for part in number.split("."))


if __name__ == "__main__":
    sys.exit(main())
