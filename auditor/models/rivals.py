"""Two places of one IstioOperator for one setting, of which one hides the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.models.mesh_types import named
from auditor.models.meshes import MESHES
from auditor.models.placement import Misplaced, Move
from auditor.models.versions import VERSIONS
from auditor.objects import Field, Obj, dotted
from auditor.private import without_private_keys
from auditor.seen import Gap, Unseen

FIRST_WHERE_MESH_CONFIG_WINS = 24
"""Until 1.23 `spec.values.meshConfig` hides `spec.meshConfig`, and later the reverse
(istio 1.23.6: operator/pkg/translate/translate.go, 1.24.6: operator/pkg/render/manifest.go)."""


def hidden(iop: Obj, cluster: Cluster) -> Iterator[Misplaced]:
    """Every setting that another place of the same resource hides."""
    spec = iop.at("spec")
    yield from _hidden_variables(spec)
    pairs = tuple(_rivals(spec.at("meshConfig"), spec.at("values", "meshConfig")))
    if not pairs:
        return
    version = _version(iop, cluster)
    for own, of_values in pairs:
        won, lost = own, of_values
        if version.minor_number < FIRST_WHERE_MESH_CONFIG_WINS:
            won, lost = of_values, own
        said = f"{dotted(lost.path)} is hidden by {dotted(won.path)} in Istio {version.minor}"
        yield Misplaced(said, _counted(lost), tuple(_joined(won, lost)), mild=True)


def _hidden_variables(spec: Field) -> Iterator[Misplaced]:
    """The component's variables win over those of the values
    (istio 1.13.9: operator/pkg/translate/translate.go).
    """
    values = spec.at("values", "pilot", "env")
    for variable in spec.at("components", "pilot", "k8s", "env").each():
        rival = values.at(str(variable.at("name").value))
        value = variable.at("value")
        if rival and value and str(rival.value).lower() != str(value.value).lower():
            said = f"{dotted(rival.path)} is hidden by {dotted(value.path)}"
            yield Misplaced(said, rival, ((rival.path, (), None),), mild=True)


def _rivals(one: Field, other: Field) -> Iterator[tuple[Field, Field]]:
    """The settings that both places have and in which they differ."""
    if not isinstance(one.held, Mapping) or not isinstance(other.held, Mapping):
        return
    for field in one.each():
        rival = named(other, str(field.path[-1]))
        if not rival or field.value == rival.value:
            continue
        if isinstance(field.value, Mapping) and isinstance(rival.value, Mapping):
            yield from _rivals(field, rival)
        else:
            yield field, rival


def _version(iop: Obj, cluster: Cluster) -> Version:
    """The version of the control plane that an IstioOperator declares."""
    planes = cluster.model(MESHES).each(lambda mesh: mesh.control_planes)
    own = planes.where(lambda it: any(d.resource.ref == iop.ref for d in it.declared))
    said = own.each(lambda it: cluster.model(VERSIONS).of(it)).first()
    if said is None:
        raise Unseen(Gap(f"the Istio version that {iop.ref} is for", "nothing tells it"))
    return said.known


def _joined(won: Field, lost: Field) -> Iterator[Move]:
    """A list with what the hidden one holds beside; of another setting what counts today."""
    yield lost.path, (), None
    if isinstance(won.held, list) and isinstance(lost.held, list):
        more = [it for it in lost.held if it not in won.held]
        yield (), won.path, without_private_keys([*won.held, *more])


def _counted(field: Field) -> Field:
    if isinstance(field.held, list):
        return field.holding(f"(a list of {len(field.held)})")
    return field
