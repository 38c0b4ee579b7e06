"""Who owns each Istio CRD: told from the marks that installers leave, else from its writers.

Every CRD file of Istio carries `app: istio-pilot`, `chart: istio`, `heritage: Tiller` and
`release: istio`, whoever installs it; those prove nothing. Nor does the text
`istio-operator` by itself: it is SDM's value of `app.kubernetes.io/managed-by`, and also
the field manager of upstream's istioctl and of its in-cluster operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.asked import asked_once
from auditor.cluster import Cluster, Model
from auditor.facts.crds import shipped_by
from auditor.facts.operators import operator_releases
from auditor.facts.service_mesh import istio_in
from auditor.facts.versions import Version
from auditor.kinds import CRD
from auditor.models.crd_writers import Writer, last_writer
from auditor.models.installers import HELM, HELM_RELEASE, ISTIOCTL, MANAGED, SAIL
from auditor.models.istiod import OSSM, SDM
from auditor.objects import Field, Obj, Ref
from auditor.seen import Gap, Seen

GROUPS = tuple(f"{api}.istio.io" for api in ("networking", "security", "telemetry", "extensions"))

MANAGED_BY = "app.kubernetes.io/managed-by"
SDM_VALUE = "istio-operator"
SDM_REVISION = "resource.alpha.banzaicloud.io/revision"
"""The label in which SDM's operator says which Istio the CRD is of."""
SDM_COPY = "banzaicloud.com/last-applied"
COMPONENT = "operator.istio.io/component"
"""The label by which `istioctl uninstall --purge` finds what it deletes."""
WRITTEN_VERSION = "operator.istio.io/version"
HELM_NAMESPACE = "meta.helm.sh/release-namespace"
CHART = "helm.sh/chart"
CHART_VERSION = "app.kubernetes.io/version"
OSSM_VERSION = "maistra-version"
"""The label by which the operator of OpenShift Service Mesh 2 knows what it need not replace."""

NOBODY, RENDERED = "nobody", "rendered"
BY_MANAGER = {"istio-operator": ISTIOCTL, "helm": HELM, "helm-controller": HELM}
"""Whose field managers these are, on CRDs that both istioctl and Helm mark."""

NAMELESS = Gap(
    "who wrote the Istio CRDs that no installer marks",
    "the dump has no managedFields",
    "kubectl get crd -o yaml --show-managed-fields",
)
"""One gap for them all, so that a person is told once."""


