"""Istio CRDs that were handed to SDM carry its mark, and none of their former owner.

## Why
A former owner that still finds its marks writes the CRDs again at its next run, or
deletes them, and with them every object of their kinds, when it is uninstalled.
`istioctl uninstall --purge` deletes all that carries `operator.istio.io/component`. And a
CRD without the mark `app.kubernetes.io/managed-by: istio-operator` SDM's operator never
updates.

## Pass
A CRD with SDM's mark carries none of the four labels of upstream's installers and no
Helm release. `operator.istio.io/version`, `istio.io/rev`, `helm.sh/chart` and other
labels may stay: they say nothing any more.

## Fail
The CRD still carries a label or a Helm release of its former owner; or a CRD has no mark of SDM's,
though most of those that SDM installs have it: its operator never updates that one.

## Unknown
The labels of a CRD were not in the dump; or one lacks the mark, and whether most of the
others carry it cannot be told.

## Fix
Take the four labels off and set SDM's, as the vendor's page says; that page leaves out
three things. Upstream must be kept from writing the CRDs again: until 1.23
`values.base.enableIstioConfigCRDs=false`, since 1.24 `values.base.excludedCRDs`. Helm
takes a CRD of a release back unless it is excluded there first. And the label
`resource.alpha.banzaicloud.io/revision` with upstream's version keeps SDM's operator
from replacing newer CRDs by its own, older ones. `owning-resource` is there whenever the
IstioOperator had a name, not only with the in-cluster operator.
"""

from auditor.api import (
    MANAGED_BY,
    OWNING,
    SDM_VALUE,
    Cluster,
    Field,
    Obj,
    Outcome,
    Ownership,
    Seen,
    Severity,
    helm_annotations,
    istio_crds,
    present,
    rule,
    sdm_ships,
    upstream_labels,
    ways_to_one_owner,
)

HARMLESS = (
    "operator.istio.io/version",
    "istio.io/rev",
    "helm.sh/chart",
    *(f"app.kubernetes.io/{part}" for part in ("name", "instance", "part-of", "version")),
)
"""Labels of the former owner that nobody acts upon."""


@rule(
    id="crd-transfer-complete",
    family="crd",
    severity=Severity.ERROR,
    over=istio_crds,
    reads=OWNING,
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/internal/components/base/reconcile.go",
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
    ],
)
def crd_transfer_complete(owned: Ownership, cluster: Cluster) -> Outcome:
    mark = owned.crd.label(MANAGED_BY)
    if mark.value != SDM_VALUE:
        return without_mark(owned, mark, cluster)
    marks = Seen((upstream_labels, helm_annotations)).each(lambda marks: marks(owned.crd))
    if marks:
        left = ", ".join(str(it.path[-1]) for it in marks.so_far)
        return Outcome.failed(
            f"handed to SDM's operator, it still carries {left}",
            mark,
            *marks.so_far,
            remedies=ways_to_one_owner(owned, cluster),
        )
    harmless = present(map(owned.crd.label, HARMLESS))
    said = "; other labels of its former owner say nothing any more" if harmless else ""
    return Outcome.passed(f"it belongs to SDM's operator alone{said}", mark, *harmless)


def without_mark(owned: Ownership, mark: Field, cluster: Cluster) -> Outcome:
    """One that belongs to another: all right where most do, or where SDM has no such CRD."""
    theirs = istio_crds(cluster).where(lambda it: sdm_ships(it.crd))
    marked = theirs.where(lambda it: is_marked(it.crd))
    if not marked:
        return Outcome.not_applicable("no Istio CRD is handed to SDM's operator", mark)
    if not sdm_ships(owned.crd):
        return Outcome.not_applicable("SDM's operator has no such CRD", mark)
    if 2 * len(tuple(marked)) < len(tuple(theirs)):
        return Outcome.not_applicable("most Istio CRDs are not SDM's operator's", mark)
    return Outcome.failed(
        f"it lacks the mark of SDM's operator, unlike {marked.so_far[0].crd.name}",
        mark,
        marked.so_far[0].crd.label(MANAGED_BY),
        remedies=ways_to_one_owner(owned, cluster),
    )


def is_marked(crd: Obj) -> bool:
    return bool(crd.label(MANAGED_BY).value == SDM_VALUE)
