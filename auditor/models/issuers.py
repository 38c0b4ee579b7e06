"""The certificates of authorities between a mesh and the certificates of its workloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.cluster import Cluster, Model
from auditor.kinds import SECRET
from auditor.models.certificates import Certificate
from auditor.models.meshes import RUNNING_MESHES, Mesh
from auditor.models.trust import ISSUED_ROOTS
from auditor.objects import Field, Ref
from auditor.seen import Seen

PLUGGED_IN, SELF_SIGNED = "cacerts", "istio-ca-secret"
"""The Secrets of an istiod's own CA (istio 1.30.3: pilot/pkg/bootstrap/istio_ca.go)."""
RENEWED = "cert-manager.io/certificate-name"
"""What cert-manager writes on the Secrets that it keeps, and renews in time."""


@dataclass(frozen=True)
class Issuer:
    """A root, or an intermediate below it, through which meshes issue certificates."""

    certificate: Certificate
    meshes: tuple[Mesh, ...]
    is_root: bool
    certain: bool
    """Whether it is known that workloads are issued through it, not that they may be."""

    @property
    def ref(self) -> Ref:
        """Named by the certificate itself, be it at one place or at many."""
        return Ref("Certificate", self.certificate.named)

    def shares(self, other: Issuer) -> bool:
        """Whether a mesh issues through both."""
        return not {it.id for it in self.meshes}.isdisjoint(it.id for it in other.meshes)

    @property
    def secret(self) -> str:
        """The name of the Secret that shows it; empty where it was seen elsewhere alone."""
        held_by = self.certificate.field.ref
        return held_by.name if held_by.kind == SECRET.name else ""


@dataclass(frozen=True)
class Issuers:
    """Finds them by what shows the roots of a mesh."""

    cluster: Cluster

    def all(self) -> Seen[Issuer]:
        """Those of all meshes that run, each certificate once."""
        found = self.cluster.model(RUNNING_MESHES).each(self._of)
        each: dict[str, list[Issuer]] = {}
        for issuer in found.so_far:
            each.setdefault(issuer.certificate.fingerprint, []).append(issuer)
        return Seen(tuple(map(_together, each.values())), found.gaps)

    def _of(self, mesh: Mesh) -> Seen[Issuer]:
        """The roots that a mesh may issue from, and what its CA's Secret has below them.

        A public copy of a root tells nothing of what is below it, so where no Secret was seen
        there may be more.
        """
        trust = self.cluster.model(ISSUED_ROOTS)
        roots = Seen((mesh,)).each(trust.issued_from)
        certain = len(roots.so_far) == 1 and not roots.gaps
        below = trust.places(mesh).each(lambda place: place.links).so_far
        links = Seen(tuple(dict.fromkeys(below)), trust.links(mesh).gaps)
        return roots.map(lambda it: Issuer(it, (mesh,), True, certain)) + links.map(
            lambda it: Issuer(it, (mesh,), False, True)
        )

    def renewed_by(self, issuer: Issuer) -> Iterator[Field]:
        """The mark of what renews a certificate without anybody's help."""
        if issuer.secret:
            held_by = issuer.certificate.field.ref
            secret = self.cluster.find(SECRET, held_by.name, held_by.namespace)
            if secret is not None and (mark := secret.annotation(RENEWED)):
                yield mark


def _together(found: list[Issuer]) -> Issuer:
    """What several meshes, or several files of one, say of the same certificate."""
    meshes = {mesh.id: mesh for issuer in found for mesh in issuer.meshes}
    certain = any(issuer.certain for issuer in found)
    return replace(found[0], meshes=tuple(meshes.values()), certain=certain)


def issuers_of_meshes(cluster: Cluster) -> Seen[Issuer]:
    """Every certificate through which a mesh that runs issues others."""
    return cluster.model(ISSUERS).all()


ISSUERS = Model("issuers", (RUNNING_MESHES, ISSUED_ROOTS, SECRET), Issuers)
