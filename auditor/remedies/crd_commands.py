"""What makes an installer write the Istio CRDs, by which one it is and of which release."""

from __future__ import annotations

import shlex

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.models.installers import HELM, IN_CLUSTER, INSTALLERS, ISTIOCTL, SAIL
from auditor.models.meshes import Mesh
from auditor.remedy import Command
from auditor.seen import Seen

TEMPLATED = 24
"""From Istio 1.24 on the base chart renders the CRDs; before, they lay in its crds folder."""

CRD_FILE = (
    "https://raw.githubusercontent.com/istio/istio/{}/manifests/charts/base/crds/crd-all.gen.yaml"
)


def written_by(mesh: Mesh, version: Version, cluster: Cluster) -> Command:
    """How the installer of a mesh comes to write the CRDs of its release."""
    installers = Seen(mesh.control_planes).each(cluster.model(INSTALLERS).of).so_far
    installer = installers[0].name if installers else ""
    said = f"let the installer of {mesh.id} write the CRDs of Istio {version.number}"
    place = shlex.quote(mesh.namespace)
    if installer == ISTIOCTL:
        revision = shlex.quote(mesh.control_planes[-1].revision)
        said = f"run istioctl {version.number} again, with the options of {mesh.id} and the CRDs"
        command = f"istioctl install --revision {revision}"
        command += f" --set values.global.istioNamespace={place}"
        command += " --set values.base.enableIstioConfigCRDs=true"
        return Command(said, command)
    if installer == IN_CLUSTER:
        return Command(
            f"{said}: set values.base.enableIstioConfigCRDs to true in its IstioOperator"
        )
    if installer == HELM and version.is_since(TEMPLATED):
        command = f"helm upgrade --install istio-base istio/base -n {place}"
        return Command(said, f"{command} --version {version.number} --take-ownership")
    if installer == HELM:
        file = CRD_FILE.format(version.number)
        return Command(said, f"kubectl apply --server-side --force-conflicts -f {file}")
    if installer == SAIL:
        return Command(f"upgrade Sail's operator to one that brings the CRDs of {version.number}")
    return Command(said)
