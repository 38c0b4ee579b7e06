"""Each Istio CRD has one owner, and all have the same.

## Why
Whichever of two installers is run next rewrites the API that the other mesh runs on,
where each believes that the CRDs are its own. They are cluster-wide: all meshes share
one copy.

## Pass
A CRD carries the marks of one installer, or none and managedFields name one writer; and
so does every other Istio CRD. Marks are the labels `app.kubernetes.io/managed-by` and
`operator.istio.io/*`, Helm's annotations and OLM's. `app: istio-pilot`, `chart`,
`heritage` and `release` prove nothing: every Istio CRD has them, whoever installs it.

## Fail
A CRD carries the marks of two installers, or another installer's manifest claims it too;
or different installers that both go on writing own different CRDs. A warning where only
one of them writes, where a newer installer added CRDs that the older one does not know,
or where the two are upstream's own, as after a move from istioctl to Helm.

## Unknown
No installer marks the CRD, and the dump has no managedFields to tell who wrote it:
`kubectl get` leaves them out without `--show-managed-fields`.

## Fix
Choose the owner. Istio 1.24 and newer cannot run on SDM's CRDs: there it is upstream.
The vendor's four labels and `app.kubernetes.io/managed-by: istio-operator` hand a CRD to
SDM, and two things more are needed: upstream must be kept from writing it again, and the
label `resource.alpha.banzaicloud.io/revision` keeps SDM's operator from replacing newer
CRDs by its own. A CRD that belongs to a Helm release must be taken out of it first.
"""

from itertools import islice

from auditor.api import (
    HELM,
    ISTIOCTL,
    MANAGED_BY,
    OWNING,
    Cluster,
    Command,
    Obj,
    Outcome,
    Owner,
    Ownership,
    Remedy,
    Severity,
    istio_crds,
    releases_shipping,
    rule,
    takes_over,
    upstream_labels,
    ways_to_one_owner,
)

CHART = "helm.sh/chart"


@rule(
    id="crd-single-owner",
    family="crd",
    severity=Severity.ERROR,
    over=istio_crds,
    reads=OWNING,
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/internal/components/base/reconcile.go",
        "https://istio.io/latest/docs/setup/install/helm/",
    ],
)
def crd_single_owner(owned: Ownership, cluster: Cluster) -> Outcome:
    for rival in owned.crd.rivals:
        if takes_over(rival, owned.crd):
            return claimed_by_a_manifest(owned.crd, rival)
    owner, *more = islice(owned.owners, 2)
    if more:
        return claimed_twice(owned, owner, more[0], cluster)

    others = istio_crds(cluster).where(lambda other: not other.is_only_of(owner))
    if not others:
        return Outcome.passed(f"owned by {owner.said}", *owner.marks)
    fights = others.where(lambda other: fighting(owned, other))
    other = fights.first() or others.so_far[0]
    its = next(it for it in other.owners if it != owner)
    return Outcome.failed(
        f"owned by {owner.said}; {other.crd.name} by {its.said}",
        *owner.marks,
        *its.marks,
        remedies=ways_to_one_owner(owned, cluster) if fights else (),
        severity=None if fights else Severity.WARNING,
    )


def claimed_by_a_manifest(crd: Obj, manifest: Obj) -> Outcome:
    where = f" in {manifest.origin.file}" if manifest.origin else ""
    said = str(manifest.label(CHART).value or manifest.label(MANAGED_BY).value)
    out = f"take {crd.ref} out of the manifest{where}"
    return Outcome.failed(
        f"a manifest{where} claims it for {said}, which does not own it",
        *(it.label(key) for it in (crd, manifest) for key in (MANAGED_BY, CHART)),
        remedies=[Remedy("leave it to its owner", (Command(out),))],
    )


def claimed_twice(owned: Ownership, one: Owner, two: Owner, cluster: Cluster) -> Outcome:
    """Two installers of upstream's are the traces of one mesh; any others are two meshes."""
    upstream = {one.installer, two.installer} == {ISTIOCTL, HELM}
    return Outcome.failed(
        f"claimed by {one.said} and by {two.said}",
        *dict.fromkeys((*one.marks, *two.marks, *upstream_labels(owned.crd).so_far)),
        remedies=ways_to_one_owner(owned, cluster),
        severity=Severity.WARNING if upstream else None,
    )


def fighting(one: Ownership, other: Ownership) -> bool:
    """Whether two owners go on writing, and neither merely added what the other lacks."""
    rivals = [it for it in other.owners if it != one.owner]
    both = one.owner.writes and any(it.writes for it in rivals)
    return both and not adds(one, other) and not adds(other, one)


def adds(newer: Ownership, older: Ownership) -> bool:
    """Whether the release of the older one's owner has no such CRD as the newer one."""
    version = older.release_by(older.owner)
    if version is None:
        return False
    return version.minor not in {it.version.minor for it in releases_shipping(newer.crd.name)}
