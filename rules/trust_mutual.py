"""Each mesh accepts the certificates that every other mesh issues.

## Why
Where a proxy does not accept the other mesh's root, every call between the two meshes
fails with 503, even in permissive mode: both control planes tell their proxies to use
mutual TLS with every sidecar of the cluster. Trust has two directions; each is judged
alone. A control plane outside the cluster is one of two where it gave a proxy here.

## Pass
The two issue from one root; or the root of the second is among those that the CA of
the first hands out; or the first is told the root of the second in `caCertificates`, its
istiod takes more roots than its own, and all its proxies ask for them. Roots are
compared by subject and key, never by subject alone: all of Istio's self-signed roots
carry the same one, and a renewed root keeps its key.

## Fail
The roots differ, and one of those is missing: the root in its validity, a list that
istiod can read, the switch of istiod, that of each proxy. It is only a warning where
the other's certificates are accepted today but will not be after a change that is sure
to come: an older copy of a root that was renewed, or an intermediate in the root's
place. With that, or a copy of the root that another CA signed, Istio up to 1.15 cannot
verify at all.

## Unknown
The roots could be read at none of the places that show them; the places disagree, as
while an istiod waits for a restart with its new CA; or nothing that was seen is wrong,
but not all was seen.

## Fix
Give the first mesh the root of the second, not an intermediate, under
`meshConfig.caCertificates`, one item for each certificate; set
`ISTIO_MULTIROOT_MESH: "true"` for its istiod and `PROXY_CONFIG_XDS_AGENT: "true"` under
`meshConfig.defaultConfig.proxyMetadata`, both in quotes; then restart its workloads,
gateways too, since a proxy is given the setting only when it starts: the vendor's page
leaves that out. In an IstioOperator that is `spec.meshConfig`: under
`spec.components.meshConfig`, where the vendor's page has it, nothing reads it. Roots are
not all: where the meshes' trust domains differ, each must accept the other's as well, which
`trust-domains-accepted` judges. Upstream Istio before 1.10 takes no second root: give both
meshes intermediates of one root, which makes all of this needless.
"""

from itertools import groupby

from auditor.api import (
    MEETING,
    TRUST,
    TRUST_REMEDIES,
    Cluster,
    Outcome,
    Pair,
    Remedy,
    Severity,
    new_root,
    one_way,
    pairs_of_meshes_that_meet,
    rule,
)

QUOTED = 3
"""How many fields are quoted for each thing that is wrong."""


@rule(
    id="trust-mutual",
    family="trust",
    severity=Severity.ERROR,
    over=pairs_of_meshes_that_meet,
    reads=[MEETING, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData",
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
        "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
    ],
)
def trust_mutual(pair: Pair, cluster: Cluster) -> Outcome:
    found = one_way(pair, cluster)
    if found.accepts is None:
        return Outcome.unknown(found.said, *found.shown)
    if found.ended:
        remedy = Remedy(
            "issue from a new root", tuple(new_root(sorted(pair, key=lambda it: it.id), cluster))
        )
        return Outcome.failed(found.said, *found.shown, remedies=[remedy])
    if not found.faults:
        return Outcome.passed(found.said, *found.shown)
    alike = groupby(found.faults, key=lambda fault: fault.said)
    evidence = [fault.field for _, faults in alike for fault in list(faults)[:QUOTED]]
    return Outcome.failed(
        found.said,
        *found.shown,
        *dict.fromkeys(evidence),
        remedies=cluster.model(TRUST_REMEDIES).ways_to_accept(pair.first),
        severity=Severity.WARNING if found.accepts else None,
    )
