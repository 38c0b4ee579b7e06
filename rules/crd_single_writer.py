"""No mesh writes Istio CRDs that another one owns.

## Why
The next run of an installer that was not told to leave the CRDs alone replaces the API
that the other mesh runs on, by force, and fields of objects are dropped or versions go.

## Pass
The settings of every mesh that does not own the CRDs keep its installer from writing
them, as its release reads them: until Istio 1.23 `base.enableIstioConfigCRDs: false`, from
1.24 on all names in `base.excludedCRDs`, at any release no base component. Or it owns them
alone, or has never written them. SDM's operator writes only CRDs with its own mark, and
Helm until 1.23 leaves alone what is there.

## Fail
Nothing keeps it from writing them, or only what its release does not heed: the text
`"false"`; `enableIstioConfigCRDs` from 1.24 on, where the vendor's advice does nothing;
`enableCRDTemplates`; a list that leaves names out. Or its settings were not kept, and it
did write CRDs that another one owns, or that SDM's operator wrote before. The operator of
OpenShift Service Mesh 2 replaces each CRD without its label `maistra-version`, whoever owns
it. Or its Helm release still has CRDs in its manifest that were given to another: Helm writes
them again at the next upgrade, and deletes them once its chart leaves them out, unless they
carry `helm.sh/resource-policy: keep`.

## Unknown
The settings, the custom resources or the owners of the CRDs could not be read; or only a
Helm release could tell, and Secrets were not.

## Fix
Set what the release of the installer heeds, and only then give the CRDs to whom they
belong. istioctl forgets its options: from 1.21 to 1.25 it keeps no record of them, so
that each run needs them again. Istio 1.24 and newer cannot run on SDM's CRDs: there
upstream must own them. Nor does anything read the IstioOperator there that the vendor's
page applies to the cluster: its settings go to `istioctl install`.
"""

from typing import Any

from auditor.api import (
    CRD_WRITING,
    HELM,
    INSTALLERS,
    ISTIO,
    ISTIO_OPERATOR,
    ISTIOCTL,
    OSSM,
    OSSM_VERSION,
    OWNING,
    RUNNING_MESHES,
    SAIL,
    SDM,
    VERSIONS,
    Cluster,
    Field,
    Mesh,
    Obj,
    Outcome,
    Said,
    Seen,
    Severity,
    hidden_from_ossm,
    istio_crds,
    kept_from_rendering,
    kept_from_writing,
    rule,
    running_meshes,
    taken_back,
)


def meshes_or_their_custom_resources(cluster: Cluster) -> Seen[Any]:
    resources: Seen[Any] = cluster[ISTIO_OPERATOR]
    return resources + running_meshes(cluster)


@rule(
    id="crd-single-writer",
    family="crd",
    severity=Severity.ERROR,
    over=meshes_or_their_custom_resources,
    reads=[CRD_WRITING, ISTIO_OPERATOR, RUNNING_MESHES, VERSIONS, *OWNING],
    references=[
        "https://github.com/istio/istio/blob/1.30.3/manifests/charts/base/values.yaml",
        "https://github.com/istio/istio/blob/1.23.6/operator/pkg/helm/helm.go",
        "https://github.com/maistra/istio-operator/blob/maistra-2.5/pkg/bootstrap/crds.go",
    ],
)
def crd_single_writer(subject: Mesh | Obj, cluster: Cluster) -> Outcome:
    writing = cluster.model(CRD_WRITING)
    if isinstance(subject, Obj) and not writing.follows(subject):
        return Outcome.not_applicable("no operator follows it", subject.at("kind"))
    party = writing.party_of(subject)
    if not writing.other_mesh(party) or not istio_crds(cluster):
        return Outcome.not_applicable("no other mesh runs on Istio CRDs here")
    if isinstance(subject, Obj):
        return by_settings(subject, writing.said_by(subject, party), cluster)
    judge = of_upstream if subject.family == ISTIO else of_an_operator
    return judge(subject, cluster)


