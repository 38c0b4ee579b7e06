"""The ways to one owner of the Istio CRDs, the same for every rule that asks, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.kinds import ISTIO_OPERATOR
from auditor.models.crd_choice import CRD_CHOICE, Choice
from auditor.models.crd_owners import (
    CRD_OWNERS,
    OSSM_VERSION,
    SDM_REVISION,
    Owner,
    Ownership,
    sdm_ships,
)
from auditor.models.crd_releases import BASE, Rendered
from auditor.models.crd_settings import said_by_operator
from auditor.models.declared import declared_namespace
from auditor.models.installers import HELM, INSTALLERS, ISTIOCTL
from auditor.models.istiod import OSSM, SDM
from auditor.models.meshes import Mesh
from auditor.models.operators import OPERATORS
from auditor.models.versions import VERSIONS
from auditor.objects import Obj
from auditor.remedies.crd_commands import by_file, by_ossm, spared_by, told_to_spare, written_by
from auditor.remedies.handover import handed_to_sdm, left_to, without_sdm
from auditor.remedies.into_helm import into_helm
from auditor.remedies.operators import written_by_sdm
from auditor.remedy import Command, Label, Remedy, Step
from auditor.seen import Seen

OWNING = (CRD_OWNERS, CRD_CHOICE, INSTALLERS, ISTIO_OPERATOR, OPERATORS)
"""What a rule reads that advises who should own the CRDs."""


def ways_to_one_owner(owned: Ownership, cluster: Cluster) -> list[Remedy]:
    """How a CRD comes to have the same owner as all others: it changes, or else the others do.

    Not upstream where SDM's Istio is newer and can own it: that mesh would lose fields.
    """
    all_crds, choice = cluster.model(CRD_OWNERS).so_far, cluster.model(CRD_CHOICE)
    owners = list(dict.fromkeys(chain.from_iterable(it.owners.so_far for it in all_crds)))
    of_sdm = Owner(SDM) in owners
    to_sdm = Remedy(_sdm_title(choice), _of_this_or_the_rest(owned, cluster))
    if of_sdm and choice.sdm_is_newer and choice.sdm_can_own and sdm_ships(owned.crd):
        return [to_sdm] if to_sdm.steps else []
    ways = [
        Remedy(_upstream_title(owner, of_sdm, choice), left_to(owned, owner, cluster))
        for owner in sorted(owners, key=lambda it: _age(it, all_crds))
        if owner.installer != SDM and all(owner in it.owners.so_far for it in all_crds)
    ]
    if of_sdm and not ways and (choice.sdm_is_older or not choice.sdm_can_own):
        ways.append(_taken_from_sdm((owned,), choice, cluster))
    if of_sdm and choice.sdm_can_own and sdm_ships(owned.crd):
        ways.insert(len(ways) if choice.sdm_is_older else 0, to_sdm)
    if not of_sdm and not ways and any(it.installer == OSSM for it in owners):
        ways = [_left_to_ossm(all_crds, cluster)]
    elif not of_sdm and not ways:
        ways = [into_helm(it, cluster) for it in owners if it.installer == HELM]
    return [it for it in ways if it.steps]


def _left_to_ossm(crds: Iterable[Ownership], cluster: Cluster) -> Remedy:
    """Its operator takes over whatever is no longer marked as another's."""
    ossm = next(
        it for owned in crds for it in owned.owners.so_far if it.installer == OSSM
    )  # whoever asks has seen one
    off = [step for owned in crds for step in left_to(owned, ossm, cluster)]
    writes = by_ossm(
        "keep the other installer from writing the CRDs; the operator of OpenShift Service Mesh 2 "
        "replaces what does not carry its label"
    )
    return Remedy(f"leave the CRDs to {ossm.said}", (*off, writes))


def _of_this_or_the_rest(owned: Ownership, cluster: Cluster) -> tuple[Step, ...]:
    """What gives a CRD to SDM's operator; of one that it has, what gives it all others."""
    if steps := handed_to_sdm(owned, cluster):
        return steps
    theirs = [it for it in cluster.model(CRD_OWNERS).so_far if sdm_ships(it.crd)]
    handed = [handed_to_sdm(it, cluster) for it in theirs]
    return _once(chain.from_iterable(handed))


