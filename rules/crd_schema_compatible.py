"""The installed schemas keep all that a running control plane's release knows.

## Why
When an object is written, the API server drops every field that the installed schema does
not know, without a word, and refuses values and types that it does not list: a mesh whose
release is newer than the CRDs never sees what its users asked for.

## Pass
The schema in the cluster has every field, type and value of each release that runs.
Where the dump has no schemas, the release that the CRD's writer says it is of decides.

## Fail
A field, or a value of an enumeration, is missing that a running release has: a warning.
An error where the kind, the scope or the type of a field is another one; and for each
object that uses what is missing, by its own fields or by the copy that `kubectl apply` left
on it, which shows what was dropped when it was written. What newer schemas demand in
addition is no loss: it depends on the objects.

## Unknown
The dump has no schemas, and no label of the last writer says which release the CRD is of;
a release that runs is none that the facts know; or a schema lacks something, and the
objects of its kind were not collected, so that nobody can say which of them use it.

## Fix
Let the installer of the newest mesh write the CRDs; `mesh-auditor crds FROM TO` lists what
is lost. Then write the objects anew that use it: what was dropped is not in the cluster
any more. An older mesh loses nothing on newer CRDs.
"""

from typing import Any

from auditor.api import (
    BREAKS,
    CRD_CONTENTS,
    CRD_NEEDS,
    LOSING_OBJECTS,
    OWNING,
    Change,
    Cluster,
    Command,
    LosingObject,
    Loss,
    NeededCrd,
    Outcome,
    Reader,
    Remedy,
    Seen,
    Severity,
    installed_crds_that_are_read,
    newest_writes,
    rule,
    told,
    written_again,
)

WHERE: dict[str, tuple[str, ...]] = {
    "scope_changed": ("scope",),
    "kind_changed": ("names", "kind"),
}


def schemas_that_are_read(cluster: Cluster) -> Seen[Any]:
    crds: Seen[Any] = installed_crds_that_are_read(cluster)
    return crds + cluster.model(LOSING_OBJECTS)


@rule(
    id="crd-schema-compatible",
    family="crd",
    severity=Severity.ERROR,
    over=schemas_that_are_read,
    reads=[CRD_CONTENTS, CRD_NEEDS, LOSING_OBJECTS, *OWNING],
    references=[
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning",
        "https://istio.io/latest/docs/releases/supported-releases/",
    ],
)
def crd_schema_compatible(subject: NeededCrd | LosingObject, cluster: Cluster) -> Outcome:
    if isinstance(subject, LosingObject):
        return of_an_object(subject, cluster)
    [crd] = subject.found
    contents = cluster.model(CRD_CONTENTS)
    content = contents.of(crd)
    losing = subject.readers.where(lambda it: contents.lost_by(it.release, content))
    if losing:
        reader = max(losing.so_far, key=lambda it: len(contents.lost_by(it.release, content)))
        lost = contents.lost_by(reader.release, content)
        broken = next((it for it in lost if it.what in BREAKS), None)
        return Outcome.failed(
            differing(broken, reader) if broken else losing_some(lost, reader),
            crd.at("spec", *WHERE[broken.what]) if broken and not broken.path else content.field,
            reader.said.field,
            remedies=with_the_newest_schema(reader, cluster),
            severity=None if broken else Severity.WARNING,
        )
    return Outcome.passed(f"of {content.said}, it has all that is read", content.field)


def with_the_newest_schema(reader: Reader, cluster: Cluster) -> list[Remedy]:
    ways = newest_writes(cluster)
    return ways or [written_again(reader.mesh, reader.release.version, cluster)]


def of_an_object(losing: LosingObject, cluster: Cluster) -> Outcome:
    """An object that uses what is missing: the schemas first, then it must be written anew."""
    ways = with_the_newest_schema(losing.reader, cluster)
    if losing.how is Loss.GONE:
        said = f"write {losing.ref} again from where it is kept, with {losing.path}"
        again = Command(said, f"kubectl edit {losing.ref.target}")
        ways = [Remedy(it.title, (*it.steps, again)) for it in ways]
    return Outcome.failed(
        f"{losing.path} {losing.how}: Istio {losing.reader.said.version} knows it,"
        f" and the schema of {losing.content.said} does not",
        losing.place,
        losing.content.field,
        losing.reader.said.field,
        remedies=ways,
    )


def differing(change: Change, reader: Reader) -> str:
    place = f" of {change.path}" if change.path else ""
    word = change.what.removesuffix("_changed")
    return f"the {word}{place} is not the one that Istio {reader.said.version} knows"


def losing_some(lost: tuple[Change, ...], reader: Reader) -> str:
    example = next((it.path for it in lost if it.path), "")
    return f"Istio {reader.said.version} loses {told(lost)}, such as {example}"
