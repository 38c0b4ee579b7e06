"""Every istiod that must accept another root is told to.

## Why
Without `ISTIO_MULTIROOT_MESH` istiod does not look at `caCertificates`: the root of the
other mesh may stand there for ever, calls from and to it fail with 503, and nothing
complains.

## Pass
The variable is true in the Deployment of each istiod whose mesh must accept a root that
its own CA does not hand out. Where all meshes issue from one root the rule does not apply.

## Fail
The variable is not set, or its value is none that Go takes for true: `1`, `t`, `true`,
`True`, `TRUE`. Where it is set twice the last one counts. Where a custom resource declares
it and the Deployment lacks it, the operator has not carried it out. Istio before 1.10
knows no such variable.

## Unknown
Its value is filled in when the container starts; the Deployment has it, but a Pod was
started without; or the roots of the meshes could not be read, so that it may be needless.

## Fix
For SDM under `spec.istiod.deployment.env` of the IstioControlPlane; in an IstioOperator
under `spec.components.pilot.k8s.env`; with Helm or Sail as `pilot.env`; always with the
value in quotes. First see that every certificate in `caCertificates` is good: with the
variable on, istiod does not start with a bad one.
"""

from auditor.api import (
    MULTIROOT,
    RUNNING_MESHES,
    TRUST,
    TRUST_REMEDIES,
    Cluster,
    ControlPlane,
    Field,
    Outcome,
    Remedy,
    Severity,
    declarations_of,
    is_on,
    is_set_twice,
    multiroot,
    rule,
    running_control_planes,
)

DISAGREE = "the places that show the roots of the meshes disagree"


@rule(
    id="trust-multiroot-enabled",
    family="trust",
    severity=Severity.ERROR,
    over=running_control_planes,
    reads=[RUNNING_MESHES, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars",
        "https://github.com/istio/istio/issues/39935",
    ],
)
def trust_multiroot_enabled(plane: ControlPlane, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    if aside := set_aside(plane, cluster):
        return aside
    for old in trust.too_old_for_multiroot(plane):
        said = f"Istio {old.known.minor} knows no {MULTIROOT}"
        return Outcome.failed(said, old.field, remedies=ways(plane, cluster))
    for instance, switch in multiroot(plane).where(lambda it: not is_on(it[1])):
        declared = [it for it in declarations_of(plane, MULTIROOT) if is_on(it) or it.value is True]
        said = fault(switch, declared)
        if is_set_twice(instance, MULTIROOT):
            said += "; it is set twice, and the last one counts"
        return Outcome.failed(said, switch, *declared, remedies=ways(plane, cluster))
    return Outcome.passed("it accepts other roots", *(it for _, it in multiroot(plane)))


def set_aside(plane: ControlPlane, cluster: Cluster) -> Outcome | None:
    """Why the switch does not matter, or cannot be judged."""
    if not plane.runs:
        return Outcome.not_applicable("it does not run in this cluster")
    trust = cluster.model(TRUST)
    mesh = trust.mesh_of(plane)
    needed = trust.must_accept_more(mesh)
    if needed is None:
        return Outcome.unknown(DISAGREE, *trust.shown_roots())
    if not needed:
        return Outcome.not_applicable("no other mesh issues from a root that it does not have")
    if waiting := trust.waits_for_rollout(plane):
        return Outcome.unknown("its Deployment and its Pods differ", *waiting)
    return None


def fault(switch: Field, declared: list[Field]) -> str:
    if not switch:
        said = f"its istiod runs without {MULTIROOT}"
        return f"{said}, though it is declared" if declared else said
    return f"its istiod takes {MULTIROOT}={switch.value} for off"


def ways(plane: ControlPlane, cluster: Cluster) -> list[Remedy]:
    mesh = cluster.model(TRUST).mesh_of(plane)
    return cluster.model(TRUST_REMEDIES).ways_to_accept(mesh)
