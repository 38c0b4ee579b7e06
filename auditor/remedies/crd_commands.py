"""What makes an installer write the Istio CRDs, or leave them, by its kind and its release."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

from auditor.cluster import Cluster
from auditor.facts.releases import newest
from auditor.facts.versions import Version
from auditor.kinds import ISTIO_OPERATOR
from auditor.models.crd_settings import FIRST_SWITCH, TEMPLATED, crds_written_by
from auditor.models.crd_writing import CRD_WRITING
from auditor.models.installers import HELM, IGNORED, IN_CLUSTER, INSTALLERS, ISTIOCTL, SAIL
from auditor.models.istiod import DEFAULT, OSSM
from auditor.models.meshes import Mesh
from auditor.models.operators import OPERATORS
from auditor.objects import Obj
from auditor.remedies.istioctl import install, recorded
from auditor.remedy import Command, Consequence, Patch, Step
from auditor.seen import Seen

CRD_FILE = "https://raw.githubusercontent.com/istio/istio/{}/manifests/{}/crd-all.gen.yaml"
FIRST_OF_CHARTS = 6
"""Until Istio 1.5 the file with all CRDs lay outside of the charts."""


def written_by(mesh: Mesh, version: Version, cluster: Cluster) -> Command:
    """How the installer of a mesh comes to write the CRDs of its release."""
    installers = Seen(mesh.control_planes).each(cluster.model(INSTALLERS).of).so_far
    installer = installers[0].name if installers else ""
    said = f"let the installer of {mesh.id} write the CRDs of Istio {version.number}"
    place = shlex.quote(mesh.namespace)
    if installer == ISTIOCTL:
        options = _named(mesh.control_planes[-1].revision, mesh.namespace)
        switch = not version.is_since(TEMPLATED) and version.is_since(FIRST_SWITCH)
        options += " --set values.base.enableIstioConfigCRDs=true" if switch else ""
        run, command = install(version, recorded(mesh.control_planes), options)
        return Command(f"{run}, for {mesh.id} and with the CRDs", command)
    if installer == IN_CLUSTER:
        return _by_its_operator(said, mesh)
    if installer == HELM and version.is_since(TEMPLATED):
        command = f"helm upgrade --install istio-base istio/base -n {place}"
        return Command(said, f"{command} --version {version.number} --take-ownership")
    if installer == SAIL:
        named = [it for it in cluster.model(OPERATORS).so_far if it.kind == SAIL]
        whom = " and ".join(it.said for it in named) or "Sail's operator"
        return Command(f"upgrade {whom} to a release that brings the CRDs of {version.number}")
    if installer == OSSM:
        return by_ossm(f"{said}, which replaces what does not carry its label")
    if installer == HELM:
        said = f"write the CRDs of Istio {version.number}, which Helm left as they were"
    return by_file(said, version)


def by_ossm(said: str) -> Command:
    """The operator of OpenShift Service Mesh 2 acts once its ServiceMeshControlPlane changes
    (maistra/istio-operator 2.0 to 2.5: pkg/bootstrap/crds.go).
    """
    text = f"{said}, once its ServiceMeshControlPlane changes: change it"
    return Command(text, "kubectl get servicemeshcontrolplanes.maistra.io -A")


def by_file(said: str, version: Version) -> Command:
    """The CRDs of a release, from the file that its charts are made from."""
    folder = "charts/base/files" if version.is_since(TEMPLATED) else "charts/base/crds"
    folder = folder if version.is_since(FIRST_OF_CHARTS) else "base/files"
    file = CRD_FILE.format(version.number, folder)
    return Command(said, f"kubectl apply --server-side --force-conflicts -f {file}")


def _by_its_operator(said: str, mesh: Mesh) -> Command:
    """The in-cluster operator acts upon the IstioOperator of the mesh at once."""
    declared = [it.resource for plane in mesh.control_planes for it in plane.declared]
    patch = json.dumps({"spec": {"values": {"base": {"enableIstioConfigCRDs": True}}}})
    for resource in (it for it in declared if it.kind == ISTIO_OPERATOR):
        command = f"kubectl patch {resource.ref.target} --type merge -p {shlex.quote(patch)}"
        return Command(f"{said}, by {resource.ref}", command)
    return Command(f"{said}: set values.base.enableIstioConfigCRDs to true in its IstioOperator")


def spared_by(subject: Mesh | Obj, cluster: Cluster) -> Step:
    """What makes the installer of a mesh, or of an IstioOperator, leave the CRDs alone."""
    writing = cluster.model(CRD_WRITING)
    party = writing.party_of(subject)
    if isinstance(subject, Obj):
        revision = str(subject.at("spec", "revision").held or DEFAULT)
        return told_to_spare(subject, party.namespace, writing.version_of(party, revision))
    revision = subject.revisions[-1]
    version = writing.version_of(party, revision)
    installers = Seen(subject.control_planes).each(cluster.model(INSTALLERS).of).so_far
    if installers and installers[0].name == ISTIOCTL:
        return _by_istioctl(revision, party.namespace, version, recorded(subject.control_planes))
    owners = [owner for it in writing.written(party) for owner in it.owners]
    releases = [it.name for it in owners if it.installer == HELM]
    if releases:
        namespace, _, release = releases[0].rpartition("/")
        return _by_helm(release, namespace, version)
    return Command("keep the installer of the mesh from writing the CRDs")


def told_to_spare(resource: Obj, namespace: str, version: Version | None) -> Step:
    """What makes those who act upon an IstioOperator leave the CRDs alone.

    The in-cluster operator, which is there until Istio 1.23, acts upon it at once. Istioctl only
    keeps there what it was told, in the releases that have such a resource.
    """
    base: dict[str, object] = {"enableIstioConfigCRDs": False}
    if resource.at("spec", "values", "base", "enableCRDTemplates").held is not None:
        base["enableCRDTemplates"] = None
    patch = {"spec": {"values": {"base": base}}}
    if resource.annotation(IGNORED).held != "true":
        return Patch(resource.ref, patch)
    kept = Consequence(resource.ref, patch, "istioctl keeps the setting in it")
    revision = str(resource.at("spec", "revision").held or DEFAULT)
    return replace(_by_istioctl(revision, namespace, version, resource), effects=(kept,))


def _by_istioctl(
    revision: str, namespace: str, version: Version | None, settings: Obj | None
) -> Command:
    """Istioctl must be told at this and at every later run."""
    options = f"{_named(revision, namespace)} --set values.base.enableIstioConfigCRDs=false"
    if version is None or version.is_since(TEMPLATED):
        options += f" --set {shlex.quote(_names('values.base', version))}"
    run, command = install(version, settings, options)
    return Command(f"{run}, without the CRDs", command)


def _named(revision: str, namespace: str) -> str:
    """The options by which istioctl finds a mesh; to name `default` would make another of it."""
    named = f"--revision {shlex.quote(revision)} " if revision != DEFAULT else ""
    return f"{named}--set values.global.istioNamespace={shlex.quote(namespace)}"


def _by_helm(release: str, namespace: str, version: Version | None) -> Command:
    command = f"helm upgrade {shlex.quote(release)} istio/base -n {shlex.quote(namespace)}"
    command += f" --version {version.number}" if version else ""
    command += f" --reuse-values --set {shlex.quote(_names('base', version))}"
    return Command(f"exclude the CRDs from the Helm release {namespace}/{release}", command)


def _names(where: str, version: Version | None) -> str:
    return f"{where}.excludedCRDs={{{','.join(_excluded(version))}}}"


def _excluded(version: Version | None) -> tuple[str, ...]:
    return crds_written_by(version or newest().version)
