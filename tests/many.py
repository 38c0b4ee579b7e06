"""Clusters of many meshes, and of many injectors of one mesh."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from benchmarks.dump import Manifest, objects
from fixtures.builder.certificates import UPSTREAM_ROOT, encoded, pem
from fixtures.builder.crd_sets import by_crds_folder
from fixtures.builder.homes import choosing
from fixtures.builder.objects import FIRST_MESH_BORN, Stamp
from fixtures.builder.scene import Scene
from fixtures.builder.trust import Trust
from fixtures.builder.upstream import Installer, Upstream
from fixtures.builder.webhooks import REV, Endpoint, injector

VERSION = "1.27.9"


def injectors(count: int, *, by_namespace: bool) -> list[Manifest]:
    """The objects of a cluster of two meshes and so many injectors, of which every third is a
    tag's. Where they inject by the labels of namespaces too, all are called for the same pods.
    """
    made = list(objects())
    endpoint = Endpoint("istiod-1-13-9", "istio-system", "", ("v1",))
    for number in range(count):
        is_tag, name = number % 3 == 2, f"r-{number}"
        labels = {"app": "sidecar-injector", REV: "1-13-9" if is_tag else name}
        labels |= {"istio.io/tag": name} if is_tag else {}
        stamp = Stamp(FIRST_MESH_BORN, labels)
        made.append(injector(f"injector-{name}", stamp, endpoint, name, default=by_namespace))
    return made


def meshes(count: int, *, accepting: bool) -> list[Manifest]:
    """The objects of a cluster of so many upstream meshes, each with a root of its own; each
    accepts those of all others, or none of them.
    """
    roots = [_root(number) for number in range(count)]
    made: dict[str, Manifest] = {}
    for number, own in enumerate(roots):
        others = tuple(it for it in roots if it is not own) if accepting else ()
        mesh = Upstream(
            version=VERSION,
            revision=f"r-{number}",
            namespace=f"mesh-{number}",
            installer=Installer.HELM,
            root_config_map=f"root-{number}",
            trust=Trust(accepted=others),
            homes=(choosing(f"shop-{number}", f"r-{number}", "front", "back"),),
        )
        scene = Scene(tuple(by_crds_folder(VERSION)), (mesh,), kubernetes="v1.31.4")
        for thing in scene.objects():
            metadata = thing["metadata"]
            place = f"{thing['kind']} {metadata.get('namespace')} {metadata['name']}"
            made.setdefault(place, _with_root(thing, own))
    return list(made.values())


def _with_root(thing: Manifest, own: str) -> Manifest:
    """The same, with another root in the place of upstream's."""
    text = json.dumps(thing)
    text = text.replace(encoded(pem(UPSTREAM_ROOT)), encoded(own))
    changed: Manifest = json.loads(
        text.replace(json.dumps(pem(UPSTREAM_ROOT))[1:-1], json.dumps(own)[1:-1])
    )
    return changed


@cache
def _root(number: int) -> str:
    """The text of a root as istiod makes them: all of one subject, each with a key of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "cluster.local")])
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    root = (
        x509.CertificateBuilder(name, name, key.public_key(), number + 1)
        .not_valid_before(datetime(2022, 1, 1))
        .not_valid_after(datetime(2032, 1, 1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
                **usage,
            ),
            critical=True,
        )
    )
    return root.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
