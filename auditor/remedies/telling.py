"""How to tell a control plane something, by the tool that installed it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.kinds import (
    DEPLOYMENT,
    ISTIO_CONTROL_PLANE,
    ISTIO_OPERATOR,
    SAIL_ISTIO,
    SAIL_REVISION,
    Kind,
)
from auditor.models.anchors import Anchor
from auditor.models.installers import (
    HELM,
    HELM_RELEASE,
    IGNORED,
    IN_CLUSTER,
    INSTALLERS,
    ISTIOCTL,
    SAIL,
)
from auditor.models.istiod import OSSM, SDM, discovery
from auditor.models.mesh_config import MESH_CONFIGS, XDS_AGENT
from auditor.models.mesh_types import named
from auditor.models.meshes import ControlPlane
from auditor.models.publishing import is_istios_own
from auditor.models.rivals import FIRST_WHERE_MESH_CONFIG_WINS
from auditor.models.versions import VERSIONS
from auditor.objects import Field, Obj, Ref
from auditor.remedies.istioctl import install
from auditor.remedies.wanted import ALIASES, Wanted, effects
from auditor.remedy import Command, Consequence, Patch, Step, merged
from auditor.seen import Seen

LISTS = ("caCertificates", ALIASES)

DOT = r"\."
"""A dot inside a name, as an option of helm has it."""

Way = Callable[[Cluster, ControlPlane, Wanted], Iterator[Step]]


def tell(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> tuple[Step, ...]:
    """The steps that give a control plane what it lacks, where its installer keeps it."""
    if not wanted:
        return ()
    ways: dict[str, Way] = {
        SDM: _by_sdm,
        IN_CLUSTER: _by_operator,
        ISTIOCTL: _by_istioctl,
        HELM: _by_helm,
        SAIL: _by_sail,
        OSSM: _by_hand,
    }
    found = Seen((plane,)).each(lambda it: cluster.model(INSTALLERS).of(it)).so_far
    way = ways.get(found[0].name, _by_hand) if found else _directly
    embedded = any(not is_istios_own(instance) for instance in plane.instances.so_far)
    if embedded or _is_hidden(cluster, plane, wanted):
        way = _by_hand
    steps = tuple(way(cluster, plane, wanted)) or tuple(_by_hand(cluster, plane, wanted))
    return _carried_out(steps, {it.resource.ref: it.resource for it in plane.declared})


def _carried_out(steps: tuple[Step, ...], resources: Mapping[Ref, Obj]) -> tuple[Step, ...]:
    """The steps, or where a resource already says all of it, what keeps it from taking effect."""
    for step in steps:
        resource = resources.get(step.ref) if isinstance(step, Patch) else None
        if isinstance(step, Patch) and resource:
            spec = resource.at("spec").held
            if merged(spec, step.patch["spec"]) == spec:
                text = f"{step.ref} declares it already: see in its status, and in the log of its "
                text += "operator, why it is not carried out"
                return (Command(text, f"kubectl describe {step.ref.target}"),)
    return steps


def _is_hidden(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> bool:
    """Whether something was taken out of what a change would have to build upon."""
    today = _today(cluster, plane)
    specs = [declaration.resource.at("spec") for declaration in plane.declared]
    texts = [Anchor(item).pem for item in named(today, "caCertificates").each()]
    listed = (today, *texts) if wanted.anchors else ()
    return any(field.gap for field in (*specs, *listed))


def _by_sdm(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    if icp := _declared(plane, ISTIO_CONTROL_PLANE):
        yield Patch(icp.ref, _for_sdm(icp, wanted, _today(cluster, plane)))
        yield from effects(cluster, plane, wanted)


def _by_operator(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    if iop := _declared(plane, ISTIO_OPERATOR):
        today, minor = _today(cluster, plane), _minor(cluster, plane)
        yield Patch(iop.ref, _for_operator(iop, wanted, today, minor))
        yield from effects(cluster, plane, wanted)


def _by_sail(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    if istio := declared_for_sail(cluster, plane):
        values = _values(istio.at("spec", "values"), wanted, _today(cluster, plane))
        yield Patch(istio.ref, {"spec": {"values": values}})
        for it in plane.declared:
            if it.resource.kind == SAIL_REVISION:
                text = f"{it.resource.ref} then says the same, by its operator"
                yield Consequence(it.resource.ref, {"spec": {"values": values}}, text)
        yield from effects(cluster, plane, wanted)


def _today(cluster: Cluster, plane: ControlPlane) -> Field:
    """The mesh configuration that applies, to build a list upon."""
    configs = cluster.model(MESH_CONFIGS).of(plane).so_far
    return configs[0].at() if configs else _nothing(plane)


def _nothing(plane: ControlPlane) -> Field:
    return Field(plane.ref, ())


def _minor(cluster: Cluster, plane: ControlPlane) -> int | None:
    return next((it.minor_number for it in _versions(cluster, plane)), None)


def _declared(plane: ControlPlane, kind: Kind) -> Obj | None:
    return next((it.resource for it in plane.declared if it.resource.kind == kind), None)


def declared_for_sail(cluster: Cluster, plane: ControlPlane) -> Obj | None:
    """The Istio that a person writes; its IstioRevisions are made from it."""
    if istio := _declared(plane, SAIL_ISTIO):
        return istio
    owners = {
        str(owner.at("name").held)
        for declaration in plane.declared
        for owner in declaration.resource.at("metadata", "ownerReferences").each()
        if owner.at("kind").held == SAIL_ISTIO.name
    }
    return next((it for it in cluster[SAIL_ISTIO].so_far if it.name in owners), None)


def _for_sdm(icp: Obj, wanted: Wanted, today: Field) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    if mesh := wanted.mesh(icp.at("spec", "meshConfig"), today):
        spec["meshConfig"] = mesh
    if wanted.env:
        env = icp.at("spec", "istiod", "deployment", "env")
        spec["istiod"] = {"deployment": {"env": wanted.variables(env)}}
    return {"spec": spec}


def _for_operator(iop: Obj, wanted: Wanted, today: Field, minor: int | None) -> dict[str, Any]:
    """An IstioOperator has the mesh configuration at two places, of which one hides the other."""
    spec: dict[str, Any] = {}
    own, values = iop.at("spec", "meshConfig"), iop.at("spec", "values", "meshConfig")
    hidden = minor is not None and minor < FIRST_WHERE_MESH_CONFIG_WINS
    if hidden and values.held and wanted.mesh(values, today):
        spec["values"] = {"meshConfig": wanted.mesh(values, today)}
    elif mesh := wanted.mesh(own, today):
        spec["meshConfig"] = mesh
    if wanted.env:
        env = iop.at("spec", "components", "pilot", "k8s", "env")
        spec["components"] = {"pilot": {"k8s": {"env": wanted.variables(env)}}}
    if iop.at("spec", "components", "meshConfig").held is not None:  # nobody could read the rest
        spec["components"] = {**spec.get("components", {}), "meshConfig": None}
    return {"spec": spec}


def _values(values: Field, wanted: Wanted, today: Field) -> dict[str, Any]:
    """The values of the istiod chart."""
    found: dict[str, Any] = {}
    if mesh := wanted.mesh(values.at("meshConfig"), today):
        found["meshConfig"] = mesh
    if wanted.env:
        found["pilot"] = {"env": dict(wanted.env)}
    return found


def _by_helm(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    """`--set-json` takes the list since Helm 3.10; `--set-string` keeps a text a text."""
    instances = Seen((plane,)).each(lambda it: it.instances).so_far
    names = [str(it.thing.annotation(HELM_RELEASE).held or "") for it in instances]
    release = next((name for name in names if name), "istiod")
    said = [f"helm upgrade {shlex.quote(release)} istio/istiod -n {shlex.quote(plane.namespace)}"]
    said += [f"--version {it.number}" for it in _versions(cluster, plane)]
    said.append("--reuse-values")
    mesh = wanted.mesh(_nothing(plane), _today(cluster, plane))
    for name in (it for it in mesh if it in LISTS):
        listed = f"meshConfig.{name}={json.dumps(mesh[name])}"
        said.append(f"--set-json {shlex.quote(listed)}")
    if wanted.agent:
        said.append(f"--set-string meshConfig.defaultConfig.proxyMetadata.{XDS_AGENT}=true")
    said += [f"--set-string pilot.env.{name}={value}" for name, value in wanted.env.items()]
    said += flags(wanted.settings, "meshConfig")
    text = f"upgrade the release {release}, and keep the values with your others"
    yield Command(text, " ".join(said), effects(cluster, plane, wanted))


def flags(settings: Mapping[str, Any], place: str) -> Iterator[str]:
    """Settings as options of helm, each with its place among the values.

    A text stays a text only with `--set-string`, and a comma in it needs a backslash.
    """
    for name, value in settings.items():
        below = f"{place}.{name.replace('.', DOT)}"
        if isinstance(value, Mapping):
            yield from flags(value, below)
        elif isinstance(value, str):
            text = value.replace(",", "\\,")
            yield f"--set-string {shlex.quote(f'{below}={text}')}"
        else:
            yield f"--set-json {shlex.quote(f'{below}={json.dumps(value)}')}"


def _versions(cluster: Cluster, plane: ControlPlane) -> tuple[Version, ...]:
    """The version of a control plane, which is that of its chart; none where nothing says it."""
    said = Seen((plane,)).each(lambda it: cluster.model(VERSIONS).of(it)).so_far
    return tuple(it.version for it in said if it.version)[:1]


def _by_istioctl(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    iop = _declared(plane, ISTIO_OPERATOR)
    minor = _minor(cluster, plane)
    then = effects(cluster, plane, wanted)
    place = iop or Obj(ISTIO_OPERATOR, {"spec": {}})
    patch = _for_operator(place, wanted, _today(cluster, plane), minor)
    overlay = {"apiVersion": "install.istio.io/v1alpha1", "kind": ISTIO_OPERATOR.name, **patch}
    about = "mesh" if wanted.settings else "trust"
    file = shlex.quote(f"{about}-{plane.revision}.yaml")
    yield Command(
        "write what it lacks into a file",
        f"printf '%s\\n' {shlex.quote(json.dumps(overlay))} > {file}",
        then,
    )
    if iop is not None and iop.annotation(IGNORED).held == "true":
        then = (*then, Consequence(iop.ref, patch, f"istioctl records it in {iop.ref}"))
    version = next(iter(_versions(cluster, plane)), None)
    text, command = install(version, iop, f"-f {file}")
    text += f", and keep {file} with your own files"
    yield Command(text, command, then)


def _by_hand(_cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    """A resource that was not seen, or cannot be built upon, or whose fields are its own."""
    if wanted.anew:
        whose = f"revision {plane.revision} in {plane.namespace}"
        text = f"write each certificate in the caCertificates of {whose} in its own item, and "
        yield Command(text + "leave out what is no certificate of a CA in its validity")
    wanted = replace(wanted, anew=False)
    if not wanted:
        return
    resources = [declaration.resource for declaration in plane.declared]
    read = [it.ref for it in resources if it.annotation(IGNORED).held != "true"][:1]
    where = f"in {read[0]}" if read else "where its installer keeps its settings"
    values = json.dumps(_values(_nothing(plane), wanted, _nothing(plane)))
    text = f"set for revision {plane.revision} in {plane.namespace}, {where}, beside what is there"
    yield Command(f"{text}: {values}", f"kubectl edit {read[0].target}" if read else "")


def _directly(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Step]:
    """Nobody reconciles it, so that its objects themselves may be changed."""
    then = effects(cluster, plane, wanted)
    deployments = [it for it in then if it.ref.kind == DEPLOYMENT.name]
    for it in plane.instances.so_far:
        if wanted.env and it.thing.kind == DEPLOYMENT:
            said = " ".join(shlex.quote(f"{k}={v}") for k, v in wanted.env.items())
            target = f"deployment/{it.ref.name} -n {shlex.quote(it.namespace)}"
            container = _container(it.thing)
            yield Command(
                "change the Deployment, and the manifest that it came from",
                f"kubectl set env {target} -c {container} {said}",
                tuple(deployments),
            )
    for config in cluster.model(MESH_CONFIGS).of(plane).so_far:
        patches = [it for it in then if it.ref == config.text.ref]
        yield from (Patch(it.ref, it.patch) for it in patches)


def _container(istiod: Obj) -> str:
    return shlex.quote(str(discovery(istiod).at("name").held or "discovery"))
