"""Each istiod issues from the root that the Secret of its CA holds today.

## Why
A running istiod does not take a new root when its Secret changes. It goes on with the old one
until somebody restarts it or its node goes down: then, at a time that nobody chose, all new
certificates come from a root that neither its own workloads nor the other mesh accept.

## Pass
What istiod publishes, in its ConfigMap and the caBundle of its webhooks, is the root that its
Secret issues from: `cacerts`, or `istio-ca-secret` where nothing is plugged in. A renewed root
with the same key is the same. Where several roots are published, istiod must have read the
Secret since its last change: since Istio 1.18 it reads a new intermediate by itself.

## Fail
What it publishes does not hold the root of its Secret.

## Unknown
The Secret was not collected, or its key or a certificate was left out; what istiod publishes
was not seen, or does not agree; it serves with a certificate of another CA, so that what it
publishes says nothing; or it publishes several roots, and nothing tells whether it has read its
Secret since the last change.

## Fix
Decide which of the two roots shall stay. To take the new one, first let everybody accept both:
both in `root-cert.pem`, and the new one in `caCertificates` of the other mesh. Then restart
istiod, and at last the workloads.
"""

from auditor.api import (
    CA_IN_USE,
    PLUGGED_IN,
    RESTARTING,
    RUNNING_MESHES,
    Certificate,
    Cluster,
    ControlPlane,
    Field,
    Outcome,
    RootPlace,
    Seen,
    Severity,
    rule,
    running_control_planes,
    unplugged,
)


@rule(
    id="istiod-root-current",
    family="control-plane",
    severity=Severity.WARNING,
    over=running_control_planes,
    reads=[RUNNING_MESHES, CA_IN_USE, RESTARTING],
    references=[
        "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
        "https://istio.io/latest/docs/ops/configuration/security/root-transition/",
    ],
)
def istiod_root_current(plane: ControlPlane, cluster: Cluster) -> Outcome:
    ca = cluster.model(CA_IN_USE)
    if not plane.runs:
        return Outcome.not_applicable("it does not run in this cluster")
    if others := ca.other_authority(plane):
        return Outcome.not_applicable("another CA signs for its workloads", *others.so_far)
    held, served = ca.held(plane), ca.served(plane)
    if not held:
        said = "no Secret of its CA is there: its CA comes from elsewhere, or is made anew"
        return Outcome.unknown(said, *shown(served))
    roots = {it.key: it for place in held for it in place.issuing}
    if len(roots) > 1:
        said = "its Secrets do not tell which root it issues from once it starts anew"
        return Outcome.unknown(said, *shown(held + served))
    [root] = roots.values()
    return compared(root, held, served, plane, cluster)


def compared(
    root: Certificate,
    held: Seen[RootPlace],
    served: Seen[RootPlace],
    plane: ControlPlane,
    cluster: Cluster,
) -> Outcome:
    fields = (root.shown, *shown(served))
    lacking = served.where(lambda it: root.key not in it.keys)
    if lacking.so_far and len(lacking.so_far) < len(served.so_far):
        return Outcome.unknown("what it publishes does not agree on one root", *fields)
    if lacking and not all(place.exact for place in held):
        return Outcome.unknown("Secret cacerts is not whole, or its key was left out", *fields)
    if lacking:
        return waiting(root, served, plane, cluster)
    if all(len(place.keys) == 1 for place in served):
        return Outcome.passed("it issues from the root that its Secret holds", *fields)
    whole = {key for place in held for key in place.keys}
    alike = all(place.keys == whole for place in served)
    if alike and cluster.model(CA_IN_USE).has_read(plane, root):
        return Outcome.passed("it has read the root that its Secret holds", *fields)
    said = "it publishes several roots, and may issue from another until it starts anew"
    return Outcome.unknown(said, *fields)


def waiting(
    root: Certificate, served: Seen[RootPlace], plane: ControlPlane, cluster: Cluster
) -> Outcome:
    ca, fields = cluster.model(CA_IN_USE), (root.shown, *shown(served))
    if ca.serves_with_another(plane):
        return Outcome.unknown("it may serve with a certificate of another CA", *fields)
    published = [it for place in served.so_far for it in place.certificates]
    remedies = [cluster.model(RESTARTING).taken(plane, ca.mesh_of(plane), root, published)]
    self_made = {it.key for it in ca.self_made(plane).so_far}
    is_plugged_in = root.field.ref.name == PLUGGED_IN
    if is_plugged_in and self_made.issuperset(it.key for it in published):
        remedies.append(unplugged(plane))
    when = "when it starts anew" if is_plugged_in else "within the hour, or when it starts anew"
    said = f"it does not issue from the root that its Secret holds; it will {when}"
    return Outcome.failed(said, *fields, remedies=remedies)


def shown(places: Seen[RootPlace]) -> tuple[Field, ...]:
    found = (it.shown for place in places.so_far for it in place.certificates)
    return tuple(dict.fromkeys(found))
