"""Every version of a CRD that a control plane reads is served.

## Why
An istiod that reads a version which the CRD does not serve never becomes ready, from its
next start on: it waits for that kind for ever, and injects and configures nothing.

## Pass
The CRD serves the version in which each running release reads it: until Istio 1.23
`v1alpha3` and `v1beta1`, from 1.24 on `v1` of networking, security and telemetry.

## Fail
A release that runs reads a version that the CRD does not serve. SDM's CRDs, of Istio 1.17
at most, serve no `v1` but of two kinds, so that upstream 1.24 and newer cannot run on them.

## Unknown
The versions of the CRD or the release of a control plane could not be told, or the facts
do not know that release.

## Fix
Let the installer of the newer mesh own the CRDs and write its own: they serve the older
versions as well. SDM's CRDs cannot be mended by hand, its operator would put them back.
"""

from auditor.api import (
    CRD_NEEDS,
    OWNING,
    Cluster,
    NeededCrd,
    Outcome,
    Severity,
    installed_crds_that_are_read,
    newest_owns,
    rule,
    served_versions,
    written_again,
)


@rule(
    id="crd-served-versions",
    family="crd",
    severity=Severity.ERROR,
    over=installed_crds_that_are_read,
    reads=[CRD_NEEDS, *OWNING],
    references=[
        "https://github.com/istio/istio/blob/1.24.6/pkg/config/schema/metadata.yaml",
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/",
    ],
)
def crd_served_versions(needed: NeededCrd, cluster: Cluster) -> Outcome:
    [crd] = needed.found
    served = served_versions(crd)
    shown = crd.at("spec", "versions").holding(list(served))
    if not served:
        return Outcome.unknown("the dump does not say which versions it serves", shown)
    lacking = needed.readers.where(lambda it: it.reads(crd.name) not in served)
    if reader := lacking.first():
        return Outcome.failed(
            f"Istio {reader.said.version} reads {reader.reads(crd.name)}, which is not served",
            shown,
            reader.said.field,
            remedies=newest_owns(cluster)
            or [written_again(reader.mesh, reader.release.version, cluster)],
        )
    read = ", ".join(sorted({it.reads(crd.name) for it in needed.readers}))
    return Outcome.passed(f"{read} is served", shown)
