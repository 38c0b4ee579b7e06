"""Every proxy that must accept another root asks its istiod for it.

## Why
A proxy whose agent does not ask for the roots of other meshes refuses their certificates,
and calls to and from them fail with 503, however well the meshes are configured. It asks
only with `PROXY_CONFIG_XDS_AGENT` on, which becomes a variable of the proxy's container
when the pod is made: pods that are older than the setting go on without.

## Pass
The mesh configuration, or the ProxyConfig of the root namespace in its place, sets it to
`"true"` for new proxies; each proxy that runs, gateways too, was started with it. Where
all meshes issue from one root the rule does not apply.

## Fail
The mesh configuration lacks it, or cannot be parsed, as after
`helm --set meshConfig.defaultConfig.proxyMetadata.PROXY_CONFIG_XDS_AGENT=true`, which
makes it a boolean; a ProxyConfig turns it off again; or a proxy runs without it: it is
older, or its own annotation or a ProxyConfig of its namespace keeps it from asking.

## Unknown
The mesh configuration, the pods or, since Istio 1.13, the ProxyConfig resources were not
collected; or the roots of the meshes could not be read, so that it may be needless.

## Fix
Set it in quotes under `meshConfig.defaultConfig.proxyMetadata`; in an IstioOperator that
is `spec.meshConfig`, never `spec.components.meshConfig`. With Helm use `--set-string`.
Then restart the workloads and gateways of the mesh.
"""

from auditor.api import (
    ALL_MESHES,
    MEETING,
    TRUST,
    TRUST_REMEDIES,
    XDS_AGENT,
    Cluster,
    ControlPlane,
    Mesh,
    Outcome,
    Proxy,
    Seen,
    Severity,
    agents_declared,
    annotated,
    control_planes_here,
    is_on,
    meshes_that_meet,
    rule,
    running,
)

NEEDLESS = "no other mesh issues from a root that it does not have"
DISAGREE = "the places that show the roots of the meshes disagree"


def control_planes_and_proxies(cluster: Cluster) -> Seen[ControlPlane | Proxy]:
    """Every control plane, and each proxy that has another mesh beside its own."""
    trust = cluster.model(TRUST)
    planes: Seen[ControlPlane | Proxy] = control_planes_here(cluster).map(lambda it: it)
    meeting = meshes_that_meet(cluster)
    several = meeting.where(lambda mesh: any(other.id != mesh.id for other in meeting))
    return planes + several.each(lambda mesh: (Proxy(it, mesh) for it in trust.proxies(mesh)))


@rule(
    id="trust-xds-agent-enabled",
    family="trust",
    severity=Severity.ERROR,
    over=control_planes_and_proxies,
    reads=[ALL_MESHES, MEETING, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/commands/pilot-agent/#envvars",
        "https://istio.io/latest/docs/reference/config/networking/proxy-config/",
    ],
)
def trust_xds_agent_enabled(subject: ControlPlane | Proxy, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    mesh = subject.mesh if isinstance(subject, Proxy) else trust.mesh_of(subject)
    needed = trust.must_accept_more(mesh)
    if needed is None:
        return Outcome.unknown(DISAGREE, *trust.shown_roots())
    if not needed:
        return Outcome.not_applicable(NEEDLESS)
    if isinstance(subject, Proxy):
        return of_proxy(subject, cluster)
    return of_control_plane(subject, mesh, cluster)


def of_control_plane(plane: ControlPlane, mesh: Mesh, cluster: Cluster) -> Outcome:
    """Whether new proxies of it will ask."""
    trust = cluster.model(TRUST)
    remedies = cluster.model(TRUST_REMEDIES).ways_to_accept(mesh)
    shown = []
    for config in trust.configs_of(plane):
        if config.problem:
            said = f"istiod does not take its mesh configuration: {config.problem}"
            return Outcome.failed(said, config.fault, remedies=remedies)
        told = trust.told(config)
        counts = trust.told_instead(config).first() or told
        if not is_on(counts):
            said = f"its new proxies do not ask for other roots ({XDS_AGENT})"
            if is_on(told):
                said = "a ProxyConfig turns off what its mesh configuration turns on"
                return Outcome.failed(
                    said, counts, remedies=[cluster.model(TRUST_REMEDIES).turn_on(counts)]
                )
            if declared := agents_declared(plane).so_far:
                said += ", though it is declared"
            return Outcome.failed(said, counts, *declared, remedies=remedies)
        shown.append(counts)
    return Outcome.passed("its new proxies ask for other roots", *shown)


def of_proxy(proxy: Proxy, cluster: Cluster) -> Outcome:
    """Whether a proxy that runs asks."""
    pod, mesh, remedies = proxy.pod, proxy.mesh, cluster.model(TRUST_REMEDIES)
    switch, own = running(pod), annotated(pod)
    if is_on(switch):
        return Outcome.passed("its proxy asks for other roots", switch)
    if own.held is not None and not is_on(own):
        said = "its own annotation keeps its proxy from asking for other roots"
        return Outcome.failed(said, switch, own, remedies=[remedies.without_annotation(pod)])
    for told in cluster.model(TRUST).turned_off_for(mesh, pod).so_far:
        said = "a ProxyConfig keeps its proxy from asking for other roots"
        return Outcome.failed(said, switch, told, remedies=[remedies.turn_on(told, pod)])
    if cluster.model(TRUST).tells_new_proxies(mesh):
        said = "its proxy is older than the setting of its mesh, or was started without it"
        return Outcome.failed(said, switch, remedies=[remedies.restart(mesh, [pod])])
    said = "neither its proxy nor its mesh asks for other roots"
    return Outcome.failed(said, switch, remedies=[remedies.accept_others(mesh)])
