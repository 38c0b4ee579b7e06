"""What nobody may see, taken out while an object is read.

Certificates are public and stay. Private keys, passwords and whatever else a Secret, a
ConfigMap, an environment or a Helm release may hold never get beyond these functions.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from auditor.withheld import Withheld

CERTIFICATES = frozenset(
    ("root-cert.pem", "ca-cert.pem", "cert-chain.pem", "ca.crt", "tls.crt", "cert.pem")
)
"""Keys of a Secret's or a ConfigMap's data that hold certificates, never keys."""

CONFIGURATION = frozenset(
    ("mesh", "meshNetworks", "config", "values", "original-values", "merged-values")
)
"""Keys of a ConfigMap's data that configure a control plane or its injector."""

VARIABLE = re.compile(
    r"REVISION|WATCH_NAMESPACE|OPERATOR_NAMESPACE|POD_NAMESPACE|TRUST_DOMAIN|CLUSTER_ID"
    r"|EXTERNAL_CA|K8S_SIGNER|SHARED_MESH_CONFIG|TOKEN_ISSUER|TOKEN_AUDIENCES|CA_ADDR"
    r"|(?:ISTIO|PILOT|PROXY|CITADEL|CA|ENABLE|CERT_SIGNER|MESHCONFIG|CACERT|INJECTION|INJECTOR"
    r"|LEADER_ELECTION|VALIDATION|USE|AUTO_RELOAD|ROOT_CA|WORKLOAD_CERT|UNSAFE|LOCAL"
    r"|AMBIENT|CUSTOM)_\w+"
)
PRIVATE = re.compile(r"PASS|SECRET|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|_TOKEN$")

ARGUMENT = re.compile(r"[a-z][a-z0-9-]*|(?:/[a-z][a-z0-9.-]*)+|--?[A-Za-z][\w.-]*(?:=\S*)?")
PRIVATE_ARGUMENT = re.compile(r"pass|secret|credential|private|key|token|auth", re.IGNORECASE)

PRIVATE_KEY = re.compile(
    r"(-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----)(?:(?!-----BEGIN ).)*", re.DOTALL
)
"""From the first line of a private key to the next block, or to the end of the text."""
NO_KEY = r"\1\n(a private key was here)\n"

COPY = "kubectl.kubernetes.io/last-applied-configuration"

ISTIO_CHARTS = frozenset(
    ("base", "istiod", "istio-discovery", "istiod-remote", "cni", "istio-cni", "gateway")
    + ("ztunnel", "default", "revisiontags", "istio-operator")
)
VALUES = frozenset(
    ("base", "pilot", "env", "meshConfig", "global", "revision", "revisionTags", "profile")
    + ("defaultRevision", "sidecarInjectorWebhook", "istio_cni", "cni", "istiodRemote")
    + ("fullnameOverride", "nameOverride", "leaderElection", "experimental", "_internal")
)
LONGEST_RELEASE = 16 * 1024 * 1024
"""Of its JSON, of which etcd takes a mebibyte when it is compressed."""


def without_private_keys(value: Any) -> Any:
    """A value without the private keys that somebody pasted into a text of it.

    The text stays in its place, with words where the key was.
    """
    if isinstance(value, str):
        return PRIVATE_KEY.sub(NO_KEY, value)
    if isinstance(value, Mapping):
        return {key: without_private_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_private_keys(item) for item in value]
    return value


def is_known_variable(name: str) -> bool:
    """Whether the value of an environment variable is kept: Istio's own, and no secret."""
    return bool(VARIABLE.fullmatch(name)) and not PRIVATE.search(name)


def known_variables(variable: Any) -> Any:
    """An entry of a container's `env`, without the value where it may be a secret."""
    if not isinstance(variable, Mapping) or is_known_variable(str(variable.get("name"))):
        return variable
    return {"name": variable.get("name"), "value": Withheld("not kept, it may be a secret", True)}


