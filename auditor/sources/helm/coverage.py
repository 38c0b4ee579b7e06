"""What a reader is told of the Helm releases that were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.helm import ISTIO_CHARTS
from auditor.models.releases import Release, releases_among
from auditor.objects import Obj
from auditor.seen import Unseen
from auditor.snapshot import Remark, few
from auditor.visible import visible

WHERE = "Helm releases"
DECLARED = "what was asked for, which need not be what runs"


def released(things: Iterable[Obj]) -> Iterator[Remark]:
    """One line that names the deployed releases that have to do with Istio, and what is known."""
    said = []
    for thing in things:
        try:
            said += [_said(it) for it in releases_among((thing,)) if _is_of_istio(it)]
        except Unseen:
            continue  # it is withheld, and a gap of those who ask for it
    if said:
        yield Remark(WHERE, f"{few(sorted(said))}: {DECLARED}")


def _is_of_istio(release: Release) -> bool:
    return release.chart.value in ISTIO_CHARTS or bool(release.manifest.held)


def _said(release: Release) -> str:
    parts = ("values", "manifest") if release.manifest else ("values",)
    known = " and ".join(parts if release.chart.value in ISTIO_CHARTS else parts[1:])
    chart = visible(f"{release.chart.value} {release.chart_version}".strip())
    return f"{visible(f'{release.namespace}/{release.name}')} ({chart}, {known})"
