"""The ConfigMaps in which control planes publish their roots to every namespace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from auditor.cluster import Cluster, Model
from auditor.kinds import CONFIG_MAP
from auditor.models.authority import ROOT_CONFIG_MAP, hands_signing_on, serves_with_its_root
from auditor.models.hints import OUTSIDE
from auditor.models.instances import Instance
from auditor.models.istiod import OSSM, SDM, UPSTREAM_IMAGE, discovery, knows_sdm_variables, setting
from auditor.models.meshes import RUNNING_MESHES, Mesh
from auditor.models.versions import of_instance
from auditor.objects import Field, Obj
from auditor.seen import Gap, Seen, Unseen

PUBLISHED = "istio.io/config"
"""The label of the ConfigMaps that istiods write (istio 1.13.9:
pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go)."""
UPSTREAM_NAME, SDM_NAME = "PILOT_CA_CERT_CONFIGMAP", "CACERT_CONFIG_NAME"
OSSM_NAME = "PILOT_CA_CERT_CONFIG_MAP_NAME"
PROVIDER = "PILOT_CERT_PROVIDER"
WITHOUT_ROOT = ("none", "kubernetes")

IGNORED_NAMESPACES = ("kube-public", "kube-node-lease", "local-path-storage")
"""Where no istiod publishes its root (istio 1.30.3: pkg/kube/inject/inject.go)."""


@dataclass(frozen=True)
class Published:
    """A ConfigMap that a control plane writes into every namespace, and what says its name."""

    name: str
    field: Field


@dataclass(frozen=True)
class Publishing:
    """Tells under which names meshes publish their roots."""

    cluster: Cluster

    def of_mesh(self, mesh: Mesh) -> Seen[Published]:
        """The ConfigMaps of a mesh: one, but while its control planes are changed."""
        if mesh.family == OUTSIDE:
            what = f"the ConfigMap in which {mesh.id} publishes its root"
            return Seen(gaps=(Gap(what, "its control plane is outside the cluster"),))
        instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
        return instances.where(_publishes).map(self.of)

    def of(self, instance: Instance) -> Published:
        """The ConfigMap of an istiod.

        A product that embeds pilot may have renamed it: then it is the one in its namespace
        that no other mesh writes. Raises `Unseen` where nothing tells it.
        """
        if _says_its_name(instance):
            return _of_istio(instance)
        taken = self._taken_by_others(instance)
        here = self.cluster.within(CONFIG_MAP, instance.namespace).where(_is_published)
        free = [*here.where(lambda it: it.name not in taken)]
        if len(free) != 1:
            what = f"the ConfigMap in which {instance.ref} publishes its root"
            raise Unseen(Gap(what, "its image is no release of Istio, and nothing names it"))
        return Published(free[0].name, free[0].at("metadata", "name"))

    def others_write(self, name: str, mesh: Mesh) -> bool:
        """Whether another mesh writes ConfigMaps of this name into every namespace.

        Then what one holds is a matter of chance
        (istio 1.13.9: pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go).
        """
        if self._by_name.get(name, {mesh.id}) != {mesh.id}:
            return True
        if not self._writers.gaps:
            return False
        others = self.cluster.model(RUNNING_MESHES).where(lambda it: it.id != mesh.id)
        instances = others.each(lambda it: it.control_planes).each(lambda it: it.instances)
        return bool(instances.where(lambda it: it.runs and self.of(it).name == name))

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        """The meshes that were seen to write ConfigMaps of a name."""
        by_name: dict[str, set[str]] = {}
        for name, mesh in self._writers.so_far:
            by_name.setdefault(name, set()).add(mesh)
        return by_name

    @cached_property
    def _writers(self) -> Seen[tuple[str, str]]:
        """The names under which istiods publish, each with the mesh."""
        return self.cluster.model(RUNNING_MESHES).each(self._written_by)

    def _written_by(self, mesh: Mesh) -> Seen[tuple[str, str]]:
        instances = Seen(mesh.control_planes).each(lambda it: it.instances)
        return instances.where(lambda it: it.runs).map(lambda it: (self.of(it).name, mesh.id))

    def _taken_by_others(self, instance: Instance) -> Seen[str]:
        others = self.cluster.model(RUNNING_MESHES).where(
            lambda it: (it.family, it.namespace) != (instance.family, instance.namespace)
        )
        instances = others.each(lambda it: it.control_planes).each(lambda it: it.instances)
        return instances.map(_known_name)


def _publishes(instance: Instance) -> bool:
    """Whether an istiod has a root to publish: not where Kubernetes, or nobody, is its CA
    (istio 1.13.9: pilot/pkg/bootstrap/server.go shouldStartNsController).
    """
    return instance.runs and setting(instance.thing, PROVIDER).value not in WITHOUT_ROOT


def publishes_its_serving_root(mesh: Mesh) -> None:
    """Nothing, where what a mesh publishes is the root of its workloads too.

    Raises `Unseen` where another CA signs for its workloads while istiod serves with its own.
    """
    instances = Seen(mesh.control_planes).each(lambda plane: plane.instances)
    if odd := instances.where(lambda it: hands_signing_on(it) and serves_with_its_root(it)):
        what = f"the root that {odd.so_far[0].ref} publishes"
        raise Unseen(Gap(what, "another CA signs for its workloads, and it serves with its own"))


def is_istios_own(instance: Instance) -> bool:
    """Whether an istiod is built of Istio's sources, patched or not, under a number of Istio's."""
    if instance.family == SDM or setting(instance.thing, UPSTREAM_NAME):
        return True
    image = discovery(instance.thing).at("image")
    if UPSTREAM_IMAGE.match(str(image.value or "")):
        return True
    return any(it.version for it in of_instance(instance))


def _says_its_name(instance: Instance) -> bool:
    """Whether an istiod publishes under Istio's name, unless its variable says another."""
    of_ossm = instance.family == OSSM and setting(instance.thing, OSSM_NAME)
    return bool(of_ossm) or is_istios_own(instance)


def _of_istio(instance: Instance) -> Published:
    """Cisco's istiod takes the name from CACERT_CONFIG_NAME, upstream's from
    PILOT_CA_CERT_CONFIGMAP since 1.27, and that of OpenShift Service Mesh 2 has a variable of
    its own (maistra/istio-operator 2.4.6: resources/helm/v2.4/istio-control/istio-discovery).
    """
    cisco = instance.family == SDM and knows_sdm_variables(instance.thing)
    name = SDM_NAME if cisco else OSSM_NAME if instance.family == OSSM else UPSTREAM_NAME
    told = setting(instance.thing, name)
    return Published(str(told.value or ROOT_CONFIG_MAP), told)


def _known_name(instance: Instance) -> str:
    if not _says_its_name(instance):
        what = f"the ConfigMap in which {instance.ref} publishes its root"
        raise Unseen(Gap(what, "its image is no release of Istio"))
    return _of_istio(instance).name


def _is_published(config: Obj) -> bool:
    return bool(config.label(PUBLISHED).value == "true" and config.at("data", "root-cert.pem"))


PUBLISHING = Model("publishing of roots", (RUNNING_MESHES, CONFIG_MAP), Publishing)
