"""How to complete an IstioControlPlane, and to bring it and its operator together."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.operators import newest_for, operator_release
from auditor.kinds import APPLICATION_MANIFEST, POD
from auditor.models.meshes import MESHES, ControlPlane
from auditor.models.operators import Operator, accepts
from auditor.models.sdm_declared import AVAILABLE, SDM_DECLARED, VERSION, Amiss, is_live
from auditor.objects import Obj
from auditor.remedies.restarts import restarted
from auditor.remedy import Command, Consequence, Patch, Remedy, Step


@dataclass(frozen=True)
class Completing:
    """The ways to put an IstioControlPlane right."""

    cluster: Cluster

    def ways(self, icp: Obj, found: tuple[Amiss, ...]) -> Iterator[Remedy]:
        """To complete it, with what else is to be done; or to ask for what the operator has."""
        spec = dict(pair for amiss in found for pair in amiss.spec)
        patch = (Patch(icp.ref, {"spec": spec}),) if spec else ()
        ignoring = self._ignoring(icp)
        if ignoring:
            commands = tuple(self._operator_for(icp, ignoring))
            for command in commands:
                yield Remedy(
                    "run an operator that accepts it", (*patch, *self._restart(icp, spec), command)
                )
            release = operator_release(str(ignoring.tag.value))
            runs = bool(icp.at("status", "status").held)  # another version moves its workloads
            if release and not (commands and runs):
                version = {"spec": {**spec, "version": release.istio}}
                text = f"{icp.ref} is taken up then, and its istiod runs Istio {release.istio}"
                taken: Step = Consequence(icp.ref, {"status": {"status": AVAILABLE}}, text)
                if any(plane.instances.so_far for plane in self._planes(icp)):  # of another release
                    taken = Command(f"see that {text}", f"kubectl describe {icp.ref.target}")
                steps = (Patch(icp.ref, version), *self._restart(icp, spec), taken)
                yield Remedy("ask for the version of its operator", steps)
            return
        looking = tuple(self._look(icp)) if len(spec) < len(found) else ()
        title = f"complete {icp.ref}" if spec else "look why"
        yield Remedy(title, (*patch, *self._restart(icp, spec), *looking))

    def _ignoring(self, icp: Obj) -> Operator | None:
        """An operator that runs and ignores it, where no other may accept it."""
        version = str(icp.at("spec", "version").held or "")
        running = self.cluster.model(SDM_DECLARED).operators().so_far
        if not version or any(accepts(it, version) is not False for it in running):
            return None
        return next(iter(running), None)

    def _planes(self, icp: Obj) -> Iterator[ControlPlane]:
        """The control planes that it declares, as far as was seen."""
        for mesh in self.cluster.model(MESHES).so_far:
            for plane in mesh.control_planes:
                if any(by.resource.ref == icp.ref for by in plane.declared):
                    yield plane

    def _restart(self, icp: Obj, spec: dict[str, str]) -> Iterator[Step]:
        if "distribution" not in spec:
            return
        text = "give it an image of Cisco's istiod under spec.istiod.deployment.image, if another"
        yield Command(f"{text} stands there", f"kubectl edit {icp.ref.target}")
        for mesh in self.cluster.model(MESHES).so_far:
            planes = mesh.control_planes
            if any(by.resource.ref == icp.ref for plane in planes for by in plane.declared):
                yield from restarted(self.cluster, mesh, "which look for its root elsewhere then")

    def _operator_for(self, icp: Obj, running: Operator) -> Iterator[Step]:
        """The newest operator for its minor; none where there is none."""
        version = str(icp.at("spec", "version").held)
        minor = ".".join(version.split(".")[:2])
        release = newest_for(minor)
        if not release or not VERSION.fullmatch(version):
            return
        said = f"run release {release.tag} of SDM's operator, which accepts Istio {minor}"
        for manifest in self.cluster[APPLICATION_MANIFEST].so_far:
            if manifest.at("spec", "istioOperator", "namespace").held == running.namespace:
                said += f": image.tag {release.tag} in spec.istioOperator.valuesOverride"
                yield Command(said, f"kubectl edit {manifest.ref.target}")
                return
        place = f"deployment/{running.name} -n {running.namespace}"
        container = str(running.container.at("name").held)
        image = f"{str(running.image.held).rpartition(':')[0]}:{release.tag}"
        said += ", in what it was installed from too"
        yield Command(said, f"kubectl set image {place} {shlex.quote(f'{container}={image}')}")

    def _look(self, icp: Obj) -> Iterator[Step]:
        if not icp.at("spec", "version").held:
            yield Command("name the version of Istio", f"kubectl edit {icp.ref.target}")
        if not is_live(icp):
            return
        yield Command("read what its status says", f"kubectl describe {icp.ref.target}")
        for operator in self.cluster.model(SDM_DECLARED).operators().so_far:
            target = shlex.quote(f"deployment/{operator.name}")
            where = f"-n {shlex.quote(operator.namespace)}"
            container = shlex.quote(str(operator.container.at("name").held))
            command = f"kubectl logs {target} {where} -c {container} | grep {shlex.quote(icp.name)}"
            yield Command("and its operator", command)


COMPLETING = Model(
    "completing of control planes", (SDM_DECLARED, APPLICATION_MANIFEST, MESHES, POD), Completing
)
