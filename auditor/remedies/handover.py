"""The steps that settle who owns an Istio CRD."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.models.crd_choice import CRD_CHOICE
from auditor.models.crd_owners import (
    CHART,
    COMPONENT,
    CRD_OWNERS,
    HELM_NAMESPACE,
    MANAGED_BY,
    SDM_COPY,
    SDM_REVISION,
    SDM_VALUE,
    WRITTEN_VERSION,
    Owner,
    Ownership,
)
from auditor.models.crd_writers import last_writer
from auditor.models.installers import (
    HELM,
    HELM_RELEASE,
    ISTIOCTL,
    MANAGED,
    OWNING_NAMESPACE,
    OWNING_RESOURCE,
)
from auditor.models.istiod import SDM
from auditor.objects import Field, Obj
from auditor.remedies.operators import written_by_sdm
from auditor.remedy import Command, Label, Patch, Step
from auditor.seen import Seen

UPSTREAM_LABELS = (OWNING_NAMESPACE, OWNING_RESOURCE, MANAGED, COMPONENT)
"""The labels by which upstream's installers know their CRDs."""


def present(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Those of some fields that are there for certain."""
    return Seen(tuple(fields)).where(bool).so_far


def upstream_labels(crd: Obj) -> Seen[Field]:
    """The labels of upstream's installers that a CRD carries."""
    return Seen(UPSTREAM_LABELS).map(crd.label).where(bool)


def helm_annotations(crd: Obj) -> Seen[Field]:
    """The annotations that make a CRD part of a Helm release."""
    return Seen((HELM_RELEASE, HELM_NAMESPACE)).map(crd.annotation).where(bool)


def handed_to_sdm(owned: Ownership, cluster: Cluster) -> tuple[Step, ...]:
    """What gives a CRD to SDM's operator; nothing where it has it already.

    The label with the version keeps an older operator from replacing a newer CRD by its own:
    one without it is taken for one that may be updated (banzai istio-operator v2.17.4:
    pkg/k8sutil/resourceversion.go).
    """
    crd = owned.crd
    steps = [*without_helm(owned, cluster), *_without_labels(crd)]
    steps += () if cluster.model(CRD_CHOICE).sdm_is_newer else _guard(crd)
    if steps or owned.owners.so_far != (Owner(SDM),):
        steps.append(Label(crd.ref, MANAGED_BY, SDM_VALUE))
    if steps and _written_over(crd):
        steps += written_by_sdm(cluster)
    return tuple(steps)


def _written_over(crd: Obj) -> bool:
    """Whether a CRD that SDM's operator wrote was written by another since."""
    by_sdm = Seen((crd,)).where(lambda it: bool(it.annotation(SDM_COPY))).so_far
    writers = Seen(by_sdm).each(lambda it: filter(None, [last_writer(it)])).so_far
    return any(not writer.is_named_as_sdms for writer in writers)


def _guard(crd: Obj) -> Iterator[Step]:
    """The label with the version that upstream wrote, where SDM's is older or not there."""
    written, ours = (
        [Version.parse(str(it.value)) for it in present([crd.label(key)])]
        for key in (WRITTEN_VERSION, SDM_REVISION)
    )
    if written and written[0] and (not ours or not ours[0] or _older(ours[0], written[0])):
        yield Label(crd.ref, SDM_REVISION, written[0].number)


def _older(one: Version, other: Version) -> bool:
    return not one.is_since(other.minor_number, other.patch or 0)


def left_to(owned: Ownership, owner: Owner, cluster: Cluster) -> tuple[Step, ...]:
    """What takes the marks of every other installer off a CRD than those of one."""
    steps: list[Step] = []
    for other in owned.owners.so_far:
        if other.installer == SDM and owner.installer != SDM:
            steps += without_sdm(owned.crd)
        elif other.installer == ISTIOCTL and owner.installer != ISTIOCTL:
            steps += _without_labels(owned.crd)
        elif other.installer == HELM and owner.installer != HELM:
            steps += without_helm(owned, cluster)
    return tuple(steps)


def without_sdm(crd: Obj) -> Iterator[Step]:
    """What makes SDM's operator leave a CRD alone.

    The base chart of Istio 1.24 and newer sets `managed-by: Helm`, whoever renders it.
    """
    if any(it.value == SDM_VALUE for it in present([crd.label(MANAGED_BY)])):
        charted = any(str(it.value).startswith("base-") for it in present([crd.label(CHART)]))
        yield Label(crd.ref, MANAGED_BY, "Helm" if charted else None)
    for label in present([crd.label(SDM_REVISION)]):
        yield Label(crd.ref, str(label.path[-1]))


def _without_labels(crd: Obj) -> Iterator[Step]:
    for label in upstream_labels(crd).so_far:
        yield Label(crd.ref, str(label.path[-1]))


def without_helm(owned: Ownership, cluster: Cluster) -> Iterator[Step]:
    """What makes a Helm release let go of its CRDs, which its chart tells Helm to keep."""
    for owner in owned.owners.so_far:
        if owner.installer == HELM:
            yield let_go_by_helm(owner, owned, cluster)
    if annotations := helm_annotations(owned.crd).so_far:
        gone = {str(it.path[-1]): None for it in annotations}
        yield Patch(owned.crd.ref, {"metadata": {"annotations": gone}})


def let_go_by_helm(owner: Owner, owned: Ownership, cluster: Cluster) -> Command:
    """The upgrade of a base chart's release, to the version it has, that leaves its CRDs out."""
    namespace, _, release = owner.name.rpartition("/")
    all_crds = cluster.model(CRD_OWNERS).so_far
    names = ",".join(sorted(it.crd.name for it in all_crds if owner in it.owners.so_far))
    said = Seen((owned,)).map(lambda it: it.release_by(owner)).so_far
    return Command(
        f"take the CRDs out of the Helm release {owner.name}, which keeps them",
        f"helm upgrade {shlex.quote(release)} istio/base -n {shlex.quote(namespace)}"
        + "".join(f" --version {it.number}" for it in said if it)
        + f" --reuse-values --set {shlex.quote('base.excludedCRDs={' + names + '}')}",
    )
