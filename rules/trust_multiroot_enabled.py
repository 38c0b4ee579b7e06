"""Every istiod that must accept another root is told to.

## Why
Without `ISTIO_MULTIROOT_MESH` istiod does not look at `caCertificates`: the root of the
other mesh may stand there for ever, calls from and to it fail with 503, and nothing
complains.

## Pass
The variable is true in the Deployment of each istiod, whatever the other meshes issue from.
Where it is not, and every other mesh issues from a root that the mesh's own CA hands out, or
there is no other, nothing needs it, and the rule does not apply.

## Fail
Another mesh issues from a root that the mesh does not have, and the variable is not set, or
its value is none that Go takes for true: `1`, `t`, `T`, `true`, `True`, `TRUE`. Where it is
set twice the last one counts. Where a custom resource declares it and the Deployment lacks
it, the operator has not carried it out. Istio before 1.10 knows no such variable.

## Unknown
Its value is filled in when the container starts, or nothing tells the version; the
Deployment has it, but a Pod was started without; or it is off, and the roots of the meshes
could not be read, so that it may be needless.

## Fix
For SDM under `spec.istiod.deployment.env` of the IstioControlPlane; in an IstioOperator
under `spec.components.pilot.k8s.env`; with Helm or Sail as `pilot.env`; always with the
value in quotes. First see that every certificate in `caCertificates` is good: with the
variable on, istiod does not start with a bad one.
"""

from auditor.api import (
    ALL_MESHES,
    MULTIROOT,
    TRUST,
    TRUST_REMEDIES,
    Cluster,
    ControlPlane,
    Field,
    Instance,
    Outcome,
    SaidVersion,
    Seen,
    Severity,
    control_planes_here,
    declarations_of,
    either,
    is_on,
    is_set_twice,
    multiroot,
    rule,
)

DISAGREE = "the places that show the roots of the meshes disagree"


@rule(
    id="trust-multiroot-enabled",
    family="trust",
    severity=Severity.ERROR,
    over=control_planes_here,
    reads=[ALL_MESHES, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
        "https://github.com/istio/istio/issues/39935",
    ],
)
def trust_multiroot_enabled(plane: ControlPlane, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    if waiting := trust.waits_for_rollout(plane):
        return Outcome.unknown("its Deployment and its Pods differ", *waiting)
    off = multiroot(plane).where(lambda it: not is_on(it[1]))
    old = trust.too_old_for_multiroot(plane)
    if not either(lambda: old, lambda: off):
        return Outcome.passed("it accepts other roots", *(it for _, it in multiroot(plane)))
    needed = trust.must_accept_more(trust.mesh_of(plane))
    if needed is None:
        return Outcome.unknown(DISAGREE, *trust.shown_roots())
    if not needed:
        return Outcome.not_applicable("no other mesh issues from a root that it does not have")
    return failing(plane, old, off, cluster)


def failing(
    plane: ControlPlane,
    old: Seen[SaidVersion],
    off: Seen[tuple[Instance, Field]],
    cluster: Cluster,
) -> Outcome:
    """A release without the switch, or an istiod that has it off: one of them was seen."""
    mesh = cluster.model(TRUST).mesh_of(plane)
    remedies = cluster.model(TRUST_REMEDIES).ways_to_accept(mesh)
    for version in old.so_far:
        said = f"Istio {version.known.minor} knows no {MULTIROOT}"
        return Outcome.failed(said, version.field, remedies=remedies)
    instance, switch = off.so_far[0]
    declared = [it for it in declarations_of(plane, MULTIROOT) if is_on(it) or it.value is True]
    said = fault(switch, declared)
    if is_set_twice(instance, MULTIROOT):
        said += "; it is set twice, and the last one counts"
    return Outcome.failed(said, switch, *declared, remedies=remedies)


def fault(switch: Field, declared: list[Field]) -> str:
    if not switch:
        said = f"its istiod runs without {MULTIROOT}"
        return f"{said}, though it is declared" if declared else said
    shown = switch.value or '""'
    return f"its istiod takes {MULTIROOT}={shown} for off"
