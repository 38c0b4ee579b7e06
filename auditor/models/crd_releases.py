"""Which Istio CRDs a Helm release writes at its next upgrade, whatever marks these carry today.

Helm patches what its last manifest had and deletes what the next one lacks, and does not look
again whose it is (helm 3.14: pkg/action/upgrade.go, pkg/kube/client.go). So the manifest that it
recorded decides; where that was not kept, the values for the chart do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.models.crd_settings import Said, crds_written_by, said_by_chart
from auditor.models.releases import Release
from auditor.objects import Field

BASE = "base"
"""The chart of Istio that has the CRDs; others may have it inside."""


@dataclass(frozen=True)
class Rendered:
    """A release of chart base, or one that has its CRDs, what it says, and which CRDs it writes."""

    release: Release
    said: Said
    names: frozenset[str]

    def named(self, name: str) -> tuple[Field, ...]:
        """The place in its manifest that has a CRD."""
        return tuple(it for it in self.release.istio_crds if it.value == name)


def rendered_by(release: Release) -> Iterator[Rendered]:
    """What a release does to the CRDs; nothing where it has nothing to do with them."""
    is_base = release.chart.value == BASE
    version = release.version if is_base else None
    by_values = said_by_chart(release.values, version) if version else None
    if not release.manifest:
        if version and by_values:
            names = (
                frozenset(crds_written_by(version)) if not by_values.spares else frozenset[str]()
            )
            yield Rendered(release, by_values, names - _excluded(release))
        return
    crds = release.istio_crds
    if crds:
        said = Said(False, crds[:1])
        if by_values and not by_values.spares:
            said = replace(by_values, fields=(*by_values.fields, *crds[:1]))
        yield Rendered(release, said, frozenset(str(it.value) for it in crds))
    elif is_base:
        many = len(release.manifest.each())
        none = release.manifest.holding(f"({many} objects, and no Istio CRD)")
        yield Rendered(release, Said(True, (none,)), frozenset())


def _excluded(release: Release) -> frozenset[str]:
    names = release.values.at("base", "excludedCRDs").value
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()
