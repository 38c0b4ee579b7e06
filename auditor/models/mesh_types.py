"""The types of a mesh configuration's fields: istiod parses it into them, or loses all of it.

Names and types are those of MeshConfig, ProxyConfig and CertificateData in every Istio from
1.6 to 1.31, taken together (istio/api: mesh/v1alpha1/config.proto, proxy.proto). All of them
parse by `jsonpb`: a number may stand in quotes, a duration is one of Go's
(istio 1.13.9: pkg/util/gogoprotomarshal, 1.30.3: pkg/util/protomarshal).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.objects import Field

IN_QUOTES = "a text: put it in quotes"
SWITCH = "true or false without quotes"
DURATION = re.compile(r"[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)")
"""What Go's time.ParseDuration takes."""


@dataclass(frozen=True)
class Mistyped:
    """A field that holds another type than Istio's, and what it should hold."""

    field: Field
    expected: str

    @property
    def said(self) -> str:
        """The fault in words, without the value."""
        return f"{self.field.path[-1]} is not {self.expected}"


def mistyped(config: Field) -> Iterator[Mistyped]:
    """Every field of a mesh configuration that istiod cannot take.

    Fields that are unknown are ignored, as istiod does, and null is not set. Raises `Unseen`
    where a value that matters is withheld.
    """
    if config.value is None:
        return
    if not isinstance(config.value, Mapping):
        yield Mistyped(config, "a mapping")
        return
    yield from _in(config, MESH)
    yield from _in(named(config, "defaultConfig"), PROXY)
    for item in named(config, "caCertificates").each():
        yield from _in(item, CERTIFICATE)


def named(config: Field, name: str) -> Field:
    """A field by its name; Istio's parser takes the name with underscores too."""
    return config.at(name) or config.at(snake(name)) or config.at(name)


@cache
def snake(name: str) -> str:
    """A name as Istio's protocol buffers write it: `caCertificates` is `ca_certificates`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z]+)", lambda it: "_" + it[1].lower(), name)


@cache
def camel(name: str) -> str:
    """A name as Istio's JSON writes it: `ca_certificates` is `caCertificates`."""
    return re.sub(r"_([a-z])", lambda it: it[1].upper(), name)


def _in(message: Field, types: Mapping[str, Type]) -> Iterator[Mistyped]:
    if not isinstance(message.held, Mapping):
        return
    for field in message.each():
        of = types.get(str(field.path[-1])) or types.get(camel(str(field.path[-1])))
        if of and field.value is not None:
            yield from of(field)


Type = Callable[[Field], Iterator[Mistyped]]


def text(field: Field) -> Iterator[Mistyped]:
    """A text; a number or a boolean without quotes is none."""
    if not isinstance(field.value, str):
        yield Mistyped(field, IN_QUOTES)


def switch(field: Field) -> Iterator[Mistyped]:
    """True or false, without quotes."""
    if not isinstance(field.value, bool):
        yield Mistyped(field, SWITCH)


def number(field: Field) -> Iterator[Mistyped]:
    """A whole number, be it in quotes."""
    value = field.value
    whole = isinstance(value, int) and not isinstance(value, bool)
    whole = whole or (isinstance(value, float) and value.is_integer())
    if not whole and not (isinstance(value, str) and re.fullmatch(r"-?\d+", value)):
        yield Mistyped(field, "a whole number")


def duration(field: Field) -> Iterator[Mistyped]:
    """A length of time with its unit; a bare number is none."""
    if not isinstance(field.value, str) or not DURATION.fullmatch(field.value):
        yield Mistyped(field, "a duration such as 10s")


def one_of(names: str) -> Type:
    """One of some names, or the number that stands for it.

    YAML takes an `OFF` without quotes for false, which is neither.
    """

    def check(field: Field) -> Iterator[Mistyped]:
        value = field.value
        if value in names.split() or (isinstance(value, int) and not isinstance(value, bool)):
            return
        yield Mistyped(field, f"one of {', '.join(names.split())} in quotes")

    return check


def mapping(field: Field) -> Iterator[Mistyped]:
    """Any message of its own."""
    if not isinstance(field.value, Mapping):
        yield Mistyped(field, "a mapping")


