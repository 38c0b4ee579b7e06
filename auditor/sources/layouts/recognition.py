"""Which dumps are in a tree of files, told by the names of its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.sources.files import Content
from auditor.sources.layouts.bug_report import BugReport
from auditor.sources.layouts.cluster_info_dump import ClusterInfoDump
from auditor.sources.layouts.crashd import CrashDiagnostics
from auditor.sources.layouts.insights import Insights
from auditor.sources.layouts.inspection import Inspection
from auditor.sources.layouts.istio_dump import IstioDump
from auditor.sources.layouts.layout import Layout
from auditor.sources.layouts.sonobuoy import Sonobuoy
from auditor.sources.layouts.sosreport import SosReport
from auditor.sources.layouts.support_bundle import SupportBundle
from auditor.sources.layouts.tables import AKS, EKS, RANCHER
from auditor.sources.layouts.tree import Tree
from auditor.sources.layouts.velero import Velero

LAYOUTS: Sequence[Layout] = (
    BugReport(),
    SosReport(),
    Velero(),
    SupportBundle(),
    Inspection(),
    Sonobuoy(),
    CrashDiagnostics(),
    IstioDump(),
    Insights(),
    RANCHER,
    EKS,
    AKS,
    ClusterInfoDump(),
)
"""Those whose marks are surest come first: a file belongs to the first that claims it."""


def recognised(
    contents: Iterable[tuple[str, Content]], layouts: Sequence[Layout] = LAYOUTS
) -> Iterator[tuple[Layout, Tree] | list[Content]]:
    """The dumps among some files, given with their paths; then the files of none.

    A dump has all files below its top, but for those of another dump that lies in it.
    """
    left = dict(contents)
    for layout in layouts:
        for top in _outermost(layout.tops(left.keys())):
            own = {
                path: it
                for path, it in left.items()
                if path.startswith(top) and layout.owns(path.removeprefix(top))
            }
            left = {path: it for path, it in left.items() if path not in own}
            yield layout, Tree(top, {path.removeprefix(top): it for path, it in own.items()})
    yield list(left.values())


def _outermost(tops: Iterable[str]) -> list[str]:
    """Those that do not lie in another."""
    found: list[str] = []
    for top in sorted(tops):
        if not any(top.startswith(other) for other in found):
            found.append(top)
    return found
