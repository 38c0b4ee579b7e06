"""Each mesh accepts the certificates that every other mesh issues.

## Why
Both control planes tell their proxies to use mutual TLS with every sidecar of the
cluster. Where a proxy does not accept the other mesh's root, calls between the meshes
fail with 503, even in permissive mode.

## Pass
The two issue from one root; or the root of the second is among those that the CA of
the first hands out; or the first is told the root of the second in `caCertificates`, its
istiod takes more roots than its own, and all its proxies ask for them. Roots are
compared by subject and key: all of Istio's self-signed roots carry one subject, and a
renewed root keeps its key.

## Fail
The roots differ, and one of those is missing: the root, the switch of istiod, that of
the proxies. An intermediate instead of the root is a failure too: Istio up to 1.15
cannot verify with it, and later ones break when it is replaced.

## Unknown
The roots could be read at none of the places that show them, or the places disagree, as
while an istiod waits for a restart with its new CA; or nothing that was seen is wrong,
but not all was seen.

## Fix
Give the first mesh the root of the second under `meshConfig.caCertificates`, one item
for each certificate; set `ISTIO_MULTIROOT_MESH: "true"` for its istiod and
`PROXY_CONFIG_XDS_AGENT: "true"` under `meshConfig.defaultConfig.proxyMetadata`; then
restart its workloads, gateways too. In an IstioOperator that is `spec.meshConfig`:
under `spec.components.meshConfig`, where the vendor's page has it, nothing reads it.
"""

from auditor.api import (
    RUNNING_MESHES,
    TRUST,
    Certificate,
    Cluster,
    Mesh,
    Outcome,
    Pair,
    Severity,
    pairs_of_running_meshes,
    rule,
)


@rule(
    id="trust-mutual",
    family="trust",
    severity=Severity.ERROR,
    over=pairs_of_running_meshes,
    reads=[RUNNING_MESHES, TRUST],
    references=["https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/"],
)
def trust_mutual(pair: Pair, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    roots = trust.issued_from(pair.second)
    answers = {root.key: trust.accepts(pair.first, root) for root in roots}
    shown = [root.shown for root in roots]
    if all(answers.values()):
        return Outcome.passed("accepts the root of the other", *shown)
    if None in answers.values() or any(answers.values()):
        return disagreeing(pair, cluster)
    return failing(pair.first, roots, cluster)


def disagreeing(pair: Pair, cluster: Cluster) -> Outcome:
    """Places that show the roots of a mesh differ, and the answer depends on which is right."""
    places = [place for mesh in pair for place in cluster.model(TRUST).places(mesh).so_far]
    shown = [certificate.shown for place in places for certificate in place.certificates]
    return Outcome.unknown("the places that show their roots disagree", *shown)


def failing(mesh: Mesh, roots: tuple[Certificate, ...], cluster: Cluster) -> Outcome:
    faults = {
        fault.said: fault
        for root in roots
        for fault in reversed(cluster.model(TRUST).faults(mesh, root).so_far)
    }
    said = "; ".join(reversed(faults))
    evidence = [fault.field for fault in reversed(faults.values())]
    return Outcome.failed(said, *(root.shown for root in roots), *evidence)
