"""Variables of an istiod as the custom resources declare them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.kinds import ISTIO_CONTROL_PLANE, ISTIO_OPERATOR
from auditor.models.containers import env, is_on
from auditor.models.declared import Declaration
from auditor.models.installers import IGNORED
from auditor.models.instances import Instance
from auditor.models.istiod import discovery
from auditor.models.mesh_config import XDS_AGENT
from auditor.models.mesh_types import named
from auditor.models.meshes import ControlPlane
from auditor.objects import Field
from auditor.seen import Seen


def declared_variable(declaration: Declaration, name: str) -> Field:
    """A variable of istiod in the resource that declares it; absent where it is not there.

    In an IstioOperator `components.pilot.k8s.env` wins over `values.pilot.env`
    (istio 1.13.9: operator/pkg/translate/translate.go).
    """
    spec = declaration.resource.at("spec")
    if declaration.resource.kind == ISTIO_CONTROL_PLANE:
        return env(spec.at("istiod", "deployment"), name)
    if declaration.resource.kind == ISTIO_OPERATOR:
        of_component = env(spec.at("components", "pilot", "k8s"), name)
        return of_component or spec.at("values", "pilot", "env", name)
    return spec.at("values", "pilot", "env", name)


def agents_declared(plane: ControlPlane) -> Seen[Field]:
    """Where the agents of a control plane's proxies are told to ask for other roots, for an
    operator to carry out.
    """
    asked = Seen(plane.declared).where(lambda it: it.resource.annotation(IGNORED).value != "true")
    configs = asked.each(
        lambda it: (it.resource.at("spec", *path, "meshConfig") for path in ((), ("values",)))
    )
    metadata = configs.map(lambda it: named(named(it, "defaultConfig"), "proxyMetadata"))
    return metadata.map(lambda it: it.at(XDS_AGENT)).where(is_on)


def declarations_of(plane: ControlPlane, name: str) -> Iterator[Field]:
    """Where a variable of a control plane is declared, for an operator to carry out."""
    for declaration in plane.declared:
        recorded = declaration.resource.annotation(IGNORED).value == "true"
        if not recorded and (declared := declared_variable(declaration, name)):
            yield declared


def is_set_twice(instance: Instance, name: str) -> bool:
    """Whether a container names a variable more than once, of which the last counts."""
    variables = discovery(instance.thing).at("env").each()
    return len([it for it in variables if it.at("name").value == name]) > 1
