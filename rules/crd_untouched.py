"""A CRD bears traces of none but the installer that owns it.

## Why
SDM's operator leaves CRDs alone that upstream owns, so that a trace of it says that somebody
changed hands, or tried to: v2.11.0 of the operator, a transfer that was undone, or an
upstream installer that took SDM's CRDs over. What the CRD holds then is not what the marks
of its owner promise.

## Pass
A CRD of upstream's bears no `resource.alpha.banzaicloud.io/revision` and no copy of what SDM's
operator applied; one of SDM's was not written by another since SDM's operator wrote it.

## Fail
It bears such a trace. The copy alone is only worth knowing: nobody asks for it.

## Unknown
The labels, annotations or managedFields of the CRD were not in the dump, or nothing says
who owns it.

## Fix
Take the traces off once it is settled who owns the CRDs, and look whether the schema is the
owner's: `mesh-auditor crds FROM TO` compares, and the owner's installer writes it anew.
"""

from auditor.api import (
    CRD_OWNERS,
    OPERATORS,
    SDM,
    SDM_COPY,
    SDM_REVISION,
    Cluster,
    Label,
    Outcome,
    Ownership,
    Patch,
    Remedy,
    Severity,
    istio_crds,
    last_writer,
    rule,
    written_by_sdm,
)


@rule(
    id="crd-untouched",
    family="crd",
    severity=Severity.WARNING,
    over=istio_crds,
    reads=[CRD_OWNERS, OPERATORS],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/internal/components/base/reconcile.go",
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
    ],
)
def crd_untouched(owned: Ownership, cluster: Cluster) -> Outcome:
    owners = tuple(owned.owners)
    if len(owners) > 1:
        return Outcome.not_applicable("two lay claim to it, as crd-single-owner tells")
    return of_sdm(owned, cluster) if owners[0].installer == SDM else of_upstream(owned)


def of_upstream(owned: Ownership) -> Outcome:
    label, copy = owned.crd.label(SDM_REVISION), owned.crd.annotation(SDM_COPY)
    if not label and not copy:
        return Outcome.passed("SDM's operator left no trace on it", label, copy)
    without_copy = Patch(owned.ref, {"metadata": {"annotations": {SDM_COPY: None}}})
    steps = (
        *((Label(owned.ref, SDM_REVISION),) if label else ()),
        *((without_copy,) if copy else ()),
    )
    return Outcome.failed(
        f"it belongs to {owned.owner.said}, and SDM's operator was there",
        *owned.owner.marks,
        label or copy.holding("a copy of what SDM's operator applied"),
        remedies=[Remedy("take the traces of SDM's operator off", steps)],
        severity=None if label else Severity.INFO,
    )


def of_sdm(owned: Ownership, cluster: Cluster) -> Outcome:
    copy, writer = owned.crd.annotation(SDM_COPY), last_writer(owned.crd)
    marks = owned.owner.marks
    if not copy:
        return Outcome.passed("handed over, and not written by SDM's operator yet", *marks)
    if writer is None:
        return Outcome.passed("by its labels alone: the dump has no managedFields", *marks)
    if writer.is_named_as_sdms:
        return Outcome.passed("SDM's operator wrote it last", *marks, writer.field)
    return Outcome.failed(
        f"it belongs to SDM's operator, and {writer.name} wrote it since",
        *marks,
        writer.field,
        remedies=[Remedy("let its owner write it", written_by_sdm(cluster))],
    )
