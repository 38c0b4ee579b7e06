"""Every revision and every tag belongs to one mesh.

## Why
Where two meshes answer to one value of `istio.io/rev`, pods that ask for it are rejected
or land in the wrong mesh. Both inject, both write their certificate into the other's
webhook, and each reads the Istio objects that were meant for the other.

## Pass
The revision, or the tag, is that of one mesh, and it is not `default` beside another
mesh. Several revisions of one mesh, as in a canary upgrade, are as they should be.

## Fail
Two meshes have the same revision, or a tag of one is called like a revision or a tag of
the other, whether they run or are only declared. An IstioControlPlane that is called
`default` runs as the plain revision `default`, and so does every Istio that was
installed without a revision. Two IstioControlPlanes of one namespace whose names differ
by a dot and a dash make one revision: dots become dashes. As a warning: a mesh without a
revision beside another one. Its `default` is still unique, but it takes every namespace
that says `istio-injection=enabled` and every pod that says
`sidecar.istio.io/inject: "true"`.

## Unknown
Not everything was read that could hold the same revision or tag.

## Fix
Take away the tag, or install the control plane a second time under a revision of its
own, move its namespaces, and remove the first. A revision cannot be renamed in place.
"""

from collections.abc import Iterator
from itertools import permutations

from auditor.api import (
    DEFAULT,
    MESHES,
    RENAMING,
    REVISIONS,
    SDM,
    Cluster,
    Command,
    ControlPlane,
    Outcome,
    Remedy,
    Revision,
    RevisionClaim,
    Seen,
    Severity,
    moved_first,
    revisions_and_tags,
    rule,
)


@rule(
    id="revisions-distinct",
    family="injection",
    severity=Severity.ERROR,
    over=revisions_and_tags,
    reads=[MESHES, REVISIONS, RENAMING],
    references=[
        "https://istio.io/latest/docs/setup/install/multiple-controlplanes/",
        "https://istio.io/latest/docs/setup/upgrade/canary/",
    ],
)
def revisions_distinct(revision: Revision, cluster: Cluster) -> Outcome:
    claims = cluster.model(REVISIONS).where(lambda it: it.name == revision.name)
    first = claims.so_far[0]
    if other := claims.where(lambda it: it.owner != first.owner).first():
        said = f"is claimed by {first.owner} and by {other.owner}"
        return failing(said, (first, other), claims, cluster)
    resources = claims.where(lambda it: it.field.ref.kind == "IstioControlPlane")
    for one, two in permutations(resources, 2):
        if one.field.ref != two.field.ref:
            said = f"is made by two resources of {first.owner}"
            return failing(said, (one, two), claims, cluster)

    beside = cluster.model(MESHES).where(lambda mesh: mesh.id != first.owner).first()
    if beside is None:
        return Outcome.not_applicable(f"{first.owner} is the only mesh", first.field)
    unset = claims.where(lambda it: not it.is_tag and it.name == DEFAULT).first()
    if unset:
        said = f"{first.owner} has no revision of its own, beside {beside.id}"
        return failing(said, (unset,), claims, cluster, Severity.WARNING)
    return Outcome.passed(
        f"is {'a tag' if first.is_tag else 'a revision'} of {first.owner} alone", first.field
    )


def failing(
    said: str,
    shown: tuple[RevisionClaim, ...],
    claims: Seen[RevisionClaim],
    cluster: Cluster,
    severity: Severity | None = None,
) -> Outcome:
    owners = {claim.owner for claim in claims.so_far}
    # What declares a tag makes its webhook anew, and comes last here.
    tags = {claim.owner: claim for claim in claims.so_far if claim.is_tag}
    remedies = [
        *(without(claim) for claim in tags.values() if len(owners) > 1),
        *(renamed(plane, cluster) for plane in planes(shown, cluster)),
    ]
    fields = [claim.field for claim in shown]
    return Outcome.failed(said, *fields, remedies=remedies, severity=severity)


def planes(shown: tuple[RevisionClaim, ...], cluster: Cluster) -> Iterator[ControlPlane]:
    """The control planes whose revision it is, upstream's first: theirs can be chosen freely."""
    owners = {claim.owner for claim in shown if not claim.is_tag}
    meshes = [mesh for mesh in cluster.model(MESHES).so_far if mesh.id in owners]
    for mesh in sorted(meshes, key=lambda it: it.family == SDM):
        yield from (it for it in mesh.control_planes if it.revision == shown[0].name)


def without(claim: RevisionClaim) -> Remedy:
    """A tag that is an object of its own is deleted; one in the values of another is taken out."""
    is_object = claim.field.path[0] == "metadata"
    said = "delete the tag" if is_object else f"take the tag out of {claim.field.ref}"
    command = f"kubectl {'delete' if is_object else 'edit'} {claim.field.ref.target}"
    return Remedy(
        f"drop the tag of {claim.owner}", (*moved_first(claim.name), Command(said, command))
    )


def renamed(plane: ControlPlane, cluster: Cluster) -> Remedy:
    steps = cluster.model(RENAMING).steps(plane)
    title = f"give {plane.family}.{plane.namespace} a revision of its own"
    return Remedy(title, tuple(steps))
