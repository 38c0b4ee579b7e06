"""How a certificate through which meshes issue others is renewed before it ends."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.models import reloading
from auditor.models.issuers import PLUGGED_IN, SELF_SIGNED, Issuer
from auditor.models.meshes import ControlPlane, Mesh
from auditor.objects import Field
from auditor.remedies.new_root import new_root, plugged_in
from auditor.remedy import Command, Remedy
from auditor.seen import Seen

CHECKS = "CITADEL_SELF_SIGNED_ROOT_CERT_CHECK_INTERVAL"


@dataclass(frozen=True)
class Renewing:
    """What to do before a certificate ends. Who holds the keys must do it."""

    cluster: Cluster

    def renewed(self, issuer: Issuer, *, ends_above: bool) -> Remedy:
        """How to renew one; where a root above it ends too, that is what to renew."""
        if issuer.secret == PLUGGED_IN and (issuer.is_root or ends_above):
            return Remedy("issue from a new root", tuple(new_root(issuer.meshes)))
        ways = {PLUGGED_IN: self._below, SELF_SIGNED: _by_istiod}
        titles = {
            PLUGGED_IN: "plug in a new intermediate of the same root",
            SELF_SIGNED: "let istiod renew its root",
        }
        way = ways.get(issuer.secret, _elsewhere)
        title = titles.get(issuer.secret, "renew it where it comes from")
        return Remedy(title, tuple(step for mesh in issuer.meshes for step in way(mesh)))

    def _below(self, mesh: Mesh) -> Iterator[Command]:
        """The root stays, so that nothing else has to change."""
        yield Command(
            f"make a new intermediate CA for {mesh.id} below the same root; root-cert.pem stays"
        )
        yield plugged_in(mesh, f"plug it into Secret {PLUGGED_IN}")
        for plane in _running(mesh):
            yield self._taken(plane)

    def _taken(self, plane: ControlPlane) -> Command:
        reloads = Seen((plane,)).where(lambda it: reloading.reloads_intermediates(self.cluster, it))
        if reloads.so_far:
            return Command(
                "istiod reads it by itself, within some minutes: see that its log says so",
                f"kubectl logs {plane.ref.target} --since=1h | grep -i 'intermediate CA'",
            )
        return Command(
            "restart istiod, which reads it then", f"kubectl rollout restart {plane.ref.target}"
        )


def renewed_by_cert_manager(mark: Field) -> Remedy:
    """How to see that a certificate is renewed whose Secret bears cert-manager's mark."""
    namespace = shlex.quote(mark.ref.namespace)
    command = (
        f"kubectl describe certificates.cert-manager.io {shlex.quote(str(mark.held))} "
        f"-n {namespace}"
    )
    return Remedy("see that cert-manager renews it", (Command("see when it will", command),))


def _by_istiod(mesh: Mesh) -> Iterator[Command]:
    """It renews its root with the same key once a fifth of its life is left
    (istio 1.13.9: security/pkg/pki/ca/selfsignedcarootcertrotator.go).
    """
    for plane in _running(mesh):
        yield Command(
            "istiod renews it by itself when a fifth of its life is left: see in its log why it "
            f"did not, and that {CHECKS} does not keep it from looking",
            f"kubectl logs {plane.ref.target} --tail=-1 | grep -i rootcertrotator",
        )
        yield Command(
            "restart it: it looks again within the hour",
            f"kubectl rollout restart {plane.ref.target}",
        )


def _elsewhere(mesh: Mesh) -> Iterator[Command]:
    yield Command(
        f"see which CA {mesh.id} issues through; istiod's own is in one of these, any other is "
        "outside of it",
        f"kubectl get secret {PLUGGED_IN} {SELF_SIGNED} -n {shlex.quote(mesh.namespace)} "
        "--ignore-not-found",
    )
    yield Command("renew it there")


def _running(mesh: Mesh) -> Iterator[ControlPlane]:
    yield from (plane for plane in mesh.control_planes if plane.instances.so_far)


RENEWING = Model("renewing of issuers", reloading.READS, Renewing)
