"""No namespace is discovered by two meshes that do not accept each other.

## Why
An istiod without `discoverySelectors` knows the services of the whole cluster, and tells
its proxies to use mutual TLS with every endpoint that has a sidecar, of whichever mesh.
Where one mesh does not accept the root of the other, such a call fails with 503, though
without either mesh it would have been plain text and worked.

## Pass
The `discoverySelectors` of the two part the cluster between them. Or each accepts the root
of the other, by having it among its own or by all that `trust-mutual` asks for: then they
may well discover each other, and must, to call each other with mutual TLS.

## Fail
Some namespace is selected by both, as every one is where neither has selectors, and one of
them does not accept the root of the other. Where one of them has `caCertificates`, somebody
wants the two to call each other: then this rule does not apply, and `trust-mutual` says what
is missing.

## Unknown
The mesh configurations, the roots, or what decides over accepting them were not all seen.
A control plane outside the cluster does not show its configuration.

## Fix
Where the meshes should call each other, let them trust each other (`trust-mutual` says how).
Where they should not, give each its own namespaces: label those, and select the label in
`meshConfig.discoverySelectors` of each mesh.
"""

from auditor.api import (
    NAMESPACE,
    RUNNING_MESHES,
    SCOPES,
    SCOPING_REMEDIES,
    TRUST,
    Cluster,
    Command,
    Neighbours,
    Outcome,
    Remedy,
    Seen,
    Severity,
    meshes_side_by_side,
    rule,
)


@rule(
    id="discovery-scopes-disjoint",
    family="control-plane",
    severity=Severity.WARNING,
    over=meshes_side_by_side,
    reads=[NAMESPACE, RUNNING_MESHES, SCOPES, SCOPING_REMEDIES, TRUST],
    references=[
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig",
    ],
)
def discovery_scopes_disjoint(pair: Neighbours, cluster: Cluster) -> Outcome:
    scopes, trust = cluster.model(SCOPES), cluster.model(TRUST)
    both = scopes.both(scopes.discovers, *pair)
    selectors = [it for mesh in pair for it in scopes.shown(mesh)]
    if not both:
        return Outcome.passed("no namespace is discovered by both", *selectors)
    limited = any(scopes.limits(mesh) for mesh in pair)
    where = min(it.name for it in both.so_far) if limited else "the whole cluster"
    roots = Seen(tuple(pair)).each(trust.issued_from).map(lambda root: root.shown).so_far
    orders = ((pair.first, pair.second), (pair.second, pair.first))
    answers = Seen(orders).map(lambda it: (it[0].id, trust.accepts_all_of(*it)))
    if refusing := answers.where(lambda it: it[1] is False):
        if Seen(tuple(pair)).each(trust.anchors):
            said = f"both discover {where} and are to trust each other: trust-mutual judges that"
            return Outcome.not_applicable(said, *selectors, *roots)
        refuses = refusing.so_far[0][0]
        said = f"both discover {where}, and {refuses} does not accept the other's root"
        ways = [*ways_apart(pair, cluster), together()]
        return Outcome.failed(said, *selectors, *roots, remedies=ways)
    if answers.where(lambda it: it[1] is None):
        return Outcome.unknown("the places that show their roots do not agree", *roots)
    said = f"both discover {where}, and each accepts the root of the other"
    return Outcome.passed(said, *selectors, *roots)


def ways_apart(pair: Neighbours, cluster: Cluster) -> list[Remedy]:
    parted = cluster.model(SCOPING_REMEDIES).parted(tuple(pair), with_configuration=False)
    return list(parted)


def together() -> Remedy:
    text = "let each accept the root of the other, as the findings of trust-mutual say"
    return Remedy("let them call each other", (Command(text),))
