"""Every Istio object fits the schema that is installed for its kind.

## Why
An object that no longer fits cannot be changed any more: the API server refuses it at its
next write, be it of a label, and a roll-out stops there. A field that no schema knows is
dropped without a word; where it is kept, by a CRD that was never told to prune, istiod cannot
read the object, and a new one waits for that kind for ever.

## Pass
The schema knows every field of the object, each has a type and a value that it allows, what
it requires is there, and nothing is set together that excludes each other. Where the dump
has no schemas, those of the release count that the CRD's writer names. Patterns, rules in
CEL, and the length and format of texts are not judged.

## Fail
A field of the object does not fit, as after an upgrade of the CRDs to schemas that demand
more, which Istio's did in 1.20 to 1.24, or where another product wrote it. It is the object
that fails, whichever mesh reads it.

## Unknown
The objects of a kind, or its CRD, were not collected; the dump has neither its schema nor a
label that says which release it is of; or a part of the object was taken out.

## Fix
Take out what no schema knows, or mend the value, where the object is kept: in the
repository or chart that it comes from, else it comes back. Where a running mesh knows the
field, the schema is too old: let the installer of the newest mesh write the CRDs.
"""

import json
import shlex

from auditor.api import (
    CRD,
    CRD_CONTENTS,
    ISTIO_OBJECTS,
    UNKNOWN,
    Cluster,
    Command,
    Misfit,
    Obj,
    Outcome,
    Remedy,
    Severity,
    dotted,
    istio_objects,
    misfits_of,
    rule,
)

SHOWN = 3
"""So many of the fields that do not fit are quoted."""


@rule(
    id="crd-objects-accepted",
    family="crd",
    severity=Severity.WARNING,
    over=istio_objects,
    reads=[CRD, CRD_CONTENTS, ISTIO_OBJECTS],
    references=[
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema",
        "https://github.com/istio/istio/issues/27385",
    ],
)
def crd_objects_accepted(thing: Obj, cluster: Cluster) -> Outcome:
    crd = cluster.find(CRD, str(thing.kind))
    if crd is None:
        return Outcome.not_applicable("the CRD of its kind is not installed")
    content = cluster.model(CRD_CONTENTS).of(crd)
    found = misfits_of(thing, content)
    if not found:
        return Outcome.passed(f"it fits the schema of {content.said}", content.field)
    more = f", and there is more ({len(found) - 1})" if len(found) > 1 else ""
    return Outcome.failed(
        f"{dotted(found[0].path)} {found[0].said}{more}",
        *(thing.at(*it.path) for it in found[:SHOWN]),
        content.field,
        remedies=[mended(thing, found)],
    )


def mended(thing: Obj, found: tuple[Misfit, ...]) -> Remedy:
    """What nobody knows is taken out; what is wrong only a person can put right."""
    foreign = [it for it in found if it.what == UNKNOWN]
    wrong = [f"{dotted(it.path)}: it {it.said}" for it in found if it.what != UNKNOWN]
    right = f"put right, where {thing.ref} is kept too, {'; '.join(wrong)}"
    steps = [Command(right, f"kubectl edit {thing.ref.target}")] if wrong else []
    if foreign:
        places = ", ".join(dotted(it.path) for it in foreign)
        # the last of a list first: what is taken out moves all that comes after it
        patch = [{"op": "remove", "path": pointer(it)} for it in reversed(foreign)]
        command = (
            f"kubectl patch {thing.ref.target} --type json -p {shlex.quote(json.dumps(patch))}"
        )
        steps.append(Command(f"take {places} out, where {thing.ref} is kept too", command))
    return Remedy("make the object fit", tuple(steps))


def pointer(misfit: Misfit) -> str:
    """Its place as JSON Patch writes it (RFC 6901)."""
    steps = (str(it).replace("~", "~0").replace("/", "~1") for it in misfit.path)
    return "".join(f"/{step}" for step in steps)
