"""The steps that settle who owns an Istio CRD."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from auditor.facts.versions import Version
from auditor.models.crd_owners import (
    CHART,
    COMPONENT,
    HELM_NAMESPACE,
    MANAGED_BY,
    SDM_REVISION,
    SDM_VALUE,
    WRITTEN_VERSION,
    Owner,
    Ownership,
)
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
from auditor.remedy import Command, Label, Patch, Remedy, Step
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


def hand_to_sdm(owned: Ownership, all_crds: Iterable[Ownership]) -> Remedy:
    """How to give a CRD to SDM's operator.

    The label with the version keeps an older operator from replacing a newer CRD by its own:
    one without it is taken for one that may be updated (banzai istio-operator v2.17.4:
    pkg/k8sutil/resourceversion.go).
    """
    crd, all_crds = owned.crd, tuple(all_crds)
    steps = [*_without_helm(owned, all_crds), *_without_labels(crd), *_guard(crd)]
    steps.append(Label(crd.ref, MANAGED_BY, SDM_VALUE))
    return Remedy("hand it to SDM's operator", tuple(steps))


def _guard(crd: Obj) -> Iterator[Step]:
    """The label with the version that upstream wrote, where SDM's is older or not there."""
    written, ours = (
        [Version.parse(str(it.value)) for it in present([crd.label(key)])]
        for key in (WRITTEN_VERSION, SDM_REVISION)
    )
    if written and written[0] and (not ours or not ours[0] or _older(ours[0], written[0])):
        yield Label(crd.ref, SDM_REVISION, written[0].number)


def _older(one: Version, other: Version) -> bool:
    return (one.minor_number, one.patch or 0) < (other.minor_number, other.patch or 0)


def settled(owned: Ownership, all_crds: Iterable[Ownership]) -> list[Remedy]:
    """The ways to leave a CRD to one of those that claim it, the newest release's first.

    Only those by which all Istio CRDs have one owner.
    """
    all_crds = tuple(all_crds)
    elsewhere = [set(it.owners.so_far) for it in all_crds if it.ref != owned.ref]
    fitting = [it for it in owned.owners.so_far if all(it in others for others in elsewhere)]
    fitting.sort(key=lambda it: _age(owned, it))
    return [_left_to(owned, owner, all_crds) for owner in fitting]


def joined(owned: Ownership, all_crds: Iterable[Ownership]) -> list[Remedy]:
    """How a CRD joins the others where most of them belong to SDM's operator."""
    all_crds = tuple(all_crds)
    counted = Counter(chain.from_iterable(it.owners.so_far for it in all_crds))
    most, _ = counted.most_common(1)[0]
    unlike = most not in owned.owners.so_far
    return [hand_to_sdm(owned, all_crds)] if most == Owner(SDM) and unlike else []


def taken_from_sdm(all_crds: Iterable[Ownership]) -> Remedy:
    """How upstream takes the CRDs from SDM's operator, whose releases end with Istio 1.17."""
    marked = [it.crd.name for it in all_crds if Owner(SDM) in it.owners.so_far]
    names = " ".join(map(shlex.quote, marked))
    label = f"kubectl label crd {names} {MANAGED_BY}- {SDM_REVISION}-"
    off = Command("take SDM's mark off the CRDs, so that its operator leaves them alone", label)
    again = Command("install the upstream mesh again, with its CRDs")
    return Remedy("let the newer mesh own the CRDs", (off, again) if marked else (again,))


def _age(owned: Ownership, owner: Owner) -> int:
    """Orders the owners by the minor of their release, the newest first, unknown ones last."""
    version = Seen((owner,)).map(owned.release_by).so_far
    return -version[0].minor_number if version and version[0] else 0


def _left_to(owned: Ownership, owner: Owner, all_crds: tuple[Ownership, ...]) -> Remedy:
    if owner.installer == SDM:
        return hand_to_sdm(owned, all_crds)
    steps: list[Step] = []
    for other in owned.owners.so_far:
        if other.installer == SDM:
            steps += _without_sdm(owned.crd)
        elif other.installer == ISTIOCTL and owner.installer != ISTIOCTL:
            steps += _without_labels(owned.crd)
        elif other.installer == HELM and owner.installer != HELM:
            steps += _without_helm(owned, all_crds)
    return Remedy(f"leave it to {owner.said}", tuple(steps))


def _without_sdm(crd: Obj) -> Iterator[Step]:
    """The base chart of Istio 1.24 and newer sets `managed-by: Helm`, whoever renders it."""
    charted = any(str(it.value).startswith("base-") for it in present([crd.label(CHART)]))
    yield Label(crd.ref, MANAGED_BY, "Helm" if charted else None)
    for label in present([crd.label(SDM_REVISION)]):
        yield Label(crd.ref, str(label.path[-1]))


def _without_labels(crd: Obj) -> Iterator[Step]:
    for label in upstream_labels(crd).so_far:
        yield Label(crd.ref, str(label.path[-1]))


def _without_helm(owned: Ownership, all_crds: tuple[Ownership, ...]) -> Iterator[Step]:
    """What makes a Helm release let go of its CRDs, which its chart tells Helm to keep."""
    for owner in owned.owners.so_far:
        if owner.installer == HELM:
            namespace, _, release = owner.name.rpartition("/")
            names = ",".join(sorted(it.crd.name for it in all_crds if owner in it.owners.so_far))
            yield Command(
                f"take the CRDs out of the Helm release {owner.name}, which keeps them",
                f"helm upgrade {shlex.quote(release)} istio/base -n {shlex.quote(namespace)}"
                f" --reuse-values --set {shlex.quote('base.excludedCRDs={' + names + '}')}",
            )
    if annotations := helm_annotations(owned.crd).so_far:
        gone = {str(it.path[-1]): None for it in annotations}
        yield Patch(owned.crd.ref, {"metadata": {"annotations": gone}})
