"""How all Istio CRDs come into one Helm release of the base chart."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.models.crd_owners import CRD_OWNERS, HELM_NAMESPACE, MANAGED_BY, Owner, Ownership
from auditor.models.installers import HELM, HELM_RELEASE
from auditor.remedies.handover import let_go_by_helm, upstream_labels
from auditor.remedy import Command, Label, Patch, Remedy, Step
from auditor.seen import Seen


def into_helm(owner: Owner, cluster: Cluster) -> Remedy:
    """The other releases leave them out, the marks change, and the release writes them all."""
    all_crds = cluster.model(CRD_OWNERS).so_far
    steps: dict[Step, None] = {}
    for owned in all_crds:
        others = [it for it in owned.owners.so_far if it.installer == HELM and it != owner]
        steps |= dict.fromkeys(let_go_by_helm(it, owned, cluster) for it in others)
    marks = [step for owned in all_crds for step in _marked(owned, owner)]
    writes = _written(owner, all_crds)
    return Remedy(f"keep all CRDs in {owner.said}", (*steps, *marks, writes))


def _marked(owned: Ownership, owner: Owner) -> Iterator[Step]:
    """What makes a CRD one of a release, to Helm."""
    if owned.owners.so_far == (owner,):
        return
    for label in upstream_labels(owned.crd).so_far:
        yield Label(owned.ref, str(label.path[-1]))
    if owned.crd.label(MANAGED_BY).held != "Helm":
        yield Label(owned.ref, MANAGED_BY, "Helm")
    namespace, _, release = owner.name.rpartition("/")
    marks = {HELM_RELEASE: release, HELM_NAMESPACE: namespace}
    yield Patch(owned.ref, {"metadata": {"annotations": marks}})


def _written(owner: Owner, all_crds: tuple[Ownership, ...]) -> Command:
    namespace, _, release = owner.name.rpartition("/")
    its = Seen(all_crds).where(lambda it: owner in it.owners.so_far)
    said = its.map(lambda it: it.release_by(owner)).so_far
    command = f"helm upgrade {shlex.quote(release)} istio/base -n {shlex.quote(namespace)}"
    command += "".join(f" --version {it.number}" for it in said[:1] if it)
    return Command(f"let {owner.said} write them", f"{command} --reuse-values")
