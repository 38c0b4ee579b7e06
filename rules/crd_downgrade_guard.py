"""SDM's operator does not replace newer CRDs by its own.

## Why
SDM's operator writes every CRD that bears its mark, unless the label
`resource.alpha.banzaicloud.io/revision` names a newer Istio than its own; a CRD without that
label it takes for one that it may write. A hand-over as the vendor's page describes it sets
no such label: newer CRDs lose the fields, values and versions that SDM's do not know.

## Pass
The CRD is of no newer release than SDM's operator writes; or the label names a newer one than
the operator is for, or holds more than a number, such as `1.20.8-1`, which it never matches.

## Fail
The CRD is newer, and nothing keeps SDM's operator from replacing it.

## Unknown
Neither a schema nor a label tells which release the CRD is of; or the release of SDM's
operator could not be told, or is none that the facts know.

## Fix
Set the label to the release that the CRD is of; it must be newer than the operator's own. Or
give the CRDs back to upstream, whose are newer.
"""

from auditor.api import (
    COMPATIBILITY,
    CRD_CONTENTS,
    CRD_OWNERS,
    MANAGED_BY,
    SDM_REVISION,
    SDM_VALUE,
    Cluster,
    Label,
    Outcome,
    Ownership,
    Remedy,
    SaidVersion,
    Severity,
    Version,
    facts_date,
    istio_crds,
    release_of,
    rule,
    told,
)


@rule(
    id="crd-downgrade-guard",
    family="crd",
    severity=Severity.WARNING,
    over=istio_crds,
    reads=[COMPATIBILITY, CRD_CONTENTS, CRD_OWNERS],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/internal/components/base/reconcile.go",
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/pkg/k8sutil/resourceversion.go",
    ],
)
def crd_downgrade_guard(owned: Ownership, cluster: Cluster) -> Outcome:
    mark, label = owned.crd.label(MANAGED_BY), owned.crd.label(SDM_REVISION)
    if mark.value != SDM_VALUE:
        return Outcome.not_applicable("it does not bear the mark of SDM's operator", mark)
    said = cluster.model(COMPATIBILITY).versions_of_sdm()
    operator = said.where(lambda it: not guarded(label.value, it.known)).first()
    if operator:
        return overwriting(owned, operator, cluster)
    if said:
        return Outcome.passed("its label keeps SDM's operator from replacing it", mark, label)
    return Outcome.not_applicable("there is no control plane of SDM", mark)


def overwriting(owned: Ownership, operator: SaidVersion, cluster: Cluster) -> Outcome:
    """An operator that may write the CRD: it had better take nothing from it."""
    release = release_of(operator.version)
    if release is None:
        text = f"{operator.text} is no release of Istio known on {facts_date()}"
        return Outcome.unknown(text, operator.field)
    content = cluster.model(CRD_CONTENTS).of(owned.crd)
    if not content.releases:
        return Outcome.unknown("it is of no known release of Istio", content.field)
    mark, label = owned.crd.label(MANAGED_BY), owned.crd.label(SDM_REVISION)
    written, lost = cluster.model(COMPATIBILITY).lost_to_sdm(content, release)
    if not lost:
        text = f"SDM's operator takes nothing from it with its own of {written}"
        return Outcome.passed(text, mark, content.field)
    guard = Label(owned.ref, SDM_REVISION, content.releases[0].number)
    return Outcome.failed(
        f"of {content.said}, it would lose {told(lost)} to SDM's operator, which may write"
        f" its own of {written}",
        mark,
        label,
        content.field,
        operator.field,
        remedies=[Remedy("tell SDM's operator that it is newer", (guard,))],
    )


def guarded(revision: object, operator: Version) -> bool:
    """Whether the label keeps an operator of this Istio from writing the CRD."""
    version = Version.parse(str(revision or ""))
    if version is None:
        return False  # what is no version counts as absent
    return bool(version.suffix) or not operator.is_since(version.minor_number, version.patch or 0)
