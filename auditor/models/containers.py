"""Containers and their environment, in pods and in whatever makes pods."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.keeps import NotKept
from auditor.kinds import CRON_JOB, POD
from auditor.objects import Field, Obj
from auditor.private import is_known_variable

TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
"""What Go's strconv.ParseBool takes for true. Istio takes what it cannot parse for the default."""


def pod_template(thing: Obj) -> Field:
    """The pod that an object is, or that it makes: its `metadata` and its `spec`."""
    if thing.kind == POD:
        return thing.at()
    if thing.kind == CRON_JOB:
        return thing.at("spec", "jobTemplate", "spec", "template")
    return thing.at("spec", "template")


def containers(thing: Obj) -> Iterator[Field]:
    """The containers of a pod, or of the pods that an object makes; those for the start first."""
    spec = pod_template(thing).at("spec")
    yield from spec.at("initContainers").each()
    yield from spec.at("containers").each()


def container(thing: Obj, name: str) -> Field:
    """The container of a name, false where there is none."""
    spec = pod_template(thing).at("spec")
    for listed in (spec.at("initContainers"), spec.at("containers")):
        for found in _named(listed, name):
            return found
    return spec.at("containers").holding(None).at(name)


def env(container: Field, name: str) -> Field:
    """A variable of a container, false where it is not set. The last of a name counts.

    One that Kubernetes fills in when the container starts is there, its value withheld.
    Raises `NotKept` for a variable whose values are not kept.
    """
    if not is_known_variable(name):
        raise NotKept(f"the variable {name!r} is not kept; add it to auditor.private.VARIABLE")
    variables = container.at("env")
    found = variables.holding(None).at(name)
    for variable in _named(variables, name):
        found = _value_of(variable)
    return found


def _named(listed: Field, name: str) -> Iterator[Field]:
    """The containers, or variables, of a name. Most have another, and no field need say so."""
    if not isinstance(listed.held, list):
        yield from (it for it in listed.each() if it.at("name").value == name)
        return
    for place, item in enumerate(listed.held):
        said = item.get("name") if isinstance(item, dict) else None
        if said == name or (not isinstance(said, str) and listed.at(place, "name").value == name):
            yield listed.at(place)


def _value_of(variable: Field) -> Field:
    if source := variable.at("valueFrom"):
        return source.withheld("it is set when the container starts", there=True, get="")
    value = variable.at("value")
    return value or value.holding("")


def is_on(variable: Field) -> bool:
    """Whether a switch of Istio is on, one that is off by default."""
    return variable.value in TRUE