@dataclass(frozen=True)
class Owner:
    """Who owns a CRD, and the fields that say so."""

    installer: str
    """`sdm`, `istioctl` (its in-cluster operator too), `helm`, `sail` (OLM too), `ossm`, `nobody`
    for who applied it by hand, `rendered` where only the chart is known, or the field manager
    of a tool such as Argo CD."""
    name: str = ""
    """Which one of several, such as the Helm release."""
    writes: bool = field(default=True, compare=False)
    """Whether it writes the CRD again, by itself or at its next upgrade."""
    said: str = field(default="", compare=False)
    marks: tuple[Field, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Ownership:
    """An Istio CRD, and who owns it: two owners are a contradiction."""

    crd: Obj
    owners: Seen[Owner]

    @property
    def ref(self) -> Ref:
        return self.crd.ref

    @property
    def owner(self) -> Owner:
        """The first of its owners. Raises `Unseen` where nothing says who that is."""
        return next(iter(self.owners))

    def is_only_of(self, owner: Owner) -> bool:
        """Whether the CRD has this owner and no other."""
        return all(owner == one for one in self.owners)

    def version_by(self, owner: Owner) -> Field:
        """The label in which an owner says which release the CRD is of; absent without one."""
        if owner.installer == SDM:
            return self.crd.label(SDM_REVISION)
        if owner.installer == ISTIOCTL:
            return self.crd.label(WRITTEN_VERSION)
        return self.crd.label(OSSM_VERSION if owner.installer == OSSM else CHART_VERSION)

    def release_by(self, owner: Owner) -> Version | None:
        """The version that an owner says it is of; None where it says none, or no number."""
        return version_in(self.version_by(owner))


def version_in(label: Field) -> Version | None:
    """The Istio version that a label of a CRD names; None where it names none."""
    text = str(label.value or "")
    return istio_in(text) if label.path[-1] == OSSM_VERSION else Version.parse(text)


def is_istio_crd(crd: Obj) -> bool:
    """Whether a CRD is of Istio's own API: one that every control plane may read."""
    return crd.name.partition(".")[2] in GROUPS


def sdm_ships(crd: Obj) -> bool:
    """Whether any release of SDM's operator brings this CRD."""
    newest = list(operator_releases().values())[-1]
    return any(crd.name in shipped_by(it) for it in newest.ships_crds_of or ())


def owners_of(crd: Obj) -> Seen[Owner]:
    """Who claims a CRD by its labels and annotations; where nobody does, who wrote it last."""
    return Seen((crd,)).each(_owners)


def marked_owners(crd: Obj) -> Seen[Owner]:
    """The installers that mark a CRD as theirs by labels and annotations.

    OpenShift Service Mesh does by a label that keeps its operator away, too, so that it counts
    where nobody else has marked the CRD.
    """
    found = Seen((_sdm, _istioctl, _helm, _sail)).each(lambda mark: mark(crd))
    return found if found.so_far or found.gaps else Seen((crd,)).each(_ossm)


@asked_once
def writing_owners(crd: Obj) -> Seen[Owner]:
    """The installers that mark a CRD as theirs, without one that has left it to another.

    Istioctl's labels stay on a CRD that a Helm release adopted, and the release's annotations
    on one that istioctl wrote over. Both are upstream's, and whoever wrote last writes next: by
    the managers of the schema, else by the newer of the versions that they left.
    """
    owners = marked_owners(crd)
    if {it.installer for it in owners.so_far} != {ISTIOCTL, HELM}:
        return owners
    last = _last_of_upstream(crd)
    return owners.where(lambda it: last in (None, it.installer))


def _last_of_upstream(crd: Obj) -> str | None:
    """Istioctl or Helm, whichever wrote a CRD last; None where nothing tells."""
    writer = last_writer(crd)
    if writer and writer.name in BY_MANAGER:
        return BY_MANAGER[writer.name]
    ages = {
        installer: (version.minor_number, version.patch or 0)
        for installer, label in ((ISTIOCTL, WRITTEN_VERSION), (HELM, CHART_VERSION))
        if (version := Version.parse(str(crd.label(label).value or "")))
    }
    if len(set(ages.values())) < 2:
        return None
    return max(ages, key=lambda it: ages[it])


def _owners(crd: Obj) -> Iterator[Owner]:
    marked = False
    for owner in marked_owners(crd):
        marked = True
        yield owner
    if not marked:
        yield from _unmarked(crd)


def _sdm(crd: Obj) -> Iterator[Owner]:
    """The banzai operator's mark since v2.11.1: it updates no CRD without it.

    Banzai istio-operator v2.17.4: internal/components/base/reconcile.go.
    """
    mark = crd.label(MANAGED_BY)
    if mark.value == SDM_VALUE:
        yield Owner(SDM, said="SDM's operator", marks=(mark,))


def _istioctl(crd: Obj) -> Iterator[Owner]:
    """The labels of istioctl and of the in-cluster operator.

    Istio 1.13.9: operator/pkg/helmreconciler/common.go; 1.30.3: operator/pkg/install.
    """
    if mark := crd.label(MANAGED) or crd.label(COMPONENT):
        yield Owner(ISTIOCTL, said="istioctl or its in-cluster operator", marks=(mark,))


def _helm(crd: Obj) -> Iterator[Owner]:
    """Helm's annotations, on CRDs that the base chart renders, as it does since Istio 1.24."""
    if mark := crd.annotation(HELM_RELEASE):
        release = f"{crd.annotation(HELM_NAMESPACE).value or ''}/{mark.value}".lstrip("/")
        yield Owner(HELM, release, said=f"the Helm release {release}", marks=(mark,))


def _sail(crd: Obj) -> Iterator[Owner]:
    """The marks of OLM, which brings the CRDs with Sail's operator, and of Sail's library."""
    olm, by = crd.label("olm.managed"), crd.label(MANAGED_BY)
    if olm.value == "true" or by.value == "sail-library":
        yield Owner(SAIL, said="Sail's operator", marks=(olm or by,))


def _ossm(crd: Obj) -> Iterator[Owner]:
    """The mark of OpenShift Service Mesh 2, whose operator replaces what has none, or an older
    one, as a whole (maistra/istio-operator 2.0 to 2.5: pkg/bootstrap/crds.go).
    """
    if mark := crd.label(OSSM_VERSION):
        yield Owner(OSSM, said="the operator of OpenShift Service Mesh 2", marks=(mark,))


@asked_once
def rendered_chart(crd: Obj) -> Field | None:
    """The chart that a CRD was rendered from, by Helm or without it; Istio's since 1.24."""
    chart = crd.label(CHART)
    rendered = str(chart.value or "").startswith("base-") and crd.label(MANAGED_BY).value == "Helm"
    return chart if rendered else None


def _unmarked(crd: Obj) -> Iterator[Owner]:
    """Who wrote a CRD that no installer marks; a gap where nothing tells."""
    chart = rendered_chart(crd)
    if writer := last_writer(crd):
        yield _by_writer(crd, writer, (chart,) if chart else ())
    elif chart:
        said = f"whoever applies the rendered chart {chart.value}"
        yield Owner(RENDERED, said=said, marks=(chart,))
    else:
        yield from Seen[Owner](gaps=(NAMELESS,))


def _by_writer(crd: Obj, writer: Writer, marks: tuple[Field, ...]) -> Owner:
    name, marks = writer.name, (*marks, writer.field)
    if writer.is_named_as_sdms and crd.annotation(SDM_COPY):
        said = "SDM's operator v2.11.0, whose successors leave it alone"
        return Owner(SDM, "unlabelled", False, said, marks)
    if name == "istio-operator" and writer.applied:
        said = "istioctl or its in-cluster operator, whose labels were taken off"
        return Owner(ISTIOCTL, "", True, said, marks)
    if name in ("catalog", "sail-operator"):
        return Owner(SAIL, "", True, "Sail's operator", marks)
    if name in ("helm", "helm-controller"):
        said = f"nobody: {name} put it there from a chart's crds folder, once"
        return Owner(NOBODY, "", False, said, marks)
    if name.startswith("kubectl"):
        return Owner(NOBODY, "", False, f"nobody: applied by hand with {name}", marks)
    return Owner(name, "", True, name, marks)


def ownership(crd: Obj) -> Ownership:
    """A CRD with its owners."""
    return Ownership(crd, owners_of(crd))


def _build(cluster: Cluster) -> Seen[Ownership]:
    return cluster[CRD].where(is_istio_crd).map(ownership)


CRD_OWNERS: Model[Seen[Ownership]] = Model("owners of the CRDs", (CRD,), _build)


def istio_crds(cluster: Cluster) -> Seen[Ownership]:
    """Every CRD of Istio's own API, with its owners."""
    return cluster.model(CRD_OWNERS)
