"""Each mesh accepts the certificates that every other mesh issues.

## Why
Both control planes tell their proxies to use mutual TLS with every sidecar of the
cluster. Where a proxy does not accept the other mesh's root, calls between the meshes
fail with 503, even in permissive mode. Trust has two directions; each is judged alone.

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
place, with which Istio up to 1.15 cannot verify at all.

## Unknown
The roots could be read at none of the places that show them; the places disagree, as
while an istiod waits for a restart with its new CA; or nothing that was seen is wrong,
but not all was seen.

## Fix
Give the first mesh the root of the second, not an intermediate, under
`meshConfig.caCertificates`, one item for each certificate; set
`ISTIO_MULTIROOT_MESH: "true"` for its istiod and `PROXY_CONFIG_XDS_AGENT: "true"` under
`meshConfig.defaultConfig.proxyMetadata`, both in quotes; then restart its workloads,
gateways too, since a proxy is given the setting only when it starts. In an IstioOperator
that is `spec.meshConfig`: under `spec.components.meshConfig`, where the vendor's page has
it, nothing reads it. Upstream Istio before 1.10 takes no second root: give both meshes
intermediates of one root, which makes all of this needless.
"""

from auditor.api import (
    RUNNING_MESHES,
    TRUST,
    TRUST_REMEDIES,
    Certificate,
    Cluster,
    Command,
    Fault,
    Outcome,
    Pair,
    Remedy,
    Seen,
    Severity,
    pairs_of_running_meshes,
    rule,
)

QUOTED = 3


@rule(
    id="trust-mutual",
    family="trust",
    severity=Severity.ERROR,
    over=pairs_of_running_meshes,
    reads=[RUNNING_MESHES, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData",
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
        "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
    ],
)
def trust_mutual(pair: Pair, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    roots = trust.issued_from(pair.second)
    answers = {trust.accepts(pair.first, pair.second, root) for root in roots}
    shown = [root.shown for root in roots]
    if None in answers or len(answers) > 1:
        return undecided(pair, cluster)
    if answers == {False}:
        return failing(pair, roots, cluster)
    if over := [root for root in roots if trust.is_over(pair.first, root)]:
        return ended(over[0], pair)
    if waiting := trust.waits_for_rollout(*pair.first.control_planes):
        return Outcome.unknown("its istiod's Deployment and Pods differ", *waiting)
    said = "is told the root of the other, takes it, and its proxies ask for it"
    if Seen(roots).where(lambda it: trust.accepts_as_its_own(pair.first, it)).so_far:
        said = "has the root of the other among its own"
    return Outcome.passed(said, *shown)


def ended(root: Certificate, pair: Pair) -> Outcome:
    """One root for both meshes, which is not, or no longer, in its validity."""
    span = f"from {root.not_before:%Y-%m-%d} until {root.not_after:%Y-%m-%d}"
    text = f"make a new root for {pair.second.id}, and for each mesh that issues from the same"
    remedy = Remedy("issue from a new root", (Command(text),))
    return Outcome.failed(f"the root of the other holds {span}", root.shown, remedies=[remedy])


def undecided(pair: Pair, cluster: Cluster) -> Outcome:
    """Places that show the roots of a mesh differ, and the answer depends on which is right."""
    places = [place for mesh in pair for place in cluster.model(TRUST).places(mesh).so_far]
    shown = [certificate.shown for place in places for certificate in place.certificates]
    return Outcome.unknown(
        "the places that show their roots do not agree on one root", *dict.fromkeys(shown)
    )


def failing(pair: Pair, roots: tuple[Certificate, ...], cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    faults = Seen(roots).each(lambda root: trust.faults(pair.first, pair.second, root)).so_far
    by_words: dict[str, list[Fault]] = {}
    for fault in faults:
        by_words.setdefault(fault.said, []).append(fault)
    said = "; ".join(words(said, found) for said, found in by_words.items())
    evidence = [fault.field for found in by_words.values() for fault in found[:QUOTED]]
    milder = all(fault.works for fault in faults)
    return Outcome.failed(
        said,
        *(root.shown for root in roots),
        *dict.fromkeys(evidence),
        remedies=[cluster.model(TRUST_REMEDIES).accept_others(pair.first)],
        severity=Severity.WARNING if milder else None,
    )


def words(said: str, found: list[Fault]) -> str:
    subjects = {fault.field.ref for fault in found}
    return f"{said} ({len(subjects)})" if len(subjects) > 1 else said
