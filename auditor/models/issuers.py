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
from auditor.seen import Gap, Seen

PLUGGED_IN, SELF_SIGNED = "cacerts", "istio-ca-secret"
"""The Secrets of an istiod's own CA (istio 1.30.3: pilot/pkg/bootstrap/istio_ca.go)."""
RENEWED = "cert-manager.io/certificate-name"
"""What cert-manager writes on the Secrets that it keeps, and renews in time."""


@dataclass(frozen=True)
class Issuer:
    """A root that meshes hand out, or an intermediate below one, and what they do with it."""

    certificate: Certificate
    meshes: tuple[Mesh, ...]
    is_root: bool
    issues: bool | None
    """Whether workloads are issued through it; None where they may be."""

    @property
    def ref(self) -> Ref:
        """Named by the certificate itself, be it at one place or at many."""
        return Ref("Certificate", self.certificate.named)

    def is_above(self, other: Issuer) -> bool:
        """Whether it is the root from which a mesh issues through the other."""
        shared = {it.id for it in self.meshes}.intersection(it.id for it in other.meshes)
        return bool(self.is_root and self.issues and shared)

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
            hidden = found.gaps and issuer.issues is False  # what was not seen may issue from it
            known = replace(issuer, issues=None) if hidden else issuer
            each.setdefault(issuer.certificate.fingerprint, []).append(known)
        return Seen(tuple(map(_together, each.values())), found.gaps)

    def _of(self, mesh: Mesh) -> Seen[Issuer]:
        """The roots that a mesh hands out, and what its CA's Secret has below them.

        A public copy of a root tells nothing of what is below it, and not whether it is the last
        one: where no Secret was seen there may be more.
        """
        trust = self.cluster.model(ISSUED_ROOTS)
        places = Seen((mesh,)).each(trust.places)
        roots = Seen((mesh,)).each(trust.issued_from)
        known = len(roots.so_far) == 1 and not roots.gaps + places.gaps
        issuing = {it.fingerprint for it in roots.so_far}

        def of(root: Certificate) -> Issuer:
            return Issuer(root, (mesh,), True, root.fingerprint in issuing if known else None)

        below = places.each(lambda place: place.links)
        links = below.map(lambda it: Issuer(it, (mesh,), False, True))
        handed_out = places.each(lambda place: place.certificates).map(of)
        if any(place.exact or place.links for place in places.so_far):
            return handed_out + links
        lost = Gap(f"the intermediates of the CA of {mesh.id}", "no Secret with its chain was seen")
        return Seen(handed_out.so_far, handed_out.gaps or (lost,))

    def renewed_by(self, issuer: Issuer) -> Iterator[Field]:
        """The mark of what renews a certificate without anybody's help."""
        if issuer.secret:
            held_by = issuer.certificate.field.ref
            secret = self.cluster.find(SECRET, held_by.name, held_by.namespace)
            if secret is not None and (mark := secret.annotation(RENEWED)):
                yield mark


def _together(found: list[Issuer]) -> Issuer:
    """What several meshes, or several places of one, say of the same certificate."""
    said = {issuer.issues for issuer in found}
    issues = True if True in said else None if None in said else False
    meshes = {it.id: it for issuer in found if issuer.issues is issues for it in issuer.meshes}
    saying = next(issuer for issuer in found if issuer.issues is issues)
    return replace(saying, meshes=tuple(meshes.values()))


def issuers_of_meshes(cluster: Cluster) -> Seen[Issuer]:
    """Every certificate through which a mesh that runs issues others."""
    return cluster.model(ISSUERS).all()


ISSUERS = Model("issuers", (RUNNING_MESHES, ISSUED_ROOTS, SECRET), Issuers)