def _once(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Each step where it comes first; those that hold a patch can be compared alone."""
    kept: list[Step] = []
    for step in steps:
        if step not in kept:
            kept.append(step)
    return tuple(kept)


def newest_owns(cluster: Cluster) -> list[Remedy]:
    """How the CRDs come to be those of the newest mesh, all of them at once."""
    all_crds, choice = cluster.model(CRD_OWNERS).so_far, cluster.model(CRD_CHOICE)
    if choice.sdm_is_newer:
        theirs = [it for it in all_crds if sdm_ships(it.crd)]
        handed = [handed_to_sdm(it, cluster) for it in theirs]
        steps = _once(chain.from_iterable(handed))
        if not steps:
            return []
        writes = written_by_sdm(cluster, hastens=True)
        waits = [it for it in writes if it.command not in {step.command for step in steps}]
        return [Remedy(_sdm_title(choice), (*_kept_away(cluster), *steps, *waits))]
    return [_taken_from_sdm(all_crds, choice, cluster)] if choice.sdm_is_older else []


def kept_from_writing(subject: Mesh | Obj, cluster: Cluster) -> list[Remedy]:
    """An installer that does not own the CRDs leaves them alone, or upstream gets them for good."""
    all_crds, choice = cluster.model(CRD_OWNERS).so_far, cluster.model(CRD_CHOICE)
    step = spared_by(subject, cluster)
    ways = [Remedy("keep its installer from writing the CRDs", (step,))]
    marked = [it for it in all_crds if it.crd.label(SDM_REVISION) or Owner(SDM) in it.owners.so_far]
    sdm_owns = choice.sdm_is_newer and choice.sdm_can_own
    if marked and not sdm_owns and all(Owner(ISTIOCTL) in it.owners.so_far for it in all_crds):
        title = _upstream_title(Owner(ISTIOCTL, said="upstream"), True, choice)
        off = [step for it in marked for step in without_sdm(it.crd)]
        ways.append(Remedy(title, tuple(off)))
    elif marked and not choice.sdm_is_newer:
        ways.append(_taken_from_sdm(all_crds, choice, cluster))
    if not choice.sdm_can_own and marked:
        return ways[1:]
    return ways[::-1] if choice.sdm_is_older else ways


def kept_from_rendering(rendered: Rendered, mesh: Mesh, cluster: Cluster) -> list[Remedy]:
    """The same for a Helm release, whose chart may be one that has Istio's charts inside.

    How that is told to leave the CRDs out, or where it comes from, nobody can tell from here.
    """
    release = rendered.release
    if release.chart.value == BASE:
        return kept_from_writing(mesh, cluster)
    given = _taken_from_sdm(cluster.model(CRD_OWNERS).so_far, cluster.model(CRD_CHOICE), cluster)
    again = f"upgrade Helm release {release.name} in {release.namespace} again, as it was installed"
    step = Command(f"{again}, and with --take-ownership")
    return [replace(given, steps=(*given.steps[:-1], step))]


def newest_writes(cluster: Cluster) -> list[Remedy]:
    """The same, until the schemas in the cluster are those of the newest mesh."""
    wait = Command("wait until the CRDs have been written, then audit again")
    return [Remedy(it.title, (*it.steps, wait)) for it in newest_owns(cluster)]


def written_again(mesh: Mesh, version: Version, cluster: Cluster) -> Remedy:
    """How a CRD that a mesh lacks comes to be there: its installer writes it."""
    title = "let the installer of the mesh write it"
    if mesh.family == SDM:
        return Remedy(title, written_by_sdm(cluster))
    return Remedy(title, (written_by(mesh, version, cluster),))


def taken_back(cluster: Cluster) -> list[Remedy]:
    """How CRDs of upstream's that SDM's operator wrote over come to be those of their owner."""
    choice = cluster.model(CRD_CHOICE)
    if not choice.mesh or not choice.upstream:
        return []
    step = written_by(choice.mesh, choice.upstream, cluster)
    return [Remedy("let its owner write it again", (step,))]


def _kept_away(cluster: Cluster) -> tuple[Step, ...]:
    """What keeps those who act upon IstioOperators from writing the CRDs again, before all else."""

    def version(resource: Obj) -> Version | None:
        return Version.parse(str(resource.at("spec", "tag").value or ""))

    def may_write(resource: Obj) -> bool:
        return not said_by_operator(resource.at("spec"), version(resource)).spares

    def told(resource: Obj) -> Step:
        namespace = str(declared_namespace(resource).value)
        return told_to_spare(resource, namespace, version(resource))

    return cluster[ISTIO_OPERATOR].where(may_write).map(told).so_far


def _taken_from_sdm(crds: Iterable[Ownership], choice: Choice, cluster: Cluster) -> Remedy:
    """Upstream's installer writes the CRDs again, once SDM's operator lets go of them."""
    steps: list[Step] = []
    for owned in crds:
        if Owner(SDM) in owned.owners.so_far:
            steps += without_sdm(owned.crd)
    if choice.mesh and choice.upstream:
        steps.append(written_by(choice.mesh, choice.upstream, cluster))
    elif choice.upstream:
        steps.append(by_file(f"write the CRDs of Istio {choice.upstream}", choice.upstream))
    reason = "is the newest" if choice.sdm_can_own else "cannot run on SDM's CRDs"
    return Remedy(
        f"give the CRDs to upstream, whose Istio {choice.upstream} {reason}", tuple(steps)
    )


def _sdm_title(choice: Choice) -> str:
    title = "hand the CRDs to SDM's operator"
    if choice.sdm_is_newer:
        return f"{title}, whose Istio {choice.sdm} is the newest"
    if choice.sdm_is_older:
        return f"{title}, though its Istio {choice.sdm} is older than {choice.upstream}"
    return title


def _upstream_title(owner: Owner, of_sdm: bool, choice: Choice) -> str:
    title = f"leave the CRDs to {owner.said}"
    if of_sdm and not choice.sdm_can_own:
        return f"{title}, whose Istio {choice.upstream} cannot run on SDM's CRDs"
    if of_sdm and choice.sdm_is_older:
        return f"{title}, whose Istio {choice.upstream} is the newest"
    return title


def _age(owner: Owner, all_crds: Iterable[Ownership]) -> int:
    """Orders the owners by the minor of their release, the newest first, unknown ones last."""
    said = Seen(tuple(all_crds)).map(lambda it: it.release_by(owner)).so_far
    return -max((it.minor_number for it in said if it), default=0)


def hidden_from_ossm(mesh: Mesh, crds: Iterable[Ownership], cluster: Cluster) -> list[Remedy]:
    """CRDs labelled as its operator labels its own: it takes them for its own, until it is newer.

    For rules that read VERSIONS. By what was seen.
    """
    said = Seen(mesh.control_planes).each(cluster.model(VERSIONS).of).so_far
    if not said:
        return []
    steps = tuple(Label(it.ref, OSSM_VERSION, said[0].text) for it in crds)
    return [Remedy(f"hide the CRDs from the operator of {mesh.id}, until it is upgraded", steps)]
