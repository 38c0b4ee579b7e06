"""The mesh configuration that each control plane reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from auditor.asked import Asked, asked_once
from auditor.cluster import Cluster, Model
from auditor.kinds import CONFIG_MAP
from auditor.models.containers import pod_template
from auditor.models.instances import Instance
from auditor.models.istiod import DEFAULT, SDM, discovery, knows_sdm_variables, setting
from auditor.models.known_selectors import Selector
from auditor.models.mesh_types import mistyped, named
from auditor.models.meshes import MESHES, ControlPlane, Mesh
from auditor.models.texts import parsed
from auditor.objects import Field, Obj
from auditor.private import MESH_CONFIG_FILE
from auditor.seen import Seen
from auditor.withheld import Withheld

XDS_AGENT = "PROXY_CONFIG_XDS_AGENT"
SDM_NAME = "MESHCONFIG_CONFIGMAP_NAME"
SHARED = "SHARED_MESH_CONFIG"


@dataclass(frozen=True)
class MeshConfig(Asked):
    """What an istiod reads as its mesh configuration: its own ConfigMap over a shared one.

    Istiod lays `istio[-REVISION]` over the ConfigMap that SHARED_MESH_CONFIG names, and
    falls back to built-in defaults where the text does not parse
    (istio 1.30.3: pilot/pkg/bootstrap/mesh.go, pkg/config/mesh/meshwatcher).
    """

    plane: ControlPlane
    """One of those that read it."""
    text: Field
    """`data.mesh` of its own ConfigMap."""
    own: Field
    problem: str
    """Why istiod does not take it, and runs on its defaults; empty where it takes it."""
    fault: Field
    """The field that shows the problem, never the whole text."""
    shared: Field | None = None
    overlooked: bool = False
    """Whether it is there for Cisco's istiod, and another image runs, which does not look."""

    @asked_once
    def at(self, *path: str) -> Field:
        """A setting, by its place. What the own ConfigMap leaves unset the shared one fills."""
        found = _step_by_step(self.own, path)
        if self.shared is None:
            return found
        return found or _step_by_step(self.shared, path)

    @cached_property
    def discovery_selectors(self) -> tuple[Selector, ...]:
        """By which its istiod chooses namespaces; without any it looks at all."""
        return tuple(map(Selector, self.at("discoverySelectors").each()))

    @property
    def root_namespace(self) -> str:
        """Where configuration for the whole mesh lies; the charts always name it."""
        return str(self.at("rootNamespace").value or self.plane.namespace)


