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
    each = "each of " if len(meshes) > 1 else ""
    yield Command(f"make one root, and below it an intermediate CA for {each}{names}")
    for mesh in meshes:
        yield plugged_in(
            mesh,
            f"plug {mesh.id}'s into Secret cacerts; while its old root still holds, let "
            "root-cert.pem have both",
        )
    for mesh in meshes:
        for plane in mesh.control_planes:
            if plane.instances.so_far:
                text = f"restart the istiod of {mesh.id}, which then issues from it"
                yield Command(text, f"kubectl rollout restart {plane.ref.target}")
    yield Command(f"then restart the workloads of {names}, for certificates from the new root")


def plugged_in(mesh: Mesh, text: str) -> Command:
    """Write the Secret of a mesh's CA from the files that a person made."""
    namespace = shlex.quote(mesh.namespace)
    files = " ".join(f"--from-file={name}" for name in FILES)
    return Command(
        text,
        f"kubectl create secret generic cacerts -n {namespace} {files} --dry-run=client -o yaml"
        " | kubectl apply -f -",
    )
