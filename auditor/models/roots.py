"""The roots that each mesh issues from, wherever a cluster shows them. Never a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster
from auditor.kinds import CONFIG_MAP, INJECTOR, ISTIO_CONTROL_PLANE, SECRET
from auditor.models.certificates import Certificate, certificates, decoded
from auditor.models.hints import injecting, revision_label
from auditor.models.istiod import SDM, knows_sdm_variables, setting
from auditor.models.meshes import Instance, Mesh
from auditor.objects import Field, Obj
from auditor.seen import Seen

ROOT_CONFIG_MAP = "istio-ca-root-cert"


@dataclass(frozen=True)
class Place:
    """One place that shows what a mesh issues from, or accepts."""

    certificates: tuple[Certificate, ...]
    issuing: tuple[Certificate, ...]
    """Those of them that it may issue from."""
    exact: bool
    """Whether the place itself says which one, as a Secret with its chain does."""

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

    def places(self, mesh: Mesh) -> Seen[Place]:
        """Every place that shows the roots of a mesh. None in a whole look is none to tell."""
        instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
        if instances.where(_signs_elsewhere):
            return self._external(mesh)
        if instances.where(lambda it: setting(it.thing, "ENABLE_CA_SERVER").value == "false"):
            return self._published(mesh, instances)
        found = Seen((mesh,)).each(self._secret) + self._published(mesh, instances)
        if found.so_far or found.gaps:
            return found
        return self.cluster.within(ISTIO_CONTROL_PLANE, mesh.namespace).each(_status)

    def _secret(self, mesh: Mesh) -> Iterator[Place]:
        """The CA's Secret: the plugged-in one beats the one that istiod makes for itself."""
        if plugged := self.cluster.find(SECRET, "cacerts", mesh.namespace):
            data = plugged.at("data")
            yield from _plugged(data.at("root-cert.pem") or data.at("ca.crt"), data)
        elif own := self.cluster.find(SECRET, "istio-ca-secret", mesh.namespace):
            yield from _place(decoded(own.at("data", "ca-cert.pem")), exact=True)

    def _published(self, mesh: Mesh, instances: Seen[Instance]) -> Seen[Place]:
        named = instances.each(lambda it: self._config_map(it, mesh))
        return named + self.cluster[INJECTOR].each(lambda it: _bundles(it, mesh))

    def _config_map(self, instance: Instance, mesh: Mesh) -> Iterator[Place]:
        config = self.cluster.find(CONFIG_MAP, root_config_map(instance), mesh.namespace)
        if config is not None:
            yield from _place(config.at("data", "root-cert.pem"))

    def _external(self, mesh: Mesh) -> Seen[Place]:
        """The root of a CA outside istiod, which it was given in a file of its own."""
        secrets = self.cluster.within(SECRET, mesh.namespace)
        configs = self.cluster.within(CONFIG_MAP, mesh.namespace)
        return secrets.where(lambda it: it.name == "external-ca-cert").each(
            lambda it: _place(decoded(it.at("data", "root-cert.pem")))
        ) + configs.where(lambda it: it.name == "external-ca-cert").each(
            lambda it: _place(it.at("data", "root-cert.pem"))
        )


def _signs_elsewhere(instance: Instance) -> bool:
    """Whether an istiod hands signing on to Kubernetes' CSR API
    (istio 1.13.9: pilot/pkg/bootstrap/server.go).
    """
    provider = setting(instance.thing, "PILOT_CERT_PROVIDER")
    return bool(
        setting(instance.thing, "EXTERNAL_CA").value
        or setting(instance.thing, "CERT_SIGNER_DOMAIN").value
        or str(provider.value or "").startswith("k8s.io/")
    )


def root_config_map(instance: Instance) -> str:
    """The ConfigMap in which an istiod publishes its root to every namespace.

    Cisco's istiod takes the name from CACERT_CONFIG_NAME, upstream's from
    PILOT_CA_CERT_CONFIGMAP since 1.27.
    """
    variable = "PILOT_CA_CERT_CONFIGMAP"
    if instance.family == SDM and knows_sdm_variables(instance.thing):
        variable = "CACERT_CONFIG_NAME"
    return str(setting(instance.thing, variable).value or ROOT_CONFIG_MAP)


def _place(pem: Field, exact: bool = False) -> Iterator[Place]:
    if found := tuple(certificates(pem)):
        yield Place(found, found, exact)


def _plugged(root: Field, data: Field) -> Iterator[Place]:
    """A plugged-in CA issues from the root that its own certificate chains to."""
    roots = tuple(certificates(decoded(root)))
    chain = data.at("ca-cert.pem") or data.at("tls.crt")
    links = tuple(certificates(decoded(chain))) + tuple(
        certificates(decoded(data.at("cert-chain.pem")))
    )
    issuing = tuple(
        found
        for found in roots
        if any(link.key == found.key or link.issued_by(found) for link in links)
    )
    if roots:
        yield Place(roots, issuing or roots, exact=len({it.key for it in issuing}) == 1)


def _bundles(configuration: Obj, mesh: Mesh) -> Iterator[Place]:
    """What istiod wrote into its own webhooks, so that the API server trusts it."""
    if revision_label(configuration) not in mesh.revisions:
        return
    for webhook in injecting(configuration):
        service = webhook.at("clientConfig", "service", "namespace")
        if service and service.value == mesh.namespace:
            yield from _place(decoded(webhook.at("clientConfig", "caBundle")))


def _status(icp: Obj) -> Iterator[Place]:
    yield from _place(icp.at("status", "caRootCertificate"))


READS = (SECRET, CONFIG_MAP, INJECTOR, ISTIO_CONTROL_PLANE)