@dataclass(frozen=True)
class MeshConfigs:
    """Finds the configuration of each control plane."""

    cluster: Cluster
    _found: dict[tuple[str, str, str], Seen[MeshConfig]] = field(default_factory=dict)

    def of(self, plane: ControlPlane) -> Seen[MeshConfig]:
        """The configuration that a control plane reads.

        Where no ConfigMap of the name is there, istiod would run on defaults; but then we
        may as well have looked amiss, so it counts as not found.
        """
        key = plane.family, plane.namespace, plane.revision
        if key not in self._found:
            self._found[key] = self._of(plane)
        return self._found[key]

    def _of(self, plane: ControlPlane) -> Seen[MeshConfig]:
        what = f"the mesh configuration of revision {plane.revision} in {plane.namespace}"
        return self.found(plane).expecting(what)

    def found(self, plane: ControlPlane) -> Seen[MeshConfig]:
        """The same; none where there is no ConfigMap of the name."""
        found = plane.instances.each(lambda instance: self._read_by(instance, plane))
        distinct = tuple({config.text.ref: config for config in found.so_far}.values())
        return Seen(distinct, found.gaps)

    def lacking(self, plane: ControlPlane) -> Seen[Instance]:
        """What runs a control plane without a configuration of any name that it looks for."""
        return plane.instances.where(
            lambda it: it.runs and not any(self._read_by(it, plane)) and not _told_elsewhere(it)
        )

    def of_mesh(self, mesh: Mesh) -> Seen[MeshConfig]:
        """The configurations of all control planes of a mesh."""
        return Seen(mesh.control_planes).each(self.of)

    def _read_by(self, instance: Instance, plane: ControlPlane) -> Iterator[MeshConfig]:
        own = self.cluster.find(CONFIG_MAP, config_name(instance), instance.namespace)
        own = own or self._mounted(instance)
        if own is None:
            yield from self._overlooked(instance, plane)
            return
        text, shared = own.at("data", "mesh"), self._shared(instance)
        settings, problem, fault = _taken(text)
        if shared is None:
            yield MeshConfig(plane, text, settings, problem, fault)
            return
        common, lower_problem, lower_fault = _taken(shared.at("data", "mesh"))
        said, shown = (problem, fault) if problem else (lower_problem, lower_fault)
        yield MeshConfig(plane, text, settings, said, shown, common)

    def _overlooked(self, instance: Instance, plane: ControlPlane) -> Iterator[MeshConfig]:
        """The configuration that the operator wrote for Cisco's istiod where another runs."""
        told = setting(instance.thing, SDM_NAME)
        if not told or knows_sdm_variables(instance.thing):
            return
        written = self.cluster.find(CONFIG_MAP, str(told.value), instance.namespace)
        if written is not None:
            text = written.at("data", "mesh")
            problem = (
                f"this image knows no {SDM_NAME}: it looks for ConfigMap {config_name(instance)}"
            )
            image = discovery(instance.thing).at("image")
            yield MeshConfig(plane, text, text.holding({}), problem, image, overlooked=True)

    def _mounted(self, instance: Instance) -> Obj | None:
        """The configuration that the pod of an istiod has in a volume, as a product that embeds
        pilot gives it under a name of its own
        (istio 1.30.3: pilot/pkg/bootstrap/mesh.go reads a mounted file first).
        """
        volumes = Seen(pod_template(instance.thing).at("spec", "volumes").each())
        named = volumes.where(lambda it: it.at("configMap", "name"))
        found = named.each(lambda it: self._with_mesh(it.at("configMap", "name"), instance))
        return found.first()

    def _with_mesh(self, name: Field, instance: Instance) -> Iterator[Obj]:
        config = self.cluster.find(CONFIG_MAP, str(name.value), instance.namespace)
        if config is not None and config.at("data", "mesh"):
            yield config

    def _shared(self, instance: Instance) -> Obj | None:
        name = setting(instance.thing, SHARED).value
        return self.cluster.find(CONFIG_MAP, name, instance.namespace) if name else None


def config_name(instance: Instance) -> str:
    """The ConfigMap that an istiod reads its mesh configuration from.

    `istio` with the revision behind it, unless it is the default one; Cisco's istiod reads
    the name from its environment (banzaicloud/istio-operator v2.17.4:
    internal/assets/manifests/istio-discovery/values.yaml.tpl).
    """
    told = setting(instance.thing, SDM_NAME)
    if instance.family == SDM and told and knows_sdm_variables(instance.thing):
        return str(told.value)
    return "istio" if instance.revision == DEFAULT else f"istio-{instance.revision}"


def _told_elsewhere(instance: Instance) -> bool:
    """Whether an istiod was told another source than its own ConfigMap, a file among them."""
    arguments = Seen(discovery(instance.thing).at("args").each())
    files = arguments.where(_names_a_file)
    return bool(setting(instance.thing, SHARED)) or bool(files)


def _names_a_file(argument: Field) -> bool:
    """Whether an argument is `--meshConfig`, which is always kept."""
    private = isinstance(argument.held, Withheld) and argument.held.there
    return not private and str(argument.value).startswith(MESH_CONFIG_FILE)


def _taken(text: Field) -> tuple[Field, str, Field]:
    """What istiod makes of a text; where it cannot parse it, nothing, and why.

    It parses into typed fields, so one value of a wrong type loses the whole of it
    (istio 1.13.9: pkg/config/mesh/kubemesh/watcher.go). Raises `Unseen` where the text is
    withheld.
    """
    nothing = text.holding({})
    if text.value is None:
        return nothing, "", nothing
    told = parsed(text)
    if told.gap:
        return nothing, told.gap.why, text.holding("(not quoted)")
    for wrong in mistyped(told):
        return nothing, f"{wrong.said}, which loses all of it", wrong.field
    return (told or nothing), "", nothing


def _step_by_step(config: Field, path: tuple[str, ...]) -> Field:
    found = config
    for name in path:
        found = named(found, name)
    return found


MESH_CONFIGS = Model("mesh configurations", (MESHES, CONFIG_MAP), MeshConfigs)
