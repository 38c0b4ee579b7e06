"""The version of each control plane, told from whatever shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.asked import asked_once
from auditor.cluster import Cluster, Model
from auditor.facts.service_mesh import istio_in
from auditor.facts.versions import Version
from auditor.kinds import SERVICE_MESH_CONTROL_PLANE
from auditor.models.instances import Instance
from auditor.models.istiod import OSSM, discovery
from auditor.models.meshes import MESHES, ControlPlane
from auditor.objects import Field, Obj
from auditor.seen import Gap, Seen, Unseen

LABELS = ("app.kubernetes.io/version", "operator.istio.io/version", "maistra-version")


@dataclass(frozen=True)
class SaidVersion:
    """A version as some field says it. `version` is None where that is no number of Istio's.

    For OpenShift Service Mesh 2, `text` is its own number and `version` that of its Istio.
    """

    text: str
    version: Version | None
    field: Field

    @property
    def known(self) -> Version:
        """The version. Raises `Unseen` where the text is no number of Istio's."""
        if self.version is None:
            what = f"the Istio version that {self.field.ref} runs"
            raise Unseen(Gap(what, f"{self.text!r} does not tell it"))
        return self.version


@dataclass(frozen=True)
class Versions:
    """What says the version of a control plane, the best first."""

    cluster: Cluster

    def of(self, plane: ControlPlane) -> Seen[SaidVersion]:
        """The versions of what runs, else of what is declared.

        The tag of the image is what runs. A digest says nothing, so labels do; what a
        custom resource asks for counts where nothing runs.
        """
        return _versions_of(plane)


@asked_once
def _versions_of(plane: ControlPlane) -> Seen[SaidVersion]:
    running = plane.instances.each(of_instance)
    if running:
        return running
    return Seen(plane.declared).each(lambda declaration: _declared(declaration.resource))


def tag_of(image: Field) -> Field:
    """The tag of an image, absent where it has none or a digest alone."""
    name = str(image.value or "").partition("@")[0]
    tag = name.rpartition("/")[2].partition(":")[2]
    return image.holding(tag or None)


def of_instance(instance: Instance) -> Iterator[SaidVersion]:
    """The version that an istiod says it has, once; none where it says nothing."""
    image = discovery(instance.thing).at("image")
    tag = tag_of(image)
    told = [(tag, image)] if tag else []
    told += [(it, it) for key in LABELS if (it := instance.thing.label(key))]
    parse = istio_in if instance.family == OSSM else Version.parse
    said = [SaidVersion(str(it.value), parse(str(it.value)), shown) for it, shown in told]
    best = [it for it in said if it.version] or said
    yield from best[:1]


def _declared(resource: Obj) -> Iterator[SaidVersion]:
    for path in (("spec", "version"), ("spec", "tag")):
        if field := resource.at(*path):
            parse = istio_in if resource.kind == SERVICE_MESH_CONTROL_PLANE else Version.parse
            yield SaidVersion(str(field.value), parse(str(field.value)), field)
            return


VERSIONS = Model("versions", (MESHES,), Versions)
