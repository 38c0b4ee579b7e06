"""No two meshes publish their roots in the same ConfigMaps.

## Why
Every istiod writes its root into a ConfigMap in every namespace, and its proxies verify it
by that. Upstream's is called `istio-ca-root-cert`, and istiods in different namespaces know
nothing of each other: two of them with different roots overwrite each other's without end.
A pod that starts at the wrong moment cannot verify its istiod and never gets ready.

## Pass
The names differ, as with SDM's distribution `cisco`, whose name ends in that of its
IstioControlPlane; or no namespace is written by both, because the `discoverySelectors` of
both part the cluster and their releases apply them to this; or the root of each holds for
the other, so that it does not matter whose is there.

## Fail
Both write the same name into some namespace, and a proxy that finds the other's root there
cannot verify its own istiod. It fails too where all looks well at the moment.

## Unknown
The roots, the mesh configurations or the control planes were not all seen; a product that
embeds pilot may have renamed its ConfigMap, and nothing tells how; or another CA signs for
an istiod, and what it publishes itself cannot be told.

## Fix
Give one mesh a name of its own: SDM the distribution `cisco` with Cisco's istiod, upstream
since 1.27 the value `global.trustBundleName`. Or let each mesh look at its own namespaces
(`discoverySelectors`, which count for this since 1.16 with
`ENABLE_ENHANCED_RESOURCE_SCOPING`, by default since 1.22), or issue both from one root.
"""

from auditor.api import (
    IGNORED_NAMESPACES,
    ISSUED_ROOTS,
    NAMESPACE,
    PUBLISHING,
    PUBLISHING_REMEDIES,
    RUNNING_MESHES,
    SCOPES,
    Cluster,
    Field,
    Neighbours,
    Obj,
    Outcome,
    Published,
    Seen,
    Severity,
    meshes_side_by_side,
    publishes_its_serving_root,
    rule,
)


@rule(
    id="root-certificate-config-map-distinct",
    family="control-plane",
    severity=Severity.ERROR,
    over=meshes_side_by_side,
    reads=[ISSUED_ROOTS, NAMESPACE, PUBLISHING, PUBLISHING_REMEDIES, RUNNING_MESHES, SCOPES],
    references=[
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
    ],
)
def root_certificate_config_map_distinct(pair: Neighbours, cluster: Cluster) -> Outcome:
    publishing = cluster.model(PUBLISHING)
    first, second = publishing.of_mesh(pair.first), publishing.of_mesh(pair.second)
    shared = first.where(lambda it: bool(named_like(it, second))).first()
    shown = [it.field for it in (*first.so_far, *second.so_far)]
    if shared is None:
        silent = not (first.so_far and second.so_far)
        said = "one of them publishes no root" if silent else "each publishes under its own name"
        return Outcome.passed(said, *shown)
    both = written_by_both(pair, cluster)
    if not both:
        selectors = [it for mesh in pair for it in cluster.model(SCOPES).shown(mesh)]
        return Outcome.passed("no namespace is written by both", *shown, *selectors)
    place = min(it.name for it in both.so_far)
    return of_shared(pair, f"ConfigMap {shared.name}, as in {place}", shown, cluster)


def named_like(published: Published, others: Seen[Published]) -> Seen[Published]:
    return others.where(lambda it: it.name == published.name)


def written_by_both(pair: Neighbours, cluster: Cluster) -> Seen[Obj]:
    scopes = cluster.model(SCOPES)
    both = scopes.both(scopes.reads, *pair)
    return both.where(lambda it: it.name not in IGNORED_NAMESPACES)


def of_shared(pair: Neighbours, what: str, shown: list[Field], cluster: Cluster) -> Outcome:
    """Both write one ConfigMap: whether the root of each holds for the other."""
    trust = cluster.model(ISSUED_ROOTS)
    for mesh in pair:
        publishes_its_serving_root(mesh)
    orders = (tuple(pair), (pair.second, pair.first))
    answers = Seen(orders).map(lambda two: trust.holds_roots_of(*two))
    roots = Seen(tuple(pair)).each(trust.issued_from).map(lambda root: root.shown).so_far
    if answers.where(lambda it: it is False):
        return Outcome.failed(
            f"both write {what}, each with its own root",
            *shown,
            *roots,
            remedies=cluster.model(PUBLISHING_REMEDIES).apart(tuple(pair)),
        )
    if answers.where(lambda it: it is None):
        return Outcome.unknown("the places that show their roots do not agree", *shown, *roots)
    said = f"both write {what}, and the root of each holds for the other"
    return Outcome.passed(said, *shown, *roots)
