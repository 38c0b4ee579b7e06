"""Whoever owns a CRD can write it: its own lists every version that objects were stored in.

## Why
The API server refuses a CRD that does not list a version which objects may still be stored in.
Istio stores in `v1` from 1.27 on (security from 1.28): an older installer that owns the CRDs
again, be it SDM's operator or an upstream that was taken back, fails at each write, and its
resource says ReconcileFailed or ERROR.

## Pass
Every owner's release lists each version in `status.storedVersions`.

## Fail
An owner's release lacks one of them.

## Unknown
The dump does not say which versions were stored, who owns the CRD, or of which release its
owner's are, or the facts do not know that release.

## Fix
Let the installer of the newest mesh own the CRDs. Taking a version off
`status.storedVersions` helps only after every object was written anew in another one, which
the CRD that is installed must store in.
"""

from auditor.api import (
    COMPATIBILITY,
    OWNING,
    Cluster,
    Command,
    Outcome,
    Ownership,
    Remedy,
    Severity,
    facts_date,
    istio_crds,
    newest_owns,
    rule,
    shipped_by,
)


@rule(
    id="crd-stored-versions",
    family="crd",
    severity=Severity.WARNING,
    over=istio_crds,
    reads=[COMPATIBILITY, *OWNING],
    references=[
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version",
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/internal/components/base/reconcile.go",
    ],
)
def crd_stored_versions(owned: Ownership, cluster: Cluster) -> Outcome:
    stored = owned.crd.at("status", "storedVersions")
    if not stored.value:
        return Outcome.unknown("the dump does not say which versions were stored", stored)
    written = cluster.model(COMPATIBILITY).written_next(owned)
    unlisted = None
    for content in written:
        if not content.releases:
            unlisted = content
            continue
        own = shipped_by(content.releases[0]).get(owned.crd.name)
        lacking = sorted(set(stored.value) - own.versions.keys()) if own else []
        if lacking:
            return Outcome.failed(
                f"what its owner writes, of Istio {content.releases[0]}, lists no"
                f" {lacking[0]}, in which objects may be stored",
                stored,
                content.field,
                remedies=newest_owns(cluster) or [left_alone(content.text)],
            )
    if unlisted:
        text = f"{unlisted.text} is no release of Istio known on {facts_date()}"
        return Outcome.unknown(text, unlisted.field)
    if not written:
        return Outcome.not_applicable("no installer marks it as its own", stored)
    return Outcome.passed("what its owner writes lists each version that was stored", stored)


def left_alone(version: str) -> Remedy:
    step = Command(f"write the CRDs with the installer of the newest mesh, and not with {version}")
    return Remedy("leave the CRDs to the newest mesh", (step,))
