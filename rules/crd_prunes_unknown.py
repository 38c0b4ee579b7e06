"""No Istio CRD keeps fields that its schema does not know.

## Why
A CRD that was first installed by Istio 1.5 or older may still say
`preserveUnknownFields: true`: nobody who applies a newer one takes that off, for it is not in
the newer file. A field that was misspelt or belongs to another release is then kept without a
word, and istiod, which cannot read it, may wait for the whole kind for ever.

## Pass
`spec.preserveUnknownFields` is false or absent.

## Fail
It is true.

## Unknown
The CRDs were not collected, or the field was taken out.

## Fix
Set it to false, once no object holds a field that the schema does not know; see
`crd-objects-accepted`. The API server refuses that as long as a version has no schema: then
let the installer of the newest mesh write the CRD first.
"""

from auditor.api import (
    CRD_OWNERS,
    Cluster,
    Outcome,
    Ownership,
    Patch,
    Remedy,
    Severity,
    istio_crds,
    rule,
)


@rule(
    id="crd-prunes-unknown",
    family="crd",
    severity=Severity.WARNING,
    over=istio_crds,
    reads=[CRD_OWNERS],
    references=[
        "https://github.com/istio/istio/issues/35544",
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning",
    ],
)
def crd_prunes_unknown(owned: Ownership, _: Cluster) -> Outcome:
    keeps = owned.crd.at("spec", "preserveUnknownFields")
    if keeps.value is not True:
        return Outcome.passed("it drops what its schema does not know", keeps)
    off = Patch(owned.ref, {"spec": {"preserveUnknownFields": False}})
    return Outcome.failed(
        "it keeps fields that its schema does not know",
        keeps,
        remedies=[Remedy("let it drop them", (off,))],
    )
