"""Each mesh accepts the trust domain of every other mesh.

## Why
A certificate names its workload as `spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT`. Where a
mesh does not know the other's trust domain, each call between the two fails with 503, though
all roots are exchanged and every certificate verifies.

## Pass
The two have one trust domain, which both have where neither names one: `cluster.local`. Or
the domain of the second stands among the `trustDomainAliases` of the first. In one cluster a
service account is the same, whichever mesh it is in: that both meshes call it by one name is
no clash.

## Fail
The first mesh neither has nor is told the trust domain of the second. Its servers may take it
for another reason, be it `PILOT_SKIP_VALIDATE_TRUST_DOMAIN` or, since Istio 1.16, the
`trustDomains` of an item of `caCertificates`. Its clients look at neither: they expect every
server under their own trust domain or an alias of it, so that their calls to the other mesh
fail. Before Istio 1.8 clients do not look at the aliases.

## Unknown
A mesh configuration was not collected, or istiod does not take it: then it runs on the one
before, or on its defaults. Or it rests on an alias, and nothing tells the version of istiod.

## Fix
Name the trust domain of each other mesh in `meshConfig.trustDomainAliases`: istiod reads it at
once, and no proxy need be restarted. Rather not change a trust domain: it renames all
workloads of the mesh, and whatever names them outside of the mesh, such as the access lists of
Kafka, stops to know them.
"""

from auditor.api import (
    CONFIG_MAP,
    DOMAIN_REMEDIES,
    RUNNING_MESHES,
    SKIP_TRUST_DOMAINS,
    TRUST_DOMAINS,
    Cluster,
    Field,
    Outcome,
    Pair,
    Severity,
    Taking,
    pairs_of_running_meshes,
    rule,
)


@rule(
    id="trust-domains-accepted",
    family="trust",
    severity=Severity.ERROR,
    over=pairs_of_running_meshes,
    reads=[RUNNING_MESHES, TRUST_DOMAINS, DOMAIN_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig",
        "https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/",
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
    ],
)
def trust_domains_accepted(pair: Pair, cluster: Cluster) -> Outcome:
    takings = cluster.model(TRUST_DOMAINS).takings(pair)
    if refused := takings.where(lambda it: it.by is None):
        return Outcome.failed(
            "; ".join(dict.fromkeys(map(refusal, refused.so_far))),
            *dict.fromkeys(field for it in refused.so_far for field in shown(it)),
            remedies=[cluster.model(DOMAIN_REMEDIES).accept(pair.first)],
        )
    said = dict.fromkeys(acceptance(it) for it in takings)
    return Outcome.passed(
        "; ".join(said), *dict.fromkeys(field for it in takings for field in shown(it))
    )


def refusal(taking: Taking) -> str:
    whose = f"the other's trust domain, {taking.domain.name}"
    if taking.servers_by is None:
        return f"it refuses {whose}"
    by = f", by {SKIP_TRUST_DOMAINS}" if taking.servers_by.ref.kind != CONFIG_MAP.name else ""
    return f"its clients refuse servers of {whose}; its servers take clients of it{by}"


def acceptance(taking: Taking) -> str:
    if taking.by == taking.own:
        return f"both have the trust domain {taking.domain.name}"
    return f"the other's trust domain, {taking.domain.name}, is an alias of its own"


def shown(taking: Taking) -> list[Field]:
    by = taking.servers_by or taking.aliases if taking.by is None else taking.by
    return [taking.own, by, taking.domain.field]
