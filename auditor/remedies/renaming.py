"""How a control plane is given another revision or place, by what installed it.

A revision cannot be changed in place: a second control plane is installed beside the
first, the workloads move, the first goes (istio.io: setup/upgrade/canary).
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.kinds import (
    DAEMON_SET,
    ISTIO_CONTROL_PLANE,
    ISTIO_OPERATOR,
    NAMESPACE,
    POD,
    SAIL_ISTIO,
    SERVICE_MESH_CONTROL_PLANE,
    STATEFUL_SET,
)
from auditor.models.installers import HELM, HELM_RELEASE, IGNORED, INSTALLERS, ISTIOCTL
from auditor.models.istiod import SDM
from auditor.models.meshes import MESHES, ControlPlane
from auditor.models.versions import VERSIONS
from auditor.objects import Obj
from auditor.remedies.copying import copied, deleted
from auditor.remedies.istioctl import install, recorded
from auditor.remedies.relocating import relocated
from auditor.remedy import Command, Step
from auditor.seen import Seen

PLACES = {
    ISTIO_OPERATOR: "spec.values.global.istioNamespace",
    SAIL_ISTIO: "spec.namespace",
    SERVICE_MESH_CONTROL_PLANE: "metadata.namespace",
}
"""Where a custom resource says in which namespace its control plane is to run."""
PLAIN_UNINSTALL = 15
"""From here on `istioctl uninstall`, before it `istioctl x uninstall`."""


@dataclass(frozen=True)
class Renaming:
    """Advice, so it goes by what was seen: what a person does, and types, step by step."""

    cluster: Cluster

    def free_name(self, plane: ControlPlane) -> str:
        """A revision to take instead: its version, as upstream's own pages name revisions."""
        version = self._version(plane)
        name = version.number.replace(".", "-") if version else plane.namespace
        taken = {revision for it in self.cluster.model(MESHES).so_far for revision in it.revisions}
        return name if name not in taken else f"{name}-{plane.namespace}"

    def steps(self, plane: ControlPlane, namespace: str = "") -> Iterator[Step]:
        """Each step in words, with a command where one is known; `namespace` is the new place."""
        if plane.family == SDM:
            yield from self._of_sdm(plane)
            return
        if embedding := _embedding(plane):
            said = f"{embedding.ref} is another product's and brings a pilot with it"
            text = f"{said}: set the REVISION of its container by that product's own settings"
            yield Command(text, f"kubectl describe {embedding.ref.target}")
            return
        name = self.free_name(plane)
        operators = [it.resource for it in plane.declared if it.resource.kind == ISTIO_OPERATOR]
        if operators and not plane.instances.so_far and not namespace:
            patch = json.dumps({"spec": {"revision": name}})
            target = operators[0].ref.target
            said = f"let {operators[0].ref} ask for another revision"
            yield Command(said, f"kubectl patch {target} --type merge -p {shlex.quote(patch)}")
            return
        yield from self._installed(plane, name, namespace)
        yield from relocated(self.cluster, plane, name)
        yield from self._taken_away(plane)

    def _of_sdm(self, plane: ControlPlane) -> Iterator[Step]:
        """Its revision is made of the name and the namespace of its IstioControlPlane."""
        said = "its revision is made of its name and its namespace"
        resource = _reconciled(plane)
        if resource is None:
            yield Command(f"make its IstioControlPlane again under another name: {said}")
            return
        name = self._free_name_of_sdm(plane, resource.namespace)
        yield from copied(resource, f"the name {name} in metadata.name, as {said}")
        yield from relocated(self.cluster, plane, f"{name}.{resource.namespace}")
        yield deleted(resource)

    def _free_name_of_sdm(self, plane: ControlPlane, namespace: str) -> str:
        """As SDM's own pages name an IstioControlPlane: by the minor of its Istio."""
        version = self._version(plane)
        name = f"icp-v1{version.minor_number}x" if version else "icp-v1x"
        taken = {revision for it in self.cluster.model(MESHES).so_far for revision in it.revisions}
        numbered = (f"{name}-{number}" for number in count(2))
        return next(it for it in chain([name], numbered) if f"{it}.{namespace}" not in taken)

    def _installed(self, plane: ControlPlane, name: str, namespace: str) -> Iterator[Step]:
        place, revision = namespace or plane.namespace, shlex.quote(name)
        installer, version = self._installer(plane), self._version(plane)
        said = f"install it a second time, with the settings it has and the revision {name}"
        if namespace:
            said += f", in a namespace of its own, such as {namespace}"
        if installer == ISTIOCTL:
            options = f"--set revision={revision}"
            options += f" --set values.global.istioNamespace={shlex.quote(place)}"
            run, command = install(version, recorded((plane,)), options)
            yield Command(f"{said}: {run}", command)
        elif installer == HELM:
            yield Command(said, self._by_helm(plane, name, place))
        elif resource := _reconciled(plane):
            if namespace:
                yield Command(f"make {namespace}", f"kubectl create namespace {shlex.quote(place)}")
            given = [f"{name} in metadata.name"]
            given += [f"{name} in spec.revision"] if resource.kind == ISTIO_OPERATOR else []
            given += [f"{place} in {PLACES[resource.kind]}"] if namespace else []
            yield from copied(resource, " and ".join(given))
        else:
            yield Command(said)

    def _by_helm(self, plane: ControlPlane, name: str, namespace: str) -> str:
        place, version = shlex.quote(namespace), self._version(plane)
        pinned = f" --version {version.number}" if version else ""
        made = "" if namespace == plane.namespace else " --create-namespace"
        values, kept = "", ""
        if release := self._release(plane):
            file = f"{release}.yaml"
            values = f"helm get values {shlex.quote(release)} -n {shlex.quote(plane.namespace)}"
            values += f" -o yaml > {shlex.quote(file)} && "
            kept = f" -f {shlex.quote(file)}"
        return (
            f"{values}helm install {shlex.quote(f'istiod-{name}')} istio/istiod -n {place}{made}"
            f"{pinned}{kept} --set revision={shlex.quote(name)} --set global.istioNamespace={place}"
        )

    def _taken_away(self, plane: ControlPlane) -> Iterator[Step]:
        said = f"take the control plane of revision {plane.revision} away"
        installer, resource = self._installer(plane), _reconciled(plane)
        if installer == ISTIOCTL:
            version = self._version(plane)
            plain = version is None or version.is_since(PLAIN_UNINSTALL)
            command = f"istioctl {'' if plain else 'x '}uninstall"
            number = f", with istioctl {version.number}" if version else ""
            revision = shlex.quote(plane.revision)
            yield Command(f"{said}{number}", f"{command} --revision {revision}")
        elif release := self._release(plane):
            place = shlex.quote(plane.namespace)
            yield Command(said, f"helm uninstall {shlex.quote(release)} -n {place}")
        elif resource:
            yield deleted(resource)
        elif installer:
            yield Command(said)
        else:
            text = f"{said}: stop it, then delete it with all else in its manifests"
            yield from (
                Command(text, f"kubectl scale {it.ref.target} --replicas=0")
                for it in plane.instances.so_far[:1]
            )

    def _release(self, plane: ControlPlane) -> str:
        """The Helm release of its istiod."""
        if self._installer(plane) != HELM:
            return ""
        instances = plane.instances.so_far
        named = (it.thing.annotation(HELM_RELEASE).held for it in instances)
        return str(next(filter(None, named), ""))

    def _installer(self, plane: ControlPlane) -> str:
        found = Seen((plane,)).each(self.cluster.model(INSTALLERS).of).so_far
        return found[0].name if found else ""

    def _version(self, plane: ControlPlane) -> Version | None:
        said = Seen((plane,)).each(self.cluster.model(VERSIONS).of).so_far
        return next((it.version for it in said if it.version), None)


def _reconciled(plane: ControlPlane) -> Obj | None:
    """The custom resource that an operator in the cluster makes it from."""
    resources = (it.resource for it in plane.declared)
    written = (it for it in resources if it.kind == ISTIO_CONTROL_PLANE or it.kind in PLACES)
    return next((it for it in written if it.annotation(IGNORED).held != "true"), None)


def _embedding(plane: ControlPlane) -> Obj | None:
    """What runs a pilot of its own and is no istiod: to replace it would take its product away."""
    things = [instance.thing for instance in plane.instances.so_far]
    if any(thing.label("app").held == "istiod" for thing in things):
        return None
    return next(iter(things), None)


RENAMING = Model(
    "renaming",
    (MESHES, INSTALLERS, VERSIONS, NAMESPACE, POD, STATEFUL_SET, DAEMON_SET),
    Renaming,
)
