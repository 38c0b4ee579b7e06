"""The roots that each mesh issues from, wherever a cluster shows them. Never a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster
from auditor.kinds import CONFIG_MAP, INJECTOR, ISTIO_CONTROL_PLANE, SECRET, Kind
from auditor.models.authority import (
    EXTERNAL,
    hands_signing_on,
    has_another_signer,
    is_no_authority,
    serves_with_its_root,
    uses_kubernetes_root,
)
from auditor.models.certificates import Certificate, certificates, decoded
from auditor.models.hints import OUTSIDE, injecting, revision_label
from auditor.models.instances import Instance
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import RUNNING_MESHES, ControlPlane, Mesh
from auditor.models.publishing import PUBLISHING
from auditor.models.versions import of_instance
from auditor.objects import Field, Obj
from auditor.seen import Gap, Seen, Unseen

OF_ISTIO = ("ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem")
OF_TLS = ("tls.crt", "tls.key", "tls.crt", "ca.crt")
"""What a plugged-in CA is made of: its certificate, its key, its chain and its root; the second
as cert-manager writes it."""
FIRST_WITH_TLS = 14
"""The first minor of Istio that reads the second, where its certificate is there."""


@dataclass(frozen=True)
class RootPlace:
    """One place that shows what a mesh issues from, or accepts."""

    certificates: tuple[Certificate, ...]
    issuing: tuple[Certificate, ...]
    """Those of them that it may issue from."""
    exact: bool
    """Whether the place itself says which one, as a Secret with its chain does."""
    links: tuple[Certificate, ...] = ()
    """The certificates between that root and the workloads'."""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(certificate.key for certificate in self.certificates)


@dataclass(frozen=True)
class Roots:
    """Reads the places that show the roots of a mesh (best place first).

    The Secret of its CA says which root it issues from once istiod has started with it.
    What istiod publishes, the ConfigMap in its namespace and the caBundle of its webhooks,
    says what it serves now. A custom resource's status may be stale, so it counts only
    where a whole look found neither.
    """

    cluster: Cluster

    def places(self, mesh: Mesh) -> Seen[RootPlace]:
        """Every place that shows the roots of a mesh. None in a whole look is none to tell."""
        if mesh.family == OUTSIDE:
            lost = Gap(f"the roots of {mesh.id}", "its control plane is outside the cluster")
            return Seen(gaps=(lost,))
        instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
        if instances.where(hands_signing_on):
            return self._external(mesh, instances)
        if instances.where(is_no_authority) or instances.where(
            lambda it: has_another_signer(self.cluster, it)
        ):
            return instances.each(lambda it: self._config_map(it, mesh))
        found = self.held(mesh) + self._published(mesh, instances)
        if found.so_far or found.gaps:
            return found
        return self.cluster.within(ISTIO_CONTROL_PLANE, mesh.namespace).each(_status)

    def shown(self, mesh: Mesh) -> tuple[Certificate, ...]:
        """Whatever its objects show, of use or not; for words, never to conclude from."""
        instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
        found = self.held(mesh) + self._published(mesh, instances)
        found += self._laid_ready(mesh)
        return tuple(it for place in found.so_far for it in place.certificates)

    def held(self, mesh: Mesh) -> Seen[RootPlace]:
        """What the Secrets of its CA hold, with which istiod starts the next time."""
        return Seen((mesh,)).each(self._secret)

    def served_by(self, plane: ControlPlane, mesh: Mesh) -> Seen[RootPlace]:
        """What one control plane of a mesh serves with now, where that is its CA's root."""
        serving = plane.instances.where(serves_with_its_root)
        named = serving.each(lambda it: self._config_map(it, mesh))
        revisions = (plane.revision,)
        bundles = self.cluster[INJECTOR].each(
            lambda it: _bundles(it, mesh.namespace, revisions) if serving else iter(())
        )
        return named + bundles

    def _secret(self, mesh: Mesh) -> Iterator[RootPlace]:
        """The CA's Secret: the plugged-in one beats the one that istiod makes for itself.

        A plugged-in one without its key is passed over, until 1.26.0 without a word, or the
        key was left out of the dump: then either may count
        (istio 1.26.1: pilot/pkg/bootstrap/istio_ca.go).
        """
        plugged = self.cluster.find(SECRET, "cacerts", mesh.namespace)
        if plugged is not None:
            data = plugged.at("data")
            keys = OF_TLS if data.at("tls.crt") and self._reads_tls(mesh) else OF_ISTIO
            whole = all(data.at(key) for key in keys)
            yield from _plugged(data, keys, whole)
            if whole:
                return
        own = self.cluster.find(SECRET, "istio-ca-secret", mesh.namespace)
        if own is not None:
            yield from _place(decoded(own.at("data", "ca-cert.pem")), exact=plugged is None)

    def _reads_tls(self, mesh: Mesh) -> bool:
        """Whether its istiods take a plugged-in CA as cert-manager writes it
        (istio 1.14.6: pilot/pkg/bootstrap/istio_ca.go).
        """
        instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
        said = instances.each(of_instance).expecting(f"the Istio version of {mesh.id}")
        return all(it.known.minor_number >= FIRST_WITH_TLS for it in said)

    def _published(self, mesh: Mesh, instances: Seen[Instance]) -> Seen[RootPlace]:
        """What istiod itself serves with, where that is its CA's root.

        Each webhook is read by itself, so that one that cannot be read hides no other.
        """
        serving = instances.where(serves_with_its_root)
        named = serving.each(lambda it: self._config_map(it, mesh))
        bundles = self.cluster[INJECTOR].each(
            lambda it: _bundles(it, mesh.namespace, mesh.revisions) if serving else iter(())
        )
        return named + bundles

    def _config_map(self, instance: Instance, mesh: Mesh) -> Iterator[RootPlace]:
        """The ConfigMap that istiod publishes, unless another mesh writes over it."""
        publishing = self.cluster.model(PUBLISHING)
        name = publishing.of(instance).name
        config = self.cluster.find(CONFIG_MAP, name, mesh.namespace)
        if config is not None and not publishing.others_write(name, mesh):
            yield from _place(config.at("data", "root-cert.pem"))

    def _external(self, mesh: Mesh, instances: Seen[Instance]) -> Seen[RootPlace]:
        """The root of a CA outside istiod: the file it was given, or what names its signers."""
        signers = (
            self.cluster.model(MESH_CONFIGS)
            .of_mesh(mesh)
            .each(lambda it: it.at("caCertificates").each())
        )
        told = signers.where(lambda it: it.at("certSigners").each())
        found = self._laid_ready(mesh) + told.each(lambda it: _place(it.at("pem")))
        if found.so_far or found.gaps or not instances.where(uses_kubernetes_root):
            return found
        return Seen((mesh,)).each(
            lambda it: self._named(CONFIG_MAP, "kube-root-ca.crt", it.namespace, "ca.crt")
        )

    def _laid_ready(self, mesh: Mesh) -> Seen[RootPlace]:
        """The file with the root of a CA outside istiod, whether istiod was told of it or not."""
        kinds = Seen((SECRET, CONFIG_MAP))
        return kinds.each(lambda it: self._named(it, EXTERNAL, mesh.namespace, "root-cert.pem"))

    def _named(self, kind: Kind, name: str, namespace: str, key: str) -> Iterator[RootPlace]:
        thing = self.cluster.find(kind, name, namespace)
        if thing is not None:
            held = thing.at("data", key)
            yield from _place(decoded(held) if kind == SECRET else held)


