"""What makes a proxy ask its istiod for the roots of other meshes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.asked import asked_once
from auditor.cluster import Cluster
from auditor.kinds import PROXY_CONFIG
from auditor.models.containers import container, env
from auditor.models.istiod import REVISION
from auditor.models.mesh_config import XDS_AGENT, MeshConfig
from auditor.models.proxies import PROXY
from auditor.models.texts import parsed
from auditor.models.versions import VERSIONS
from auditor.objects import Field, Obj
from auditor.seen import Seen

ANNOTATION = "proxy.istio.io/config"
FIRST_MINOR = 13
"""Since Istio 1.13 there are ProxyConfig resources."""


@dataclass(frozen=True)
class Agents:
    """The settings of PROXY_CONFIG_XDS_AGENT, from the whole mesh down to a pod.

    A later one wins: the mesh configuration, the ProxyConfig of the root namespace, that of
    the pod's namespace, the pod's annotation, a ProxyConfig that selects the pod
    (istio 1.13.9: pilot/pkg/model/proxy_config.go).
    """

    cluster: Cluster

    def told(self, config: MeshConfig) -> Field:
        """What the mesh configuration tells new proxies."""
        return config.at("defaultConfig", "proxyMetadata", XDS_AGENT)

    def for_mesh(self, config: MeshConfig) -> Seen[Field]:
        """What the ProxyConfig of the root namespace tells new proxies instead.

        The oldest resource without a selector counts, and no other. Raises `Unseen` where the
        version does not tell whether istiod reads any.
        """
        if not self._reads_any(config):
            return Seen()
        here = self.cluster.within(PROXY_CONFIG, config.root_namespace).where(
            lambda it: not it.at("spec", "selector") and _is_read(it, config)
        )
        return Seen((here,)).each(_oldest).map(_variable).where(lambda it: it)

    def for_pod(self, pod: Obj, config: MeshConfig) -> Seen[Field]:
        """What the ProxyConfigs of a pod's namespace tell its proxy, the one that counts first:
        that which selects the pod, then that for the whole namespace.
        """
        if not self._reads_any(config):
            return Seen()
        here = self.cluster.within(PROXY_CONFIG, pod.namespace).where(
            lambda it: _is_read(it, config)
        )
        selecting = here.where(lambda it: it.at("spec", "selector") and _selects(it, pod))
        for_all = here.where(lambda it: not it.at("spec", "selector"))
        return Seen((selecting, for_all)).each(_oldest).map(_variable).where(lambda it: it)

    def _reads_any(self, config: MeshConfig) -> bool:
        """Whether the istiod of a configuration knows ProxyConfig resources."""
        name = f"the Istio version of {config.plane.ref}"
        said = self.cluster.model(VERSIONS).of(config.plane).expecting(name)
        return any(it.known.minor_number >= FIRST_MINOR for it in said)


def _is_read(resource: Obj, config: MeshConfig) -> bool:
    """Whether the istiod of a configuration reads a resource, by the revision it may name."""
    label = resource.label(REVISION)
    return not label or label.value == config.plane.revision


def _selects(resource: Obj, pod: Obj) -> bool:
    """Whether a ProxyConfig is for a pod, by the pod's labels."""
    wanted = resource.at("spec", "selector", "matchLabels").each()
    return all(pod.label(str(it.path[-1])).value == it.value for it in wanted)


@asked_once
def running(pod: Obj) -> Field:
    """What the proxy of a pod was started with."""
    return env(container(pod, PROXY), XDS_AGENT)


@asked_once
def annotated(pod: Obj) -> Field:
    """What a pod's own annotation says, over all that the mesh says."""
    told = parsed(pod.annotation(ANNOTATION))
    if told.gap or not isinstance(told.held, Mapping):
        return told if told.gap else told.holding(None)
    return told.at("proxyMetadata", XDS_AGENT)


def _oldest(resources: Seen[Obj]) -> Iterator[Obj]:
    """The oldest of all, which only a whole listing can tell."""
    by_age = sorted(
        resources, key=lambda it: (str(it.at("metadata", "creationTimestamp").value), it.name)
    )
    yield from by_age[:1]


def _variable(resource: Obj) -> Field:
    return resource.at("spec", "environmentVariables", XDS_AGENT)
