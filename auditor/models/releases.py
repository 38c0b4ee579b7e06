"""The Helm releases that are deployed: what somebody asked for, which need not be what runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.kinds import CONFIG_MAP, CRD, DEPLOYMENT, HELM_RELEASES, SECRET, Kind
from auditor.models.crd_owners import GROUPS
from auditor.models.istiod import DEFAULT, REVISION
from auditor.objects import Field, Obj
from auditor.seen import Seen

STORED = (SECRET, CONFIG_MAP)
"""Where Helm keeps its releases: in Secrets, or in ConfigMaps where HELM_DRIVER says so."""
TYPE = "helm.sh/release.v1"
CONTROL_PLANE_CHARTS = ("istiod", "istio-discovery")
"""The charts that install a control plane; until 1.11 the second was its name."""


@dataclass(frozen=True)
class Release:
    """A release that is deployed, in the object that Helm stores it in."""

    record: Obj

    @property
    def _stored(self) -> Field:
        return self.record.at("data", "release")

    @property
    def namespace(self) -> str:
        return self.record.namespace

    @property
    def name(self) -> str:
        return str(self._stored.at("name").value)

    @property
    def chart(self) -> Field:
        return self._stored.at("chart", "metadata", "name")

    @property
    def chart_version(self) -> str:
        return str(self._stored.at("chart", "metadata", "version").value or "")

    @property
    def version(self) -> Version | None:
        """The version of the chart, which is that of Istio where the chart is Istio's own."""
        return Version.parse(self.chart_version)

    @property
    def values(self) -> Field:
        """What a person gave for it; withheld where the chart is not Istio's."""
        return self._stored.at("config")

    @property
    def manifest(self) -> Field:
        """The objects that it says it has; absent where it was not recorded."""
        return self._stored.at("manifest")

    def objects(self, kind: Kind) -> tuple[Field, ...]:
        """What its manifest has of a kind."""
        return tuple(it for it in self.manifest.each() if _is_of(it, kind))

    @property
    def istio_crds(self) -> tuple[Field, ...]:
        """The names of the Istio CRDs in its manifest, which it writes at each upgrade."""
        names = (it.at("metadata", "name") for it in self.objects(CRD))
        return tuple(it for it in names if str(it.value).partition(".")[2] in GROUPS)

    @property
    def revisions(self) -> tuple[str, ...]:
        """The revisions of the control planes that it declares, by its manifest or its chart."""
        labels = (it.at("metadata", "labels") for it in self.objects(DEPLOYMENT))
        istiods = [it for it in labels if it.at("app").value == "istiod"]
        if istiods:
            return tuple(str(it.at(REVISION).value or DEFAULT) for it in istiods)
        if self.chart.value in CONTROL_PLANE_CHARTS:
            return (str(self.values.at("revision").value or DEFAULT),)
        return ()

    @property
    def said(self) -> str:
        return f"Helm release {self.name} of chart {self.chart.value} {self.chart_version}"


def releases_in(cluster: Cluster, namespace: str) -> Seen[Release]:
    """The releases that are deployed in a namespace."""
    found = Seen[Release]()
    for kind in STORED:
        found += cluster.within(kind, namespace, HELM_RELEASES).each(_released)
    return found


def releases_among(things: Sequence[Obj]) -> Iterator[Release]:
    """The releases that some objects store."""
    for thing in things:
        yield from _released(thing)


def _released(thing: Obj) -> Iterator[Release]:
    stored = thing.at("data", "release")
    if thing.kind == SECRET and thing.at("type").value != TYPE:
        return
    if stored and stored.at("info", "status").value == "deployed":
        yield Release(thing)


def _is_of(declared: Field, kind: Kind) -> bool:
    group = str(declared.at("apiVersion").value).rpartition("/")[0]
    return group == kind.group and declared.at("kind").value == kind.name
