"""Each certificate that a mesh is told to accept stands in an item of its own, once.

## Why
Of the certificates in one item of `caCertificates` istiod verifies the first alone. It hands
the others to every proxy as they are, and leaves out without a word one whose BEGIN line is
indented: that root is missing, and nothing complains. A copy in two items outlives the one
that somebody takes out.

## Pass
Each item holds one certificate, and no two items hold the same, by fingerprint. The old and
the new copy of a root that was renewed are two certificates. The `root-cert.pem` of a CA may
hold several: it is no such item.

## Fail
A warning: an item holds more than one certificate, or what looks like a second one and is
skipped. A certificate that stands in two items does no harm yet: worth knowing.

## Unknown
The mesh configuration was not collected, or a certificate was taken out of the dump.

## Fix
Write one `- pem:` for each certificate, from BEGIN to END with nothing before either on its
line; keep `certSigners` and `trustDomains` with each of them.
"""

from auditor.api import (
    MEETING,
    TRUST,
    TRUST_REMEDIES,
    Anchor,
    Cluster,
    Field,
    Mesh,
    Outcome,
    Severity,
    meshes_that_meet,
    repeated,
    rule,
)


@rule(
    id="trust-anchor-per-item",
    family="trust",
    severity=Severity.WARNING,
    over=meshes_that_meet,
    reads=[MEETING, TRUST, TRUST_REMEDIES],
    references=[
        "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData",
        "https://github.com/istio/istio/issues/31987",
    ],
)
def trust_anchor_per_item(mesh: Mesh, cluster: Cluster) -> Outcome:
    trust = cluster.model(TRUST)
    lists = trust.anchor_lists(mesh)
    crowded = lists.each(lambda anchors: anchors.where(lambda it: it.holds_several))
    faults = crowded.map(several) + lists.each(repeated).map(lambda two: twins(*two))
    if faults:
        return Outcome.failed(
            "; ".join(dict.fromkeys(said for said, _ in faults.so_far)),
            *dict.fromkeys(shown for _, shown in faults.so_far),
            remedies=[cluster.model(TRUST_REMEDIES).mend_anchors(mesh)],
            severity=None if crowded.so_far else Severity.INFO,
        )
    for config in trust.configs(mesh).where(lambda it: it.problem):
        said = f"istiod does not take its mesh configuration: {config.problem}"
        return Outcome.not_applicable(said, config.fault)
    anchors = trust.anchors(mesh)
    if not anchors:
        return Outcome.not_applicable("it is told to accept no further root")
    shown = [anchor.shown for anchor in anchors]
    return Outcome.passed("each certificate that it is told to accept has its own item", *shown)


def several(anchor: Anchor) -> tuple[str, Field]:
    """An item with more than one certificate, in words."""
    said = f"{anchor.name} holds more than one certificate"
    if anchor.skips:
        said += ", of which one is skipped: its first or last line is indented, damaged or missing"
    return said, anchor.shown


def twins(anchor: Anchor, before: Anchor) -> tuple[str, Field]:
    """An item with a certificate that another has too, in words."""
    return f"{anchor.name} holds the certificate of {before.name} again", anchor.shown
