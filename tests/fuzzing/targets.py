"""What is fuzzed: functions of bytes that end in a value or in their own complaint."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor import sources
from auditor.documents import Malformed, documents, line_of, lines, value
from auditor.helm import secret_data
from auditor.models.certificates import certificates
from auditor.models.pem import pem_blocks
from auditor.objects import Field, Ref
from auditor.sources.refusals import gaps_of

OBJECT = b"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"
LIST = (
    b'{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}]}'
)
PATHS = (
    "support-bundle/version.yaml",
    "support-bundle/cluster-resources/pods/shop.json",
    "support-bundle/cluster-resources/pods-errors.json",
    "bug-report/cluster/k8s-resources",
    "bug-report/bug-report.log",
    "must-gather.local.1/image/namespaces/shop/shop.yaml",
    "must-gather.local.1/image/namespaces/shop/core/configmaps.yaml",
    "must-gather.local.1/image/timestamp",
    "resources/namespaces/cluster/shop.json",
    "metadata/version",
    "kubecapture/core_v1/shop/pods-2026-01-01T00-00-00Z.0000.json",
    "resources/ns/shop/core_v1_pods.json",
    "meta/query-time.json",
    "sos_commands/kubernetes/cluster-info/shop/kubectl_get_-o_json_--namespace_shop_pods",
    "dump/nodes.json",
    "dump/shop/replication-controllers.json",
    "istio-dump/istio-resources.yaml",
    "config/id",
    "kustomization.yaml",
)


@dataclass(frozen=True)
class Target:
    """A reader, and inputs that lead far into it."""

    read: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _documents(data: bytes) -> None:
    try:
        for found in documents(data):
            line_of(lines(data), 1, 0, ("items", 0, "metadata", "name"))
            assert found
    except Malformed as damage:
        assert damage.line >= 1
    text = data.decode("utf-8", "surrogateescape")
    with contextlib.suppress(Malformed):
        json.dumps(value(text))
    gaps_of(text)


def _archives(data: bytes) -> None:
    _read(data)


def _read(data: bytes) -> None:
    try:
        sources.read(["-"], stdin=io.BytesIO(data))
    except sources.Unusable as unusable:
        assert str(unusable).isprintable()


def _layouts(data: bytes) -> None:
    """Each byte of 0 parts two files; their first byte says which path they have."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for part in data.split(b"\0")[: len(PATHS)]:
            info = tarfile.TarInfo(PATHS[part[0] % len(PATHS)] if part else "empty")
            info.size = len(part[1:])
            archive.addfile(info, io.BytesIO(part[1:]))
    _read(packed.getvalue())


def _helm(data: bytes) -> None:
    text = data.decode("latin-1")
    packed = base64.b64encode(gzip.compress(data, 1)).decode()
    for stored in (text, base64.b64encode(data).decode(), packed):
        secret_data({"release": stored, "ca.crt": text})


def _certificates(data: bytes) -> None:
    ref = Ref("ConfigMap", "a", "shop")
    body = base64.encodebytes(data).decode()
    der = f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"
    for text in (data.decode("utf-8", "replace"), der):
        for block in pem_blocks(text):
            assert 0 <= block.start < block.end <= len(text)
        for found in certificates(Field(ref, ("data",), text)).so_far:
            assert found.short
            assert found.issued_by(found) in (True, False)


def _printed(data: bytes) -> None:
    """The items of a List, as kubectl prints them."""
    indented = data.replace(b"\n", b"\n  ")
    _read(b"apiVersion: v1\nitems:\n- " + indented + b"\nkind: List\nmetadata: {}\n")


def _zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.yaml", OBJECT)
        archive.writestr("b/c.json", LIST)
    return packed.getvalue()


def _tarred() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("a.yaml")
        info.size = len(OBJECT)
        archive.addfile(info, io.BytesIO(OBJECT))
    return packed.getvalue()


TARGETS = {
    "documents": Target(_documents, (OBJECT, LIST, b"a: &a [x]\nb: {<<: *a}\n", b"- !!int 1\n")),
    "archives": Target(_archives, (_tarred(), _zipped(), gzip.compress(_tarred(), mtime=0))),
    "layouts": Target(
        _layouts, (b"\0".join(bytes([n]) + LIST for n in range(len(PATHS))), b"\1" + OBJECT)
    ),
    "helm": Target(_helm, (b'{"name":"a","chart":{"metadata":{"name":"istiod"}},"config":{}}',)),
    "certificates": Target(_certificates, (b"0\x82\x01\x00", b"-----BEGIN A-----\na: b\n\nQUJD\n")),
    "printed": Target(_printed, (OBJECT, b"apiVersion: v1\nkind: ConfigMap\ndata: {a: |-\n  b}\n")),
}


def damaged(seed: bytes) -> Iterator[bytes]:
    """Cuts of a seed, and the seed with one byte changed."""
    step = max(1, len(seed) // 16)
    for at in range(0, len(seed), step):
        yield seed[:at]
        yield seed[:at] + bytes([seed[at] ^ 0xFF]) + seed[at + 1 :]
