"""What Helm recorded of a release: its name, chart and status, Istio's own values, its manifest.

A release is what somebody asked for, not what runs. Of its manifest only the names and the marks
of objects are kept, and of a ConfigMap what configures a mesh: it may hold Secrets in clear.
(helm 3.14: pkg/release/release.go, pkg/storage/driver/util.go)
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.documents import Document, Malformed, documents
from auditor.private import certificates_only, known_configuration, without_private_keys
from auditor.withheld import Withheld

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
KEEP = "helm.sh/resource-policy"
"""The annotation with which Helm leaves an object where its release is uninstalled."""
TRACE = "istio"
"""What every object of Istio's, and of SDM's, has somewhere in its text."""
SEPARATOR = "\n---"
UNREADABLE = "no Helm release can be read in it"


class NoRelease(Exception):
    """What is stored is no release of Helm's, or not the whole of one."""


def secret_data(data: Any) -> Any:
    """A Secret's data: certificates and what Helm recorded of a release. Never a key."""
    return _with_release(data, certificates_only(data))


def config_map_data(data: Any) -> Any:
    """A ConfigMap's data: mesh configuration, certificates and what Helm recorded of a release."""
    return _with_release(data, known_configuration(data))


def _with_release(data: Any, kept: Any) -> Any:
    if not isinstance(data, Mapping) or not isinstance(stored := data.get("release"), str):
        return kept
    try:
        return {**kept, "release": kept_of(unpacked(stored))}
    except NoRelease:
        return {**kept, "release": Withheld(UNREADABLE, True)}


def unpacked(stored: str) -> Mapping[str, Any]:
    """A release as Helm stores it: base64 of gzipped JSON; in a Secret there is base64 around it.

    Nothing is taken out of it yet. Raises `NoRelease`.
    """
    try:
        packed = base64.b64decode(stored, validate=True)
        if not packed.startswith(b"\x1f\x8b") and not packed.startswith(b"{"):
            packed = base64.b64decode(packed, validate=True)
        read = list(documents(_unzipped(packed)))
    except (ValueError, binascii.Error, zlib.error, Malformed):
        raise NoRelease from None
    roots = [it.root for it in read if isinstance(it, Document)]
    if len(roots) != 1 or not isinstance(roots[0], Mapping):
        raise NoRelease
    return roots[0]


def _unzipped(packed: bytes) -> bytes:
    if not packed.startswith(b"\x1f\x8b"):
        return packed
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)
    text = inflating.decompress(packed, LONGEST_RELEASE)
    if not inflating.eof:
        raise ValueError("cut short, or too long to be a release")
    return text


def kept_of(release: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a release. Hooks are left out: they run once, and are not what it manages."""
    chart = _mapping(_mapping(release.get("chart")).get("metadata"))
    known = {key: chart.get(key) for key in ("name", "version", "appVersion")}
    known = {key: it for key, it in known.items() if _is_text(it)}
    is_istios = known.get("name") in ISTIO_CHARTS
    status = _mapping(release.get("info")).get("status")
    values: Any = Withheld("not kept, they are not Istio's", True)
    if is_istios:
        values = {k: v for k, v in _mapping(release.get("config")).items() if k in VALUES}
    kept = {
        **{key: it for key in ("name", "namespace") if _is_text(it := release.get(key))},
        "version": release.get("version"),
        "info": {"status": status},
        "chart": {"metadata": known},
        "config": without_private_keys(values),
    }
    manifest = release.get("manifest")
    if status == "deployed" and isinstance(manifest, str) and manifest.strip():
        kept["manifest"] = _declared(manifest, whole=is_istios)
    return kept


def _declared(manifest: str, *, whole: bool) -> Any:
    """The objects that a release says it has; of another chart those that have to do with Istio."""
    parts = manifest.split(SEPARATOR)
    text = SEPARATOR.join(it for it in parts if whole or TRACE in it)
    try:
        roots = [it.root for it in documents(text) if isinstance(it, Document)]
    except Malformed:
        return Withheld("its manifest cannot be parsed", True)
    return [thing for root in roots for thing in _objects(root)]


def _objects(root: object) -> Iterator[dict[str, Any]]:
    """An object, by what names and marks it; of a list, which a template may hold, each."""
    if not isinstance(root, Mapping):
        return
    items = root.get("items")
    if str(root.get("kind")).endswith("List") and isinstance(items, list):
        for item in items:
            yield from _objects(item)
        return
    metadata = _mapping(root.get("metadata"))
    named = [root.get("apiVersion"), root.get("kind"), metadata.get("name")]
    if not all(isinstance(it, str) for it in named):
        return
    marks = {key: it for key in ("name", "namespace") if _is_text(it := metadata.get(key))}
    labels = {key: it for key, it in _mapping(metadata.get("labels")).items() if _is_text(it)}
    if labels:
        marks["labels"] = labels
    if _is_text(policy := _mapping(metadata.get("annotations")).get(KEEP)):
        marks["annotations"] = {KEEP: policy}
    kept = {"apiVersion": named[0], "kind": named[1], "metadata": marks}
    if kept["kind"] == "ConfigMap" and isinstance(data := root.get("data"), Mapping):
        kept["data"] = without_private_keys(known_configuration(data))
    yield kept


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
