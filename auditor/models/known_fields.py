"""The names of the fields that configure a mesh, at every place that has some.

Those of MeshConfig, ProxyConfig and the IstioOperator are of every Istio from 1.6 to 1.31,
taken together (istio/api: mesh/v1alpha1/config.proto, proxy.proto, operator/v1alpha1/
operator.proto until 1.23; istio 1.30.3: operator/pkg/apis/types.go); those of the
IstioControlPlane of the operator v2.11 to v2.17 (banzaicloud/istio-operator: api/v1alpha1).
"""

from __future__ import annotations

from difflib import get_close_matches

from auditor.models.mesh_types import CERTIFICATE, MESH, PROXY, snake


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MESH_CONFIG = frozenset(MESH) | _names(
    """
    accessLogEncoding authPolicy connectTimeout dnsRefreshRate h2UpgradePolicy
    hboneIdleTimeout ingressControllerMode protocolDetectionTimeout proxyHttpPort
    proxyInboundListenPort proxyListenPort rdsRefreshDelay reportBatchMaxEntries
    reportBatchMaxTime sdsRefreshDelay
    """
)
PROXY_DEFAULTS = frozenset(PROXY) | _names(
    """
    concurrency connectTimeout controlPlaneAuthPolicy discoveryRefreshDelay drainDuration
    fileFlushInterval fileFlushMinSizeKb interceptionMode parentShutdownDuration
    proxyAdminPort statNameLength statusPort terminationDrainDuration tracingServiceName
    """
)
ANCHOR = frozenset(CERTIFICATE)
OPERATOR = _names(
    """
    addonComponents compatibilityVersion components defaultRevision hub installPackagePath
    meshConfig namespace profile resourceSuffix revision tag unvalidatedValues values
    """
)
COMPONENTS = _names(
    """
    base citadel cni egressGateways ingressGateways istiodRemote nodeAgent pilot policy
    telemetry ztunnel
    """
)
PILOT = _names(
    """
    enabled hub k8s namespace spec tag
    """
)
CONTROL_PLANE = _names(
    """
    caAddress caProvider clusterID containerImageConfiguration distribution httpProxyEnvs
    istiod jwtPolicy k8sResourceOverlays logging meshConfig meshExpansion meshID mode
    mountMtlsCerts networkName proxy proxyInit proxyWasm sds sidecarInjector telemetryV2
    tracer version watchOneNamespace
    """
)
ISTIOD = _names(
    """
    certProvider deployment enableAnalysis enableProtocolSniffingInbound
    enableProtocolSniffingOutbound enableStatus externalIstiod spiffe traceSampling
    """
)
ALIKE = 0.85
"""How alike a name must be to one that is known to be a slip of it."""


def is_known(name: str, known: frozenset[str]) -> bool:
    """Whether a name is one of those known; the parser takes it with underscores too."""
    return name in known or any(snake(it) == name for it in known)


def meant(name: str, known: frozenset[str]) -> str:
    """The known name that somebody meant, empty where none is alike."""
    by_letters = {it.lower(): it for it in known}
    plain = name.replace("_", "").replace("-", "").lower()
    close = get_close_matches(plain, by_letters, 1, ALIKE)
    return by_letters[close[0]] if close else ""
