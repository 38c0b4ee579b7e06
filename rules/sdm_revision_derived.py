"""An IstioControlPlane runs as the revision that is made of its name and namespace.

## Why
Where an IstioControlPlane runs as another revision than `<name>.<namespace>`, the namespaces
that SDM labels ask for a revision which no webhook answers to, and their pods start without
a sidecar.

## Pass
The variable REVISION of its istiod, the label `istio.io/rev` of the Deployment and of the
webhook, and the webhook's selectors all say `<name>.<namespace>`, dots in the name turned
to dashes. SDM's pages write `<istio-cr-name>` or `<icp-cr-name>`: both mean that name, and
none of them says that its dots become dashes.

## Fail
One of them says something else: somebody edited it, an overlay of the resource changes it,
or the IstioControlPlane is called `default`. That one runs as the plain revision `default`,
which an Istio without a revision has too, while the operator labels namespaces
`default.<namespace>`.

## Unknown
The Deployments of its namespace, or the webhooks, were not all seen.

## Fix
Set the labels right again, or let the operator write the object anew. Make one that is
called `default` again under another name, and move its namespaces.
"""

from auditor.api import (
    DEFAULT,
    DEPLOYMENT,
    INJECTORS,
    ISTIO_CONTROL_PLANE,
    MESHES,
    RENAMING,
    REVISION,
    Cluster,
    Command,
    Field,
    Injector,
    Label,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    control_planes,
    is_istiod,
    operator_revision,
    revision_field,
    rule,
)


def istio_control_planes(cluster: Cluster) -> Seen[Obj]:
    return cluster[ISTIO_CONTROL_PLANE]


@rule(
    id="sdm-revision-derived",
    family="injection",
    severity=Severity.ERROR,
    over=istio_control_planes,
    reads=[ISTIO_CONTROL_PLANE, DEPLOYMENT, INJECTORS, MESHES, RENAMING],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/api/v1alpha1/istiocontrolplane_types.go",
    ],
)
def sdm_revision_derived(icp: Obj, cluster: Cluster) -> Outcome:
    expected = operator_revision(icp)
    istiods = cluster.within(DEPLOYMENT, icp.namespace).where(lambda it: runs(it, icp))
    injectors = cluster.model(INJECTORS).where(lambda it: calls(it, icp))
    said = istiods.each(lambda it: (revision_field(it), it.label(REVISION)))
    said += injectors.map(lambda it: it.revision)
    wrong = said.where(lambda field: field.value != expected)
    if icp.name == DEFAULT and wrong:
        return called_default(icp, wrong, expected, cluster)
    if wrong:
        shown = tuple(dict.fromkeys(wrong.so_far))
        values = " and ".join(sorted({str(it.value or "nothing") for it in shown}))
        what = f"its revision is {expected}, but what runs says {values}"
        return Outcome.failed(what, *shown, remedies=ways(icp, shown, expected))
    if not said:
        return Outcome.not_applicable("it does not run", icp.at("spec", "mode"))
    answering = injectors.where(lambda it: it.answers_for(expected))
    if injectors and not answering:
        shown = tuple(it.webhook.at("namespaceSelector") for it in injectors.so_far)
        said_so = f"its webhook does not answer to {expected}"
        return Outcome.failed(said_so, *shown, remedies=[anew(icp, shown)])
    return Outcome.passed(f"runs as {expected}", *dict.fromkeys(said.so_far))


def runs(deployment: Obj, icp: Obj) -> bool:
    """Whether a Deployment is the istiod of an IstioControlPlane, by its owner or its name."""
    owners = deployment.at("metadata", "ownerReferences").each()
    owned = any(
        it.at("kind").value == icp.kind.name and it.at("name").value == icp.name for it in owners
    )
    return (owned or deployment.name == f"istiod-{icp.name}") and is_istiod(deployment)


def calls(injector: Injector, icp: Obj) -> bool:
    """Whether a webhook is that of an IstioControlPlane, active or passive, and no tag's."""
    service = injector.webhook.at("clientConfig", "service")
    names = (f"istiod-{icp.name}", f"istio-sidecar-injector-{icp.name}")
    here = injector.place == icp.namespace and service.at("name").value in names
    return here and not injector.tag


def called_default(icp: Obj, wrong: Seen[Field], expected: str, cluster: Cluster) -> Outcome:
    planes = control_planes(cluster).so_far  # advice
    mine = [it for it in planes if any(by.resource.ref == icp.ref for by in it.declared)]
    steps = [it for plane in mine for it in cluster.model(RENAMING).steps(plane)]
    remedies = [Remedy("give it a name of its own", tuple(steps))] if steps else []
    said = f"is called default: it runs as default, and SDM labels namespaces {expected}"
    return Outcome.failed(said, *dict.fromkeys(wrong.so_far), remedies=remedies)


def ways(icp: Obj, wrong: tuple[Field, ...], expected: str) -> list[Remedy]:
    if all(it.path[-1:] == (REVISION,) for it in wrong):
        labels = tuple(Label(it.ref, REVISION, expected) for it in wrong)
        return [Remedy("set its labels right", labels)]
    return [anew(icp, wrong)]


def anew(icp: Obj, wrong: tuple[Field, ...]) -> Remedy:
    refs = dict.fromkeys(it.ref for it in wrong)
    text = "take out what changes it, such as an overlay in `spec.k8sResourceOverlays`"
    first = Command(text, f"kubectl edit {icp.ref.target}")
    steps = (
        Command(f"see that the operator writes {it} anew", f"kubectl get {it.target} -o yaml")
        for it in refs
    )
    return Remedy("let the operator write it anew", (first, *steps))
