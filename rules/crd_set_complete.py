"""Every CRD that a running control plane reads is installed.

## Why
Objects of a kind whose CRD is missing cannot be created, and those that there were went
with it, as soon as the CRD is deleted; a CRD that the API server has not established is
served to nobody. Istiod takes what is missing for empty; that of 1.5 and older waits for it,
and after its next start it never becomes ready.

## Pass
The CRD is there and the API server says that it is established.

## Fail
It is not there, a warning: the control plane runs, and the kind cannot be used. An error
where an istiod of 1.5 or older reads it, and where the CRD is there and not established, as
when another one has its names. Only CRDs of the release that runs count, never those that
came with a later one.

## Unknown
The CRDs, or the control planes that run, could not be listed; a release is none that the
facts know; or the dump does not say whether the CRD is established.

## Fix
Let the installer of the CRDs create it again. Whatever objects of the kind were there
are gone: restore them from where they are kept. Where the CRDs belong to another mesh's
installer that is too old to know the kind, the newer mesh should own the CRDs.
"""

from auditor.api import (
    CRD_NEEDS,
    OWNING,
    Cluster,
    Command,
    NeededCrd,
    Obj,
    Outcome,
    Remedy,
    Severity,
    crds_that_are_read,
    rule,
    written_again,
)

TAKES_IT_FOR_EMPTY = 6
"""From here on istiod asks which CRDs there are; before it waits until it has listed each kind
(istio 1.5.10, 1.6.0: pilot/pkg/config/kube/crd/controller/controller.go)."""


@rule(
    id="crd-set-complete",
    family="crd",
    severity=Severity.ERROR,
    over=crds_that_are_read,
    reads=[CRD_NEEDS, *OWNING],
    references=[
        "https://istio.io/latest/docs/reference/config/",
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/",
    ],
)
def crd_set_complete(needed: NeededCrd, cluster: Cluster) -> Outcome:
    if crd := needed.found.first():
        return established(crd)
    readers = needed.readers.so_far
    waiting = [it for it in readers if not it.release.version.is_since(TAKES_IT_FOR_EMPTY)]
    reader = (*waiting, *readers)[0]
    said = f"is not installed, and {reader.mesh.id} of Istio {reader.said.version} reads it"
    return Outcome.failed(
        f"{said}: its next istiod never becomes ready" if waiting else said,
        reader.said.field,
        remedies=[written_again(reader.mesh, reader.release.version, cluster)],
        severity=None if waiting else Severity.WARNING,
    )


def established(crd: Obj) -> Outcome:
    conditions = crd.at("status", "conditions").each()
    for condition in conditions:
        if condition.at("type").value == "Established":
            status = condition.at("status")
            if status.value == "True":
                return Outcome.passed("is there and established", status)
            reason = condition.at("reason")
            text = f"is there, but not established: {reason.value or 'no reason is given'}"
            return Outcome.failed(text, status, reason, remedies=[accepted(crd)])
    text = "is there; whether it is established the dump does not say"
    return Outcome.unknown(text, crd.at("status", "conditions"))


def accepted(crd: Obj) -> Remedy:
    """The API server serves no CRD of which another has taken a name."""
    read = "read in its conditions which name is taken, or what else is wrong with it"
    steps = (
        Command(read, f"kubectl describe {crd.ref.target}"),
        Command("take away the CRD that has the name, once it has no objects that are needed"),
        Command(f"the API server then serves {crd.name} by itself"),
    )
    return Remedy("free the names that it asks for", steps)
