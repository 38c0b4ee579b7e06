"""What a running istiod issues from, beside what the Secret of its CA holds today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from auditor.cluster import Cluster, Model
from auditor.kinds import SECRET
from auditor.models import reloading
from auditor.models.authority import hands_signing_on, is_no_authority, other_signers
from auditor.models.certificates import Certificate, certificates, decoded
from auditor.models.instances import Instance
from auditor.models.issuers import SELF_SIGNED
from auditor.models.istiod import discovery, setting
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.models.roots import READS, RootPlace, Roots
from auditor.objects import Field
from auditor.seen import Gap, Seen, Unseen, either

SERVING = "istiod-tls"
"""The Secret of a serving certificate that istiod takes instead of making its own, since 1.16
(istio 1.16.7: manifests/charts/istio-control/istio-discovery/templates/deployment.yaml)."""
SERVING_ARGUMENTS = ("--tlsCertFile", "--caCertFile")


@dataclass(frozen=True)
class CaInUse:
    """Finds what tells which root an istiod issues from now, and from its next start on."""

    cluster: Cluster

    def mesh_of(self, plane: ControlPlane) -> Mesh:
        """The mesh of a control plane."""
        meshes = self.cluster.model(RUNNING_MESHES).so_far  # the plane was found in one of them
        return next(it for it in meshes if plane in it.control_planes)

    def other_authority(self, plane: ControlPlane) -> Seen[Field]:
        """What says that another CA than istiod's own signs for its workloads."""
        return plane.instances.each(self._other_authority)

    def _other_authority(self, instance: Instance) -> Iterator[Field]:
        if hands_signing_on(instance):
            names = ("EXTERNAL_CA", "CERT_SIGNER_DOMAIN", "PILOT_CERT_PROVIDER")
            told = (setting(instance.thing, name) for name in names)
            yield from (it for it in told if it.value not in (None, "", "istiod"))
        if is_no_authority(instance):
            yield setting(instance.thing, "ENABLE_CA_SERVER")
        yield from other_signers(self.cluster, instance)

    def held(self, plane: ControlPlane) -> Seen[RootPlace]:
        """What the Secrets of its CA hold, with which it starts the next time."""
        return Roots(self.cluster).held(self.mesh_of(plane))

    def served(self, plane: ControlPlane) -> Seen[RootPlace]:
        """What it publishes of its CA now; not seen where no place shows it."""
        found = Roots(self.cluster).served_by(plane, self.mesh_of(plane))
        return found.expecting(f"the root that {plane.ref} publishes")

    def serves_with_another(self, plane: ControlPlane) -> bool:
        """Whether it may serve with a certificate of another CA, whose root it then publishes."""
        given = self.cluster.find(SECRET, SERVING, plane.namespace) is not None
        return given or bool(plane.instances.where(_is_given_a_certificate))

    def has_read(self, plane: ControlPlane, root: Certificate) -> bool:
        """Whether it has read all that the Secret with this root holds: it does so by itself, or it
        started after the last change of it.

        Raises `Unseen` where that cannot be told.
        """
        return either(
            lambda: reloading.reloads_intermediates(self.cluster, plane),
            lambda: self._started_since(plane, root),
        )

    def _started_since(self, plane: ControlPlane, root: Certificate) -> bool:
        ref = root.field.ref
        get = f"kubectl get {ref.target} --show-managed-fields -o yaml"
        changes = [*Seen((root,)).each(self._changes)]
        if not changes:
            raise Unseen(Gap(f"when {ref} was last written", "its managers were left out", get))
        started = plane.started.expecting(f"the Pods of {plane.ref}")
        began = [_moment(it.thing.at("metadata", "creationTimestamp")) for it in started]
        return bool(max(changes) < min(began))

    def _changes(self, certificate: Certificate) -> Iterator[datetime]:
        """When the Secret was written; nothing where a dump left its managers out."""
        ref = certificate.field.ref
        secret = self.cluster.find(SECRET, ref.name, ref.namespace)
        if secret is not None:
            for manager in secret.at("metadata", "managedFields").each():
                yield _moment(manager.at("time"))

    def self_made(self, plane: ControlPlane) -> Seen[Certificate]:
        """The root that istiod made itself, which it takes where nothing is plugged in."""
        own = self.cluster.within(SECRET, plane.namespace).where(lambda it: it.name == SELF_SIGNED)
        return own.each(lambda it: certificates(decoded(it.at("data", "ca-cert.pem"))))


def _is_given_a_certificate(instance: Instance) -> bool:
    """Whether an argument says so. What follows a flag is the value of that."""
    arguments = discovery(instance.thing).at("args").each()
    before = ("", *(str(it.held) for it in arguments))
    flags = tuple(
        it
        for it, flag in zip(arguments, before, strict=False)
        if not flag.startswith("--") or "=" in flag
    )
    return bool(Seen(flags).where(lambda it: str(it.value).startswith(SERVING_ARGUMENTS)))


def _moment(time: Field) -> datetime:
    try:
        return datetime.fromisoformat(str(time.value))
    except ValueError:
        raise Unseen(Gap(f"{time.ref} {time.path[-1]}", "it is no moment")) from None


CA_IN_USE = Model("CA in use", (RUNNING_MESHES, *READS, *reloading.READS), CaInUse)