def of_upstream(mesh: Mesh, cluster: Cluster) -> Outcome:
    """A mesh without a custom resource: what its installer kept, else what it wrote, tells."""
    writing = cluster.model(CRD_WRITING)
    if resource := writing.configured_by(mesh):
        return Outcome.not_applicable(f"{resource.ref} configures it")
    installers = Seen(mesh.control_planes).each(cluster.model(INSTALLERS).of)
    installer = next((it.name for it in installers), "")
    if installer == SAIL:
        return Outcome.not_applicable("its CRDs come with Sail's operator")
    if installer == ISTIOCTL and (said := writing.kept(mesh, installer)):
        return by_settings(mesh, said, cluster)
    party = writing.party_of(mesh)
    rival = writing.taken(party)
    if rival is None:
        return of_unmarked(mesh, installer, cluster)
    if installer == HELM and (said := writing.kept(mesh, installer)):
        return by_settings(mesh, said, cluster)
    return Outcome.failed(
        f"it wrote {rival.owned.crd.name}, which is claimed by {rival.said}",
        *rival.fields,
        *(mark for it in rival.owned.owners for mark in it.marks if mark not in rival.fields),
        remedies=kept_from_writing(mesh, cluster),
    )


def of_unmarked(mesh: Mesh, installer: str, cluster: Cluster) -> Outcome:
    """No CRD of another's carries its marks; but a Helm release may have one in its manifest."""
    found = cluster.model(CRD_WRITING).rendered(mesh) if installer == HELM else None
    if found is None:
        return Outcome.passed("it wrote no CRD that another one owns", *marks(cluster))
    rendered, rival = found
    name = rival.owned.crd.name
    return Outcome.failed(
        f"the {rendered.release.said} has {name}, which is claimed by {rival.said}",
        *(rendered.named(name) or rendered.said.fields),
        *rival.fields,
        remedies=kept_from_rendering(rendered, mesh, cluster),
    )


def by_settings(subject: Mesh | Obj, said: Said, cluster: Cluster) -> Outcome:
    if said.spares:
        return Outcome.passed("it is told not to write the CRDs", *said.fields)
    writing = cluster.model(CRD_WRITING)
    rival = writing.rivals(writing.party_of(subject)).first()
    if rival is None:
        return Outcome.passed("the CRDs are its own", *said.fields)
    fault = said.fault or "nothing keeps it from writing the CRDs"
    return Outcome.failed(
        f"{fault}; {rival.owned.crd.name} is claimed by {rival.said}",
        *said.fields,
        *rival.fields,
        remedies=kept_from_writing(subject, cluster),
    )


def marks(cluster: Cluster) -> tuple[Field, ...]:
    """The marks on one of the CRDs, to stand for all."""
    crds = istio_crds(cluster).so_far[:1]
    return tuple(mark for it in crds for owner in it.owners for mark in owner.marks)


def of_an_operator(mesh: Mesh, cluster: Cluster) -> Outcome:
    """SDM's operator writes what carries its mark; other operators bring the CRDs themselves."""
    if mesh.family == OSSM:
        return of_ossm(mesh, cluster)
    if mesh.family != SDM:
        return Outcome.not_applicable("its installer's settings are no part of the cluster")
    if rival := cluster.model(CRD_WRITING).sdm_wrote_last().first():
        text = f"its operator wrote {rival.owned.crd.name} last, which belongs to {rival.said}"
        return Outcome.failed(text, *rival.fields, remedies=taken_back(cluster))
    shown = mesh.control_planes[0].shown_by[:1]
    return Outcome.passed("SDM's operator writes only CRDs with its own mark", *shown)


def of_ossm(mesh: Mesh, cluster: Cluster) -> Outcome:
    """The operator of OpenShift Service Mesh 2 replaces what does not carry its label."""
    replaced = cluster.model(CRD_WRITING).unknown_to_ossm()
    if not replaced:
        labels = (it.crd.label(OSSM_VERSION) for it in istio_crds(cluster).so_far[:1])
        return Outcome.passed("the CRDs carry the label of its operator", *labels)
    crd = replaced.so_far[0].crd
    names = f"{crd.name} and {len(replaced.so_far) - 1} more" if replaced.so_far[1:] else crd.name
    said = f"its operator replaces {names} at the next change of its ServiceMeshControlPlane"
    ways = hidden_from_ossm(mesh, replaced.so_far, cluster)
    return Outcome.failed(said, crd.label(OSSM_VERSION), remedies=ways)