def in_quotes(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping of texts as it was meant: booleans and numbers put in quotes."""
    plain = (bool, int, float)
    return {k: json.dumps(v) if isinstance(v, plain) else v for k, v in values.items()}


def texts_by_name(field: Field) -> Iterator[Mistyped]:
    """A mapping of texts."""
    yield from mapping(field)
    if isinstance(field.value, Mapping):
        for item in field.each():
            yield from text(item)


def list_of(each: Type) -> Type:
    """A list of one type."""

    def check(field: Field) -> Iterator[Mistyped]:
        if not isinstance(field.value, list):
            yield Mistyped(field, "a list")
            return
        for item in field.each():
            yield from each(item)

    return check


def _typed(of: Type, names: str) -> dict[str, Type]:
    return dict.fromkeys(names.split(), of)


MESH: Mapping[str, Type] = {
    **_typed(
        text,
        "accessLogFile accessLogFormat inboundClusterStatName ingressClass ingressSelector"
        " ingressService mixerAddress mixerCheckServer mixerReportServer outboundClusterStatName"
        " rootNamespace sdsUdsPath trustDomain",
    ),
    **_typed(
        switch,
        "disableEnvoyListenerLog disableMixerHttpReports disablePolicyChecks disableReportBatch"
        " enableAutoMtls enableClientSidePolicyCheck enableEnvoyAccessLogService"
        " enablePrometheusMerge enableSdsTokenMount enableTracing policyCheckFailOpen"
        " sdsUseK8sSaJwt sidecarToTelemetrySessionAffinity verifyCertificateAtClient",
    ),
    **_typed(
        mapping,
        "ca defaultConfig defaultHttpRetryPolicy defaultProviders defaultTrafficPolicy"
        " inboundTrafficPolicy localityLbSetting meshMTLS outboundTrafficPolicy"
        " pathNormalization serviceEntryVisibility tcpKeepalive thriftConfig tlsDefaults"
        " zoneAwareLbSetting",
    ),
    **_typed(number, "proxyHttpPort proxyInboundListenPort proxyListenPort reportBatchMaxEntries"),
    **_typed(
        duration,
        "connectTimeout dnsRefreshRate hboneIdleTimeout protocolDetectionTimeout rdsRefreshDelay"
        " reportBatchMaxTime sdsRefreshDelay",
    ),
    "accessLogEncoding": one_of("TEXT JSON"),
    "authPolicy": one_of("NONE MUTUAL_TLS"),
    "h2UpgradePolicy": one_of("DO_NOT_UPGRADE UPGRADE"),
    "ingressControllerMode": one_of("UNSPECIFIED OFF DEFAULT STRICT"),
    **_typed(
        list_of(mapping),
        "caCertificates certificates configSources discoverySelectors extensionProviders"
        " serviceScopeConfigs serviceSettings",
    ),
    **_typed(
        list_of(text),
        "defaultDestinationRuleExportTo defaultServiceExportTo defaultVirtualServiceExportTo"
        " trustDomainAliases",
    ),
}
PROXY: Mapping[str, Type] = {
    **_typed(
        text,
        "availabilityZone binaryPath configPath customConfigFile discoveryAddress"
        " envoyMetricsServiceAddress meshId proxyBootstrapTemplatePath serviceCluster"
        " statsdUdpAddress zipkinAddress",
    ),
    **_typed(switch, "holdApplicationUntilProxyStarts statsCompression"),
    **_typed(number, "concurrency fileFlushMinSizeKb proxyAdminPort statNameLength statusPort"),
    **_typed(
        duration,
        "discoveryRefreshDelay drainDuration fileFlushInterval parentShutdownDuration"
        " terminationDrainDuration",
    ),
    "controlPlaneAuthPolicy": one_of("NONE MUTUAL_TLS INHERIT"),
    "interceptionMode": one_of("REDIRECT TPROXY NONE"),
    "tracingServiceName": one_of(
        "APP_LABEL_AND_NAMESPACE CANONICAL_NAME_ONLY CANONICAL_NAME_AND_NAMESPACE"
    ),
    **_typed(
        mapping,
        "connectionSettings envoyAccessLogService envoyMetricsService gatewayTopology image"
        " privateKeyProvider proxyHeaders proxyStatsMatcher readinessProbe sds tracing",
    ),
    **_typed(texts_by_name, "proxyMetadata runtimeValues"),
    **_typed(list_of(text), "caCertificatesPem extraStatTags"),
}
CERTIFICATE: Mapping[str, Type] = {
    **_typed(text, "pem spiffeBundleUrl"),
    **_typed(list_of(text), "certSigners trustDomains"),
}