def issued_from(seen: Seen[RootPlace], mesh: Mesh) -> tuple[Certificate, ...]:
    """The roots that workloads of a mesh may be issued from: one, where a place says so.

    Places that publish more than one root, or that disagree, leave candidates, one for
    each key. Raises `Unseen` where no place could be read.
    """
    places = seen.so_far
    if not places:
        raise Unseen(*seen.expecting(f"the root of {mesh.id}").gaps)
    exact = [place for place in places if place.exact]
    keys = {certificate.key for place in exact for certificate in place.issuing}
    if exact and len(keys) == 1 and all(keys <= place.keys for place in places):
        return (_latest(exact[0].issuing),)
    candidates: dict[str, list[Certificate]] = {}
    for found in (it for place in places for it in place.issuing):
        candidates.setdefault(found.key, []).append(found)
    return tuple(_latest(tuple(candidates[key])) for key in sorted(candidates))


def _latest(found: tuple[Certificate, ...]) -> Certificate:
    return max(found, key=lambda it: (it.not_after, it.fingerprint))


def _place(pem: Field, exact: bool = False) -> Iterator[RootPlace]:
    if found := tuple(certificates(pem)):
        yield RootPlace(found, found, exact)


def _plugged(data: Field, keys: tuple[str, ...], whole: bool) -> Iterator[RootPlace]:
    """A plugged-in CA issues from the root that its own certificate chains to."""
    own, _, chain, root = keys
    roots = tuple(certificates(decoded(data.at(root))))
    links = tuple(certificates(decoded(data.at(own)))) + tuple(
        certificates(decoded(data.at(chain)))
    )
    issuing = tuple(
        found
        for found in roots
        if any(link.key == found.key or link.issued_by(found) for link in links)
    )
    if roots:
        exact = whole and len({it.key for it in issuing}) == 1
        between = tuple(link for link in links if not link.self_signed)
        yield RootPlace(roots, issuing or roots, exact, between)


def _bundles(configuration: Obj, namespace: str, revisions: tuple[str, ...]) -> Iterator[RootPlace]:
    """What istiod wrote into its own webhooks, so that the API server trusts it."""
    if revision_label(configuration) not in revisions:
        return
    for webhook in injecting(configuration):
        service = webhook.at("clientConfig", "service", "namespace")
        if service and service.value == namespace:
            yield from _place(decoded(webhook.at("clientConfig", "caBundle")))


def _status(icp: Obj) -> Iterator[RootPlace]:
    yield from _place(icp.at("status", "caRootCertificate"))


READS = (
    SECRET,
    CONFIG_MAP,
    INJECTOR,
    ISTIO_CONTROL_PLANE,
    RUNNING_MESHES,
    MESH_CONFIGS,
    PUBLISHING,
)
