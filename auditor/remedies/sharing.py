"""How to let the external CA of one mesh sign for another too."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import POD, SAIL_ISTIO, SECRET
from auditor.models.authority import EXTERNAL
from auditor.models.certificates import certificates, decoded
from auditor.models.external_ca import EXTERNAL_CAS, settings_for_signing
from auditor.models.installers import INSTALLERS
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import Mesh
from auditor.models.versions import VERSIONS
from auditor.objects import Field, Obj
from auditor.remedies.restarts import restarted
from auditor.remedies.telling import tell
from auditor.remedies.wanted import Wanted
from auditor.remedy import Command, Remedy, Step


@dataclass(frozen=True)
class Sharing:
    """What makes two meshes issue from one external CA. It builds on what was seen alone."""

    cluster: Cluster

    def one_ca(self, giving: Mesh, taking: Mesh) -> Remedy:
        """Give a mesh the CA of another: its root, the settings of its istiod, new certificates."""
        if not self._by_kubernetes(giving) or not self._by_kubernetes(taking):
            text = "let the CAs behind the two meshes issue from one root, each by an intermediate"
            return Remedy("issue both meshes from one root", (Command(text),))
        settings = tuple(self._settings(giving, taking))
        anew = restarted(self.cluster, taking, "so that the CA issues their certificates anew")
        steps = (*self._root(giving, taking), *(settings or _restart(taking)), *anew)
        return Remedy(f"let the CA of {giving.id} sign for {taking.id} too", steps)

    def _by_kubernetes(self, mesh: Mesh) -> bool:
        """Whether the signing of a mesh is, or can be, handed on to Kubernetes' CSR API."""
        in_effect = self.cluster.model(EXTERNAL_CAS).in_effect(mesh).so_far
        return bool(settings_for_signing(mesh).so_far) or not in_effect

    def _root(self, giving: Mesh, taking: Mesh) -> Iterator[Step]:
        if self._keys(giving) and self._keys(giving) == self._keys(taking):
            return
        for root in self.cluster.model(EXTERNAL_CAS).roots(giving).so_far:
            take = f"kubectl get {root.ref.target} -o jsonpath='{{.data.root-cert\\.pem}}'"
            decode = " | base64 -d" if root.kind == SECRET else ""
            yield Command("take the root of the CA", f"{take}{decode} > root-cert.pem")
            put = f"kubectl create secret generic {EXTERNAL} -n {shlex.quote(taking.namespace)}"
            put += " --from-file=root-cert.pem --dry-run=client -o yaml | kubectl apply -f -"
            yield Command("put it where the other istiod mounts it", put)
            return
        yield Command(f"put the root of that CA into Secret {taking.namespace}/{EXTERNAL}")

    def _keys(self, mesh: Mesh) -> set[str]:
        """What tells the roots apart that were laid ready for a mesh."""
        objects = self.cluster.model(EXTERNAL_CAS).roots(mesh)
        roots = objects.each(lambda it: certificates(_text(it)))
        return {root.key for root in roots.so_far}

    def _settings(self, giving: Mesh, taking: Mesh) -> Iterator[Step]:
        """The variables that the other lacks, or has with another value."""
        wanted, there = (
            {name: str(it.value) for name, it in settings_for_signing(mesh).so_far}
            for mesh in (giving, taking)
        )
        lacking = {name: value for name, value in wanted.items() if there.get(name) != value}
        for plane in taking.control_planes:
            yield from tell(self.cluster, plane, Wanted(self.cluster.now, env=lacking))


def _text(root: Obj) -> Field:
    held = root.at("data", "root-cert.pem")
    return decoded(held) if root.kind == SECRET else held


def _restart(mesh: Mesh) -> Iterator[Step]:
    for plane in mesh.control_planes:
        for instance in plane.instances.so_far[:1]:
            target = shlex.quote(f"deployment/{instance.ref.name}")
            command = f"kubectl rollout restart {target} -n {shlex.quote(instance.namespace)}"
            yield Command("start its istiod anew", command)


SHARING = Model(
    "sharing of a CA",
    (EXTERNAL_CAS, INSTALLERS, MESH_CONFIGS, VERSIONS, POD, SAIL_ISTIO),
    Sharing,
)