def known_arguments(arguments: Any) -> Any:
    """A container's `args` or `command`: flags and plain words, unless they may be secrets."""
    if not isinstance(arguments, list):
        return arguments
    kept: list[Any] = []
    before = ""
    for argument in map(str, arguments):
        private = PRIVATE_ARGUMENT.search(argument) or PRIVATE_ARGUMENT.search(before)
        known = ARGUMENT.fullmatch(argument) and not private
        kept.append(argument if known else Withheld("not kept, it may be a secret", True))
        before = argument if "=" not in argument else ""
    return kept


def without_copies(annotations: Any) -> Any:
    """Annotations without the copy of the whole object that `kubectl apply` leaves there."""
    if not isinstance(annotations, Mapping) or COPY not in annotations:
        return annotations
    return {**annotations, COPY: Withheld("not kept, it is an older copy of the object", True)}


def known_configuration(data: Any) -> Any:
    """A ConfigMap's data: mesh configuration and certificates. Other values are not kept."""
    return _only(data, CERTIFICATES | CONFIGURATION)


def certificates_only(data: Any) -> Any:
    """A Secret's data: certificates and what Helm recorded of a release. Never a key."""
    kept = _only(data, CERTIFICATES)
    if not isinstance(kept, Mapping):
        return kept
    return {key: _unencoded(it) if isinstance(it, str) else it for key, it in kept.items()}


def _unencoded(stored: str) -> str:
    """A value of a Secret without the private key that stands beside a certificate in it."""
    if PRIVATE_KEY.search(stored):  # somebody decoded it already
        return PRIVATE_KEY.sub(NO_KEY, stored)
    try:
        text = base64.b64decode(stored).decode()
    except ValueError:
        return stored
    public = PRIVATE_KEY.sub(NO_KEY, text)
    return stored if public == text else base64.b64encode(public.encode()).decode()


def _only(data: Any, public: frozenset[str]) -> Any:
    if not isinstance(data, Mapping):
        return data
    hidden = Withheld("not kept, it may be a secret", True)
    kept = {key: value if key in public else hidden for key, value in data.items()}
    if isinstance(release := data.get("release"), str):
        kept["release"] = helm_release(release)
    return kept


def helm_release(stored: str) -> Any:
    """What Helm recorded of a release: its name, chart, status, and Istio's own values.

    Helm stores base64 of gzipped JSON; in a Secret Kubernetes adds base64 of its own.
    """
    try:
        packed = base64.b64decode(stored, validate=True)
        if not packed.startswith(b"\x1f\x8b") and not packed.startswith(b"{"):
            packed = base64.b64decode(packed, validate=True)
        release = json.loads(_unzipped(packed))
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        return Withheld("no Helm release can be read in it", True)
    if not isinstance(release, Mapping):
        return Withheld("no Helm release can be read in it", True)
    return _kept_of(release)


def _unzipped(packed: bytes) -> bytes:
    if not packed.startswith(b"\x1f\x8b"):
        return packed
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)
    text = inflating.decompress(packed, LONGEST_RELEASE)
    if not inflating.eof:
        raise ValueError("cut short, or too long to be a release")
    return text


def _kept_of(release: Mapping[str, Any]) -> dict[str, Any]:
    chart = _mapping(_mapping(release.get("chart")).get("metadata"))
    known = {key: chart.get(key) for key in ("name", "version", "appVersion")}
    values: Any = Withheld("not kept, they are not Istio's", True)
    if chart.get("name") in ISTIO_CHARTS:
        values = {k: v for k, v in _mapping(release.get("config")).items() if k in VALUES}
    return {
        "name": release.get("name"),
        "namespace": release.get("namespace"),
        "version": release.get("version"),
        "info": {"status": _mapping(release.get("info")).get("status")},
        "chart": {"metadata": {k: v for k, v in known.items() if v is not None}},
        "config": values,
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
