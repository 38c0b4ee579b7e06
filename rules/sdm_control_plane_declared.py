"""Each IstioControlPlane is complete, and SDM's operator has carried it out.

## Why
An IstioControlPlane whose version the operator does not accept is ignored: there is no
error and no status, and no control plane comes or changes. One that is not of distribution
`cisco` writes `istio-ca-root-cert` into every namespace as upstream's istiod does: with two
roots, proxies of both meshes fail to start, by chance.

## Pass
It names a version that a running operator of SDM accepts, mode `ACTIVE`, distribution
`cisco` and a `meshID`, and its status says `Available`. Where no operator was found the
status decides.

## Fail
One of them is missing or another; the operator that runs accepts another minor, as an
operator v2.13 does with the `1.15.3` of the vendor's sample; or the status says that it
failed, that the operator leaves it alone, or nothing at all. A missing `meshID` is a warning,
and so is the distribution where no other mesh runs.

## Unknown
It was read as a manifest, without a status; it is being reconciled; the release of the
operator does not show; or the Deployments were not all collected.

## Fix
Complete the spec. Bring the operator and the version together: operator v2.15 accepts Istio
1.15, v2.16 accepts 1.16, v2.17 accepts 1.17; no release accepts 1.14. Distribution `cisco`
needs the image of Cisco's istiod, and a restart of the workloads of the mesh, which look for
its root under another name then.
"""

from auditor.api import (
    AVAILABLE,
    COMPLETING,
    ISTIO_CONTROL_PLANE,
    SDM_DECLARED,
    Cluster,
    Gap,
    Obj,
    Outcome,
    Seen,
    Severity,
    rule,
)


def istio_control_planes(cluster: Cluster) -> Seen[Obj]:
    return cluster[ISTIO_CONTROL_PLANE]


@rule(
    id="sdm-control-plane-declared",
    family="control-plane",
    severity=Severity.ERROR,
    over=istio_control_planes,
    reads=[ISTIO_CONTROL_PLANE, SDM_DECLARED, COMPLETING],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/api/v1alpha1/istiocontrolplane.proto",
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/controllers/version.go",
    ],
)
def sdm_control_plane_declared(icp: Obj, cluster: Cluster) -> Outcome:
    declared = cluster.model(SDM_DECLARED)
    if amiss := declared.amiss(icp):
        found = amiss.so_far
        return Outcome.failed(
            "; ".join(it.said for it in found),
            *dict.fromkeys(field for it in found for field in it.fields),
            remedies=cluster.model(COMPLETING).ways(icp, found),
            severity=Severity.WARNING if all(it.mild for it in found) else None,
        )
    state, version = icp.at("status", "status"), icp.at("spec", "version")
    if not state.value:
        why = "it was read without status and uid, as a manifest is"
        gap = Gap(f"the status of {icp.ref}", why, f"kubectl get {icp.ref.target} -o yaml")
        return Outcome.unknown("whether it is carried out cannot be told", gaps=[gap])
    if state.value != AVAILABLE:
        return Outcome.unknown("its operator has not carried it out yet", state)
    if operator := declared.undecided(icp):
        said = f"whether {operator.said} accepts it, the image does not say"
        return Outcome.unknown(said, operator.image, version)
    spec = [icp.at("spec", name) for name in ("mode", "distribution", "meshID")]
    accepting = [it.image for it in declared.operators()][:1]
    return Outcome.passed("it is complete and carried out", version, *spec, state, *accepting)
