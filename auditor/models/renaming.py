"""How a control plane is given another revision or place, by what installed it.

A revision cannot be changed in place: a second control plane is installed beside the
first, the workloads move, the first goes (istio.io: setup/upgrade/canary).
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.kinds import ISTIO_OPERATOR
from auditor.models.installers import HELM, HELM_RELEASE, INSTALLERS, ISTIOCTL
from auditor.models.istiod import SDM
from auditor.models.meshes import MESHES, ControlPlane
from auditor.models.versions import VERSIONS
from auditor.objects import Obj
from auditor.seen import Seen

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

    def steps(self, plane: ControlPlane, namespace: str = "") -> Iterator[tuple[str, str]]:
        """Each step in words, with a command where one is known; `namespace` is the new place."""
        if plane.family == SDM:
            yield (
                "make its IstioControlPlane again under another name, in the same namespace: "
                "its revision is made of both",
                "",
            )
            yield "move its namespaces to the new revision, then delete the old resource", ""
            return
        if embedding := _embedding(plane):
            said = f"{embedding.ref} is another product's and brings a pilot with it"
            yield f"{said}: set the REVISION of its container by that product's own settings", ""
            return
        name = self.free_name(plane)
        operators = [it.resource for it in plane.declared if it.resource.kind == ISTIO_OPERATOR]
        if operators and not plane.instances.so_far and not namespace:
            patch = json.dumps({"spec": {"revision": name}})
            target = operators[0].ref.target
            said = f"let {operators[0].ref} ask for another revision"
            yield said, f"kubectl patch {target} --type merge -p {shlex.quote(patch)}"
            return
        said = f"install it a second time, with the settings it has and the revision {name}"
        if namespace:
            said += f", in a namespace of its own, such as {namespace}"
        yield said, self._install(plane, name, namespace or plane.namespace)
        old = plane.revision
        yield f"label its namespaces istio.io/rev={name} and restart their workloads", ""
        yield f"take the control plane of revision {old} away", self._uninstall(plane)

    def _install(self, plane: ControlPlane, name: str, namespace: str) -> str:
        place, revision = shlex.quote(namespace), shlex.quote(name)
        installer, version = self._installer(plane), self._version(plane)
        if installer == ISTIOCTL:
            options = f"--set revision={revision} --set values.global.istioNamespace={place}"
            return f"istioctl install {options}"
        if installer == HELM:
            pinned = f" --version {version.number}" if version else ""
            made = "" if namespace == plane.namespace else " --create-namespace"
            return (
                f"helm install {shlex.quote(f'istiod-{name}')} istio/istiod -n {place}{made}"
                f"{pinned} --set revision={revision} --set global.istioNamespace={place}"
            )
        return ""

    def _uninstall(self, plane: ControlPlane) -> str:
        installer = self._installer(plane)
        if installer == ISTIOCTL:
            version = self._version(plane)
            plain = version is None or version.is_since(PLAIN_UNINSTALL)
            command = f"istioctl {'' if plain else 'x '}uninstall"
            return f"{command} --revision {shlex.quote(plane.revision)}"
        if installer == HELM:
            for instance in plane.instances.so_far:
                if release := instance.thing.annotation(HELM_RELEASE):
                    place = shlex.quote(plane.namespace)
                    return f"helm uninstall {shlex.quote(str(release.held))} -n {place}"
        return ""

    def _installer(self, plane: ControlPlane) -> str:
        found = Seen((plane,)).each(self.cluster.model(INSTALLERS).of).so_far
        return found[0].name if found else ""

    def _version(self, plane: ControlPlane) -> Version | None:
        said = Seen((plane,)).each(self.cluster.model(VERSIONS).of).so_far
        return next((it.version for it in said if it.version), None)


def _embedding(plane: ControlPlane) -> Obj | None:
    """What runs a pilot of its own and is no istiod: to replace it would take its product away."""
    things = [instance.thing for instance in plane.instances.so_far]
    if any(thing.label("app").held == "istiod" for thing in things):
        return None
    return next(iter(things), None)


RENAMING = Model("renaming", (MESHES, INSTALLERS, VERSIONS), Renaming)
