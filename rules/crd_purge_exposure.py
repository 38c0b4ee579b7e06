"""No purge of istioctl deletes CRDs that another mesh depends on.

## Why
`istioctl uninstall --purge` deletes every CRD that carries the label
`operator.istio.io/component`, whoever owns it, and with it every VirtualService, Gateway
and policy of all meshes. It looks at no revision, no namespace and no version.

## Pass
The CRD does not carry the label, whatever its value.

## Fail
It carries the label while a mesh runs that upstream's installers did not install, or a
second one of theirs. A warning where the owner of the CRD is upstream itself, as with
every CRD that istioctl wrote.

## Unknown
The labels of the CRD, or the control planes that run, could not be read.

## Fix
Take the label off; nothing but the purge asks for it. The next run of istioctl that
writes the CRDs sets it again, so that upstream must be kept from writing them where it
does not own them. Until then uninstall by `istioctl uninstall --revision`, which never
deletes a CRD (`istioctl x uninstall` until 1.14).
"""

from itertools import islice

from auditor.api import (
    COMPONENT,
    CRD_OWNERS,
    ISTIO,
    MANAGED_BY,
    RUNNING_MESHES,
    SDM,
    Cluster,
    Label,
    Mesh,
    Outcome,
    Ownership,
    Remedy,
    Severity,
    istio_crds,
    rule,
)


@rule(
    id="crd-purge-exposure",
    family="crd",
    severity=Severity.ERROR,
    over=istio_crds,
    reads=[CRD_OWNERS, RUNNING_MESHES],
    references=[
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
        "https://github.com/istio/istio/blob/1.30.3/operator/pkg/uninstall/prune.go",
    ],
)
def crd_purge_exposure(owned: Ownership, cluster: Cluster) -> Outcome:
    mark = owned.crd.label(COMPONENT)
    if not mark:
        return Outcome.passed("istioctl uninstall --purge leaves it", mark)
    mesh = depending(cluster)
    if mesh is None:
        return Outcome.not_applicable("no other mesh depends on it", mark)
    of_sdm = any(owner.installer == SDM for owner in owned.owners)
    return Outcome.failed(
        f"istioctl uninstall --purge would delete it, and {mesh.id} runs on it",
        mark,
        *((owned.crd.label(MANAGED_BY),) if of_sdm else ()),
        *mesh.control_planes[0].shown_by[:1],
        remedies=[Remedy("hide it from the purge", (Label(owned.crd.ref, COMPONENT),))],
        severity=None if of_sdm else Severity.WARNING,
    )


def depending(cluster: Cluster) -> Mesh | None:
    """A mesh that upstream's purge is not meant for, or the second of upstream's own."""
    running = cluster.model(RUNNING_MESHES)
    if other := running.where(lambda it: it.family != ISTIO).first():
        return other
    return next(islice(running, 1, None), None)
