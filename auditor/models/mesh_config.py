"""The mesh configuration that each control plane reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.documents import Malformed, value
from auditor.kinds import CONFIG_MAP
from auditor.models.istiod import DEFAULT, SDM, knows_sdm_variables, setting
from auditor.models.meshes import MESHES, ControlPlane, Instance, Mesh
from auditor.objects import Field, Obj
from auditor.seen import Seen

XDS_AGENT = "PROXY_CONFIG_XDS_AGENT"


@dataclass(frozen=True)
class MeshConfig:
    """What an istiod reads as its mesh configuration: its own ConfigMap over a shared one.

    Istiod lays `istio[-REVISION]` over the ConfigMap that SHARED_MESH_CONFIG names, and
    falls back to built-in defaults where the text does not parse
    (istio 1.30.3: pilot/pkg/bootstrap/mesh.go, pkg/config/mesh/meshwatcher).
    """

    text: Field
    """`data.mesh` of its own ConfigMap."""
    own: Field
    shared: Field | None = None
    problem: str = ""
    """Why istiod cannot parse it; empty where it can."""

    def at(self, *path: str | int) -> Field:
        """A setting, by its place. What the own ConfigMap leaves unset the shared one fills."""
        found = self.own.at(*path)
        if self.shared is None:
            return found
        return found or self.shared.at(*path)


@dataclass(frozen=True)
class MeshConfigs:
    """Finds the configuration of each control plane."""

    cluster: Cluster

    def of(self, plane: ControlPlane) -> Seen[MeshConfig]:
        """The configuration that a control plane reads.

        Where no ConfigMap of the name is there, istiod would run on defaults; but then we
        may as well have looked amiss, so it counts as not found.
        """
        found = plane.instances.each(self._read_by)
        distinct = tuple({config.text.ref: config for config in found.so_far}.values())
        what = f"the mesh configuration of revision {plane.revision} in {plane.namespace}"
        return Seen(distinct, found.gaps).expecting(what)

    def of_mesh(self, mesh: Mesh) -> Seen[MeshConfig]:
        """The configurations of all control planes of a mesh."""
        return Seen(mesh.control_planes).each(self.of)

    def _read_by(self, instance: Instance) -> Iterator[MeshConfig]:
        own = self.cluster.find(CONFIG_MAP, config_name(instance), instance.namespace)
        if own is None:
            return
        text, shared = own.at("data", "mesh"), self._shared(instance)
        problem = problem_of(text)
        settings = _settings(text, problem)
        if shared is None:
            yield MeshConfig(text, settings, None, problem)
        else:
            common = shared.at("data", "mesh")
            yield MeshConfig(text, settings, _settings(common, problem_of(common)), problem)

    def _shared(self, instance: Instance) -> Obj | None:
        name = setting(instance.thing, "SHARED_MESH_CONFIG").value
        return self.cluster.find(CONFIG_MAP, name, instance.namespace) if name else None


def config_name(instance: Instance) -> str:
    """The ConfigMap that an istiod reads its mesh configuration from.

    `istio` with the revision behind it, unless it is the default one; Cisco's istiod reads
    the name from its environment (banzaicloud/istio-operator v2.17.4:
    internal/assets/manifests/istio-discovery/values.yaml.tpl).
    """
    told = setting(instance.thing, "MESHCONFIG_CONFIGMAP_NAME")
    if instance.family == SDM and told and knows_sdm_variables(instance.thing):
        return str(told.value)
    return "istio" if instance.revision == DEFAULT else f"istio-{instance.revision}"


def problem_of(text: Field) -> str:
    """Why istiod cannot parse a mesh configuration; empty where it can.

    It parses into typed fields, so one value of a wrong type loses the whole of it
    (istio 1.13.9: pkg/config/mesh/kubemesh/watcher.go).
    """
    if not text:
        return ""
    try:
        config = value(str(text.value)) or {}
    except Malformed as error:
        return f"it is not YAML: {error}"
    if not isinstance(config, Mapping):
        return "it is not a mapping"
    for path, expected in TYPED.items():
        if problem := _mistyped(config, path.split("."), expected):
            return problem
    return ""


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(it, str) for it in value.values())


def _mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(it, Mapping) for it in value)


TYPED: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "trustDomain": (_text, "a text"),
    "rootNamespace": (_text, "a text"),
    "caCertificates": (_mappings, "a list of mappings"),
    "discoverySelectors": (_mappings, "a list of mappings"),
    "defaultConfig.discoveryAddress": (_text, "a text"),
    "defaultConfig.meshId": (_text, "a text"),
    "defaultConfig.proxyMetadata": (_texts, "a mapping of texts: put its values in quotes"),
}
"""Fields of MeshConfig whose types people get wrong, or that the rules read."""


def _mistyped(
    config: object, path: list[str], expected: tuple[Callable[[object], bool], str]
) -> str:
    value = config
    for step in path:
        if value is None:
            return ""
        if not isinstance(value, Mapping):
            return f"{'.'.join(path[:-1])} is not a mapping"
        value = value.get(step)
    right, said = expected
    return "" if value is None or right(value) else f"{'.'.join(path)} is not {said}"


def _settings(text: Field, problem: str) -> Field:
    if not text or problem:
        return text.holding({})
    return text.holding(value(str(text.value)) or {})


MESH_CONFIGS = Model("mesh configurations", (MESHES, CONFIG_MAP), MeshConfigs)
