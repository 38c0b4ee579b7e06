"""How meshes come to issue from one new root, in the order that breaks the least."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from auditor.models.meshes import Mesh
from auditor.remedy import Command

FILES = ("ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem")
"""What istiod reads of the Secret cacerts.

istio.io: tasks/security/cert-management/plugin-ca-cert.
"""


def new_root(meshes: Iterable[Mesh]) -> Iterator[Command]:
    """Steps for a person, who alone may hold the keys."""
    meshes = tuple(meshes)
    names = " and ".join(mesh.id for mesh in meshes)
    yield Command(f"make one root, and below it an intermediate CA for each of {names}")
    files = " ".join(f"--from-file={name}" for name in FILES)
    for mesh in meshes:
        namespace = shlex.quote(mesh.namespace)
        yield Command(
            f"plug {mesh.id}'s into Secret cacerts; while its old root still holds, let "
            "root-cert.pem have both",
            f"kubectl create secret generic cacerts -n {namespace} {files} --dry-run=client -o yaml"
            " | kubectl apply -f -",
        )
    for mesh in meshes:
        for plane in mesh.control_planes:
            if plane.instances.so_far:
                text = f"restart the istiod of {mesh.id}, which then issues from it"
                yield Command(text, f"kubectl rollout restart {plane.ref.target}")
    yield Command(f"then restart the workloads of {names}, for certificates from the new root")
