"""Where one external CA is meant to sign for two meshes, both issue from its root.

## Why
A CA outside of the meshes, such as SDM's CSR operator, that signs for both makes all
exchange of roots needless. Where it signs for one of them alone, each looks well configured
and calls between them fail.

## Pass
An external CA is declared for both meshes and their workloads issue from one root, by
subject and key. Roots need not be exchanged then, and no switch is needed.

## Fail
Worth knowing: an external CA is declared for both, and their roots differ. The istiod of one
does not run with what was declared; or its namespace lacks the Secret `external-ca-cert`, so
that it hands out the root of Kubernetes; or each has a CA of its own. Where it is declared
for one of them, or for none, the rule does not apply.

## Unknown
The root of one could not be read, as where the signer gives it with each certificate alone;
or the places that show the roots leave several to choose from.

## Fix
Copy `root-cert.pem` of the Secret `external-ca-cert` into the namespace of the other istiod,
give that istiod the same `EXTERNAL_CA`, `K8S_SIGNER`, `CERT_SIGNER_DOMAIN` and
`PILOT_CERT_PROVIDER`, and let its account approve for the signer. Or give the meshes each
other's roots, as trust-mutual says.
"""

from collections.abc import Iterator

from auditor.api import (
    EXTERNAL_CAS,
    MEETING,
    SHARING,
    Certificate,
    Cluster,
    Field,
    Mesh,
    Outcome,
    Pair,
    Seen,
    Severity,
    pairs_of_meshes_that_meet,
    rule,
    settings_for_signing,
)

KUBERNETES = "kube-root-ca.crt"
"""The ConfigMap that holds the root of Kubernetes in every namespace."""


def couples_of_meshes_that_meet(cluster: Cluster) -> Seen[Pair]:
    """Each two meshes once."""
    return pairs_of_meshes_that_meet(cluster).where(lambda it: it.first.id < it.second.id)


@rule(
    id="trust-shared-ca",
    family="trust",
    severity=Severity.INFO,
    over=couples_of_meshes_that_meet,
    reads=[MEETING, EXTERNAL_CAS, SHARING],
    references=[
        "https://istio.io/latest/docs/tasks/security/cert-management/custom-ca-k8s/",
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
    ],
)
def trust_shared_ca(pair: Pair, cluster: Cluster) -> Outcome:
    external = cluster.model(EXTERNAL_CAS)
    for mesh in Seen(tuple(pair)).where(lambda it: not external.declared(it)):
        return Outcome.not_applicable(f"no external CA is declared for {mesh.id}")
    first, second = (external.issued_from(mesh) for mesh in pair)
    for mesh in (it for it, roots in zip(pair, (first, second)) if not roots):
        said = f"no object that was seen shows the root of {mesh.id}"
        return Outcome.unknown(said, *external.in_effect(mesh))
    shown = [root.shown for root in (*first, *second)]
    keys = [{root.key for root in roots} for roots in (first, second)]
    if keys[0] == keys[1] and len(keys[0]) == 1:
        return Outcome.passed("both issue from one root: none needs to be exchanged", *shown)
    if keys[0] & keys[1]:
        return Outcome.unknown("the places that show their roots leave several", *shown)
    return failing(pair, (*first, *second), cluster)


def failing(pair: Pair, roots: tuple[Certificate, ...], cluster: Cluster) -> Outcome:
    found = [fault for mesh in pair for fault in faults(mesh, cluster)]
    said = "; ".join(said for said, _ in found) or "each has one of its own"
    evidence = [field for _, fields in found for field in fields]
    if not found:
        evidence = [it for mesh in pair for _, it in settings_for_signing(mesh).so_far]
    giving, taking = sorted(pair, key=lambda mesh: len(list(faults(mesh, cluster))))
    return Outcome.failed(
        f"an external CA is declared for both, and their roots differ: {said}",
        *(root.shown for root in roots),
        *dict.fromkeys(evidence),
        remedies=[cluster.model(SHARING).one_ca(giving, taking)],
    )


def faults(mesh: Mesh, cluster: Cluster) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """What keeps a mesh from its CA, in words, with the fields that show it."""
    external = cluster.model(EXTERNAL_CAS)
    if not external.in_effect(mesh).so_far:
        yield f"the istiod of {mesh.id} does not run with it", external.declared(mesh).so_far
    elif any(it.field.ref.name == KUBERNETES for it in external.issued_from(mesh)):
        said = f"{mesh.namespace} has no Secret external-ca-cert, so its istiod hands out"
        yield f"{said} the root of Kubernetes", external.in_effect(mesh).so_far
