"""How a control plane comes to issue from the root that its Secret holds."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import POD
from auditor.models.certificates import Certificate
from auditor.models.issuers import PLUGGED_IN
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.remedies.new_root import plugged_in
from auditor.remedies.restarts import restarted
from auditor.remedy import Command, Remedy


@dataclass(frozen=True)
class Restarting:
    """Steps for a person, who has the files of the CA and knows what they are for."""

    cluster: Cluster

    def taken(
        self, plane: ControlPlane, mesh: Mesh, held: Certificate, served: Iterable[Certificate]
    ) -> Remedy:
        """Let it issue from what its Secret holds, and nobody refuse it meanwhile."""
        steps: list[Command] = []
        if held.field.ref.name == PLUGGED_IN:
            steps += _with_both(mesh, served)
        others = [it.id for it in self.cluster.model(RUNNING_MESHES).so_far if it.id != mesh.id]
        if others:
            text = f"let {' and '.join(others)} accept the new root beside the old one, in "
            text += "caCertificates, as trust-mutual says to, before anything is issued from it"
            steps.append(Command(text))
        restart = f"kubectl rollout restart {plane.ref.target}"
        steps.append(Command("restart istiod, which then issues from it", restart))
        steps += restarted(self.cluster, mesh, "for certificates from the new root")
        return Remedy("issue from the root of its Secret", tuple(steps))


def _with_both(mesh: Mesh, served: Iterable[Certificate]) -> Iterator[Command]:
    """Workloads that were issued from the old root are refused where it is handed out no more.

    istio.io: ops/configuration/security/root-transition.
    """
    old = {it.fingerprint: it.pem for it in served}
    yield Command(
        f"have the files of the CA that was plugged in in a folder {mesh.id}, and add today's root "
        "to its root-cert.pem",
        f"printf '%b' {shlex.quote(''.join(old.values()))} >> "
        f"{shlex.quote(f'{mesh.id}/root-cert.pem')}",
    )
    yield plugged_in(mesh, f"write Secret {PLUGGED_IN} with both roots")


def unplugged(plane: ControlPlane) -> Remedy:
    """Go on with the root that istiod made itself."""
    namespace = shlex.quote(plane.namespace)
    keep = Command(
        "if nobody meant to plug in a CA: take it out, where its files are kept",
        f"kubectl delete secret {PLUGGED_IN} -n {namespace}",
    )
    return Remedy("keep the root that istiod made itself", (keep,))


RESTARTING = Model("restarting", (RUNNING_MESHES, POD), Restarting)
