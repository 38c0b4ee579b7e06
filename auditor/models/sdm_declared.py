"""What is amiss with an IstioControlPlane, as it is written and as its operator took it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.kinds import ISTIO_CONTROL_PLANE
from auditor.models.istiod import SDM
from auditor.models.meshes import RUNNING_MESHES
from auditor.models.operators import OPERATORS, Operator, accepted_by, accepts
from auditor.objects import Field, Obj
from auditor.seen import Seen

ACTIVE = "ACTIVE"
CISCO = "cisco"
AVAILABLE = "Available"
VERSION = re.compile(r"1\.[0-9]+(\.[0-9]+)?(-.+)?")
"""What any operator may accept."""


@dataclass(frozen=True)
class Amiss:
    """One thing that is amiss with an IstioControlPlane."""

    said: str
    fields: tuple[Field, ...]
    spec: tuple[tuple[str, str], ...] = ()
    """The fields of its spec that mend it, where they do."""
    mild: bool = False


@dataclass(frozen=True)
class SdmDeclared:
    """Judges IstioControlPlanes, with the operators that are to act upon them.

    Names and states are those of banzaicloud/istio-operator v2.17.4:
    api/v1alpha1/istiocontrolplane.proto, common.proto.
    """

    cluster: Cluster

    def amiss(self, icp: Obj) -> Seen[Amiss]:
        """All that is amiss."""
        checks: tuple[Callable[[Obj], Iterator[Amiss]], ...] = (
            self._version,
            _mode,
            self._distribution,
            _mesh_id,
            _state,
        )
        return Seen(checks).each(lambda check: check(icp))

    def operators(self) -> Seen[Operator]:
        """The operators of SDM that run."""
        return self.cluster.model(OPERATORS).where(lambda it: it.kind == SDM and it.runs)

    def undecided(self, icp: Obj) -> Operator | None:
        """An operator that may be the one which accepts it, where none is known to."""
        version = str(icp.at("spec", "version").value)
        running = self.operators()
        if running.where(lambda it: accepts(it, version)):
            return None
        return running.where(lambda it: accepts(it, version) is None).first()

    def _version(self, icp: Obj) -> Iterator[Amiss]:
        version = icp.at("spec", "version")
        if not version.value:
            yield Amiss("it names no version", (version,))
            return
        running = self.operators()
        if running.where(lambda it: accepts(it, str(version.value)) is not False):
            return
        if operator := running.first():
            accepted = accepted_by(operator)
            which = f"and {operator.said} {operator.tag.value} accepts {accepted} alone"
            if not VERSION.fullmatch(str(version.value)):
                which = f"which is no version to {operator.said}"
            said = f"it asks for Istio {version.value}, {which}: it is ignored without a word"
            yield Amiss(said, (version, operator.image))

    def _distribution(self, icp: Obj) -> Iterator[Amiss]:
        """Without Cisco's names its istiod writes the ConfigMaps that every other istiod writes."""
        distribution = icp.at("spec", "distribution")
        if distribution.value == CISCO:
            return
        others = self.cluster.model(RUNNING_MESHES).where(
            lambda it: (it.family, it.namespace) != (SDM, icp.namespace)
        )
        alone = not others.so_far and not others.gaps
        said = f"its distribution is not {CISCO}: its istiod writes istio-ca-root-cert as others do"
        yield Amiss(said, (distribution,), (("distribution", CISCO),), mild=alone)


def _mode(icp: Obj) -> Iterator[Amiss]:
    mode = icp.at("spec", "mode")
    if mode.value != ACTIVE:
        said = f"its mode is not {ACTIVE}"
        said += ": its istiod runs in another cluster" if mode.value == "PASSIVE" else ""
        yield Amiss(said, (mode,), (("mode", ACTIVE),))


def _mesh_id(icp: Obj) -> Iterator[Amiss]:
    mesh_id = icp.at("spec", "meshID")
    if not mesh_id.value:
        yield Amiss("it has no meshID", (mesh_id,), (("meshID", icp.name),), mild=True)


def _state(icp: Obj) -> Iterator[Amiss]:
    state = icp.at("status", "status")
    if state.value == "ReconcileFailed":
        yield Amiss("its operator fails to carry it out", (state, icp.at("status", "errorMessage")))
    elif state.value == "Unmanaged":
        yield Amiss("its operator leaves it alone", (state,))
    elif not state.value and is_live(icp):
        yield Amiss("it has no status: no operator has taken it up", (state,))


def is_live(resource: Obj) -> bool:
    """Whether an object was read from a cluster, and not from a manifest."""
    return bool(resource.at("metadata", "uid"))


SDM_DECLARED = Model(
    "declared control planes of SDM",
    (OPERATORS, RUNNING_MESHES, ISTIO_CONTROL_PLANE),
    SdmDeclared,
)
