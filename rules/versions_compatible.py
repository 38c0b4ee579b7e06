"""Each mesh can run on the Istio CRDs as their owner installs them.

## Why
A control plane never becomes ready where an API version that it reads is not served, and
on older CRDs the fields that they do not know are dropped without a word when an object
is written. All meshes of a cluster share one copy of the CRDs.

## Pass
Every version that the mesh's release reads is served, and the installed schemas keep all
that it knows, as those of its own and of newer releases do. Where the dump has no schemas,
the label of their owner tells which release they are of, else what the owner's mesh runs. Of
istioctl and Helm, where both have marked them, it is the one who wrote last.
Nothing is assumed: the vendor's page speaks of SDM with Istio 1.13, and its own sample
runs 1.15.3. A schema of no release, as another product may bring, is compared all the same.

## Fail
A version is not served that the mesh reads, as happens to Istio 1.24 and newer, which
read `v1`, on the CRDs of SDM; or a kind has another scope. A warning where the mesh runs
and loses fields, values or versions: on the schemas that are installed, whatever their
labels say; on those of an older release that their owner puts there when it writes them
again; and, where neither a schema nor an owner is there, on those of each other mesh. SDM's
takes nothing away there: its operator leaves CRDs alone that are not marked as its own.

## Unknown
A release is not among those that the facts list: a newer one, a build from a branch, a
digest, or the number of another product that embeds istiod. Or a part of a schema was
cut from the dump: the labels say who wrote it, not what became of it.

## Fix
Let the mesh of the newest Istio own the CRDs: newer CRDs do no harm to older ones, except
where an object breaks a rule that came later. Else move the mesh to a release that the
owner's CRDs know, one minor at a time in place, two by a canary.
"""

from auditor.api import (
    COMPATIBILITY,
    MESHES,
    OWNING,
    Cluster,
    Command,
    Field,
    Meeting,
    Mesh,
    Obj,
    Outcome,
    Remedy,
    Severity,
    Weight,
    common_releases,
    facts_date,
    istio_crds,
    meshes,
    newest_owns,
    newest_writes,
    release_of,
    rule,
    served_versions,
    told,
    written_again,
)


@rule(
    id="versions-compatible",
    family="versions",
    severity=Severity.ERROR,
    over=meshes,
    reads=[MESHES, *OWNING, COMPATIBILITY],
    references=[
        "https://istio.io/latest/docs/releases/supported-releases/",
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/",
    ],
)
def versions_compatible(mesh: Mesh, cluster: Cluster) -> Outcome:
    if not mesh.runs:
        return Outcome.not_applicable(f"{mesh.id} does not run")
    if not istio_crds(cluster):
        return Outcome.not_applicable("there are no Istio CRDs")
    compatibility = cluster.model(COMPATIBILITY)
    versions = compatibility.versions_of(mesh)
    met = compatibility.meetings(mesh)
    if stopped := met.where(lambda it: it.weight is Weight.STOPS):
        return stopped_by(mesh, stopped.so_far, cluster)
    if losing := met.where(lambda it: it.weight is Weight.LOSES):
        return lossy(mesh, losing.so_far, cluster)
    readers = versions.where(lambda it: not release_of(it.version))
    contents = met.each(lambda it: [it.content] if it.content else [])
    for said in (*readers, *contents):
        text = f"{said.text} is no release of Istio known on {facts_date()}"
        return Outcome.unknown(text, said.field)
    known = ", ".join(dict.fromkeys(str(said.version) for said in versions))
    return Outcome.passed(f"Istio {known} can run on the CRDs", *(it.field for it in versions))


def stopped_by(mesh: Mesh, met: tuple[Meeting, ...], cluster: Cluster) -> Outcome:
    """What it reads is not served, or is of another kind or scope: it never becomes ready."""
    by_name = {it.owned.crd.name: it for it in met}
    names = list(by_name)
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    versions = ", ".join(sorted({it.read_as for it in met} - {""}))
    said = f"needs {versions} of {names[0]}{more}: not served"
    if not versions:
        said = f"cannot read {names[0]}{more}: of another kind or scope"
    return Outcome.failed(
        f"Istio {met[0].reader.version} {said}",
        met[0].reader.field,
        *(it.content.field if it.content else served(it.owned.crd) for it in by_name.values()),
        remedies=brought_together(mesh, met, cluster),
    )


def served(crd: Obj) -> Field:
    """The names of the versions that a CRD serves, in the place that lists them."""
    return crd.at("spec", "versions").holding(list(served_versions(crd)))


def lossy(mesh: Mesh, met: tuple[Meeting, ...], cluster: Cluster) -> Outcome:
    """What it loses on the CRDs, or would lose on those that another mesh would install."""
    certain = tuple(it for it in met if it.content and it.content.certain)
    told_of = certain or met
    reader, contents = met[0].reader, [it.content for it in told_of if it.content]
    loses = "loses" if certain else "would lose"
    lost = told(change for it in told_of for change in it.changes)
    return Outcome.failed(
        f"Istio {reader.version} {loses} {lost} on CRDs of {common_releases(contents)}",
        *dict.fromkeys((reader.field, *(it.field for it in contents))),
        remedies=brought_together(mesh, told_of, cluster),
        severity=Severity.WARNING,
    )


def brought_together(mesh: Mesh, met: tuple[Meeting, ...], cluster: Cluster) -> tuple[Remedy, ...]:
    """The newer mesh owns the CRDs, or the two come to one release.

    Where a schema is not what its owner writes, it is enough that it is written again.
    """
    owns = newest_writes(cluster) if any(it.on_schema for it in met) else newest_owns(cluster)
    if all(it.passing for it in met) and (version := met[0].reader.version):
        return tuple(owns) or (written_again(mesh, version, cluster),)
    said = f"upgrade the CRDs' owner to the minor of {met[0].reader.version}, or move"
    said += f" {mesh.id} to the owner's release: one minor at a time in place, two by a canary"
    together = Remedy("bring the releases together", (Command(said),))
    return (*owns, together)
