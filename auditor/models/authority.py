"""Who signs the certificates of a mesh's workloads: its istiod, or another that it names."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.kinds import CONFIG_MAP
from auditor.models.instances import Instance
from auditor.models.istiod import DEFAULT, SDM, knows_sdm_variables, setting
from auditor.models.texts import parsed
from auditor.objects import Field

EXTERNAL = "external-ca-cert"
"""The Secret or ConfigMap with the root of a CA that signs in istiod's place."""
ROOT_CONFIG_MAP = "istio-ca-root-cert"
FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
"""What Go's strconv.ParseBool takes for false."""


def hands_signing_on(instance: Instance) -> bool:
    """Whether an istiod hands signing on to Kubernetes' CSR API
    (istio 1.13.9: pilot/pkg/bootstrap/server.go).
    """
    provider = setting(instance.thing, "PILOT_CERT_PROVIDER")
    return bool(
        setting(instance.thing, "EXTERNAL_CA").value
        or setting(instance.thing, "CERT_SIGNER_DOMAIN").value
        or str(provider.value or "").startswith("k8s.io/")
    )


def uses_kubernetes_root(instance: Instance) -> bool:
    """Whether an istiod that hands signing on takes Kubernetes' own root where it is given none
    (istio 1.13.9: pilot/pkg/bootstrap/istio_ca.go).
    """
    external = setting(instance.thing, "EXTERNAL_CA").value
    return bool(external) and not setting(instance.thing, "CERT_SIGNER_DOMAIN").value


def is_no_authority(instance: Instance) -> bool:
    """Whether an istiod was told to sign nothing, as beside cert-manager's istio-csr."""
    return setting(instance.thing, "ENABLE_CA_SERVER").value in FALSE


def other_signers(cluster: Cluster, instance: Instance) -> Iterator[Field]:
    """The address of the CA to which the injector of an istiod sends proxies in its place."""
    name = injector_config_map(instance)
    config = cluster.find(CONFIG_MAP, name, instance.namespace)
    if config is not None:
        address = parsed(config.at("data", "values")).at("global", "caAddress")
        if is_elsewhere(address):
            yield address


def is_elsewhere(address: Field) -> bool:
    """Whether the address of a CA is that of another than istiod."""
    host = str(address.value or "").partition(".")[0]
    return bool(host) and not host.startswith("istiod")


def has_another_signer(cluster: Cluster, instance: Instance) -> bool:
    """Whether the injector of an istiod sends proxies to another CA than istiod."""
    return any(True for _ in other_signers(cluster, instance))


def serves_with_its_root(instance: Instance) -> bool:
    """Whether an istiod signs its own serving certificate, so that what it publishes is the
    root of its workloads too.
    """
    return setting(instance.thing, "PILOT_CERT_PROVIDER").value in (None, "", "istiod")


def injector_config_map(instance: Instance) -> str:
    """The ConfigMap of an istiod's injector; Cisco's istiod is told its name."""
    told = setting(instance.thing, "INJECTOR_CONFIGMAP_NAME")
    if instance.family == SDM and told and knows_sdm_variables(instance.thing):
        return str(told.value)
    stem = "istio-sidecar-injector"
    return stem if instance.revision == DEFAULT else f"{stem}-{instance.revision}"
