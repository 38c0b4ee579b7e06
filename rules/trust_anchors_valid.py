"""Every certificate that a mesh is told to accept can be read and used.

## Why
One bad item of `caCertificates` makes istiod refuse the whole list, and with
`ISTIO_MULTIROOT_MESH` on its next restart ends in CrashLoopBackOff, weeks after somebody
pasted the text. Without the switch the text waits for the day on which it is set.

## Pass
Each item holds certificates of CAs alone, in their validity at the time of the dump.

## Fail
An item holds a placeholder, another kind of text, a certificate that is not of a CA, may
not sign, has ended or has not begun; or a certificate in it is skipped without a word,
as one whose BEGIN line is indented. An item that is empty does nothing: a warning. Where
the whole mesh configuration cannot be parsed, none of the items counts.

## Unknown
The mesh configuration was not collected, or a certificate was taken out of the dump.

## Fix
Paste the certificate as `kubectl` gives it, from BEGIN to END with nothing before either
on its line, in one item of its own; take what the page that you followed has there as a
placeholder away. Never paste a private key: what it signed can no longer be trusted.
"""

from auditor.api import (
    MEETING,
    TRUST,
    TRUST_REMEDIES,
    Anchor,
    Cluster,
    Mesh,
    Outcome,
    Severity,
    is_on,
    meshes_that_meet,
    rule,
)

CRASHES = "; ISTIO_MULTIROOT_MESH is on: istiod does not come up again after a restart"
WILL_CRASH = "; istiod will not start once ISTIO_MULTIROOT_MESH is on"


@rule(
    id="trust-anchors-valid",
    family="trust",
    severity=Severity.ERROR,
    over=meshes_that_meet,
    reads=[MEETING, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData",
        "https://github.com/istio/istio/issues/31987",
    ],
)
def trust_anchors_valid(mesh: Mesh, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    for config in trust.configs(mesh).where(lambda it: it.problem).so_far:
        said = f"istiod does not take its mesh configuration: {config.problem}"
        return Outcome.failed(
            said, config.fault, remedies=[cluster.model(TRUST_REMEDIES).mend_anchors(mesh)]
        )
    anchors = trust.anchors(mesh)
    if bad := anchors.where(lambda it: any(it.problems(cluster.now))):
        return failing(mesh, bad.so_far, cluster)
    if not anchors:
        return Outcome.not_applicable("it is told to accept no further root")
    shown = [anchor.shown for anchor in anchors]
    return Outcome.passed("every certificate that it is told to accept is good", *shown)


def failing(mesh: Mesh, bad: tuple[Anchor, ...], cluster: Cluster) -> Outcome:
    problems = [f"{it.name}: {problem}" for it in bad for problem in it.problems(cluster.now)]
    said = "; ".join(dict.fromkeys(problems))
    if any(anchor.refusal for anchor in bad):
        switches = cluster.model(TRUST).multiroot(mesh)
        said += CRASHES if switches.where(lambda it: is_on(it[1])).so_far else WILL_CRASH
    empty = not any(anchor.pem.value for anchor in bad)
    return Outcome.failed(
        said,
        *(anchor.shown for anchor in bad),
        remedies=[cluster.model(TRUST_REMEDIES).mend_anchors(mesh)],
        severity=Severity.WARNING if empty else None,
    )
