"""Where a custom resource that declares a control plane does not say what runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.kinds import DEPLOYMENT, ISTIO_CONTROL_PLANE, ISTIO_OPERATOR
from auditor.models.containers import env
from auditor.models.injection import INJECTORS, Injector
from auditor.models.instances import Instance
from auditor.models.istiod import DEFAULT, SDM, discovery
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig
from auditor.models.meshes import MESHES, ControlPlane, Mesh
from auditor.models.selectors import keys_of
from auditor.models.versions import tag_of
from auditor.models.written_values import alike, as_variable, leaves
from auditor.objects import Field, Obj, dotted
from auditor.private import is_known_variable
from auditor.seen import Gap, Seen, Unseen

BY_DEFAULT = ("sidecarInjectorWebhook", "enableNamespacesByDefault")
LISTS = "caCertificates"
ON_BY_DEFAULT = ("enableTracing", "enableAutoMtls", "enablePrometheusMerge")
"""Switches of which an absent one is on (istio 1.30.3: pkg/config/mesh/mesh.go)."""


@dataclass(frozen=True)
class Difference:
    """A setting that is written and is not what runs."""

    said: str
    declared: Field
    effective: Field
    variable: str = ""
    """The variable of istiod that it is about, if it is."""
    setting: tuple[str, ...] = ()
    """The place in the mesh configuration that it is about, if it is."""

    @property
    def shown(self) -> tuple[Field, Field]:
        """Both sides, as they may be quoted."""
        return _worded(self.declared), _worded(self.effective)


@dataclass(frozen=True)
class Differences:
    """Compares what is written, and nothing that is left to a default."""

    cluster: Cluster

    def of(self, resource: Obj, plane: ControlPlane) -> Seen[Difference]:
        """All that a resource says otherwise than what runs of it."""
        checks: tuple[Callable[[Obj, ControlPlane], Iterator[Difference]], ...] = (
            self._image,
            self._variables,
            self._mesh,
            self._injection,
        )
        return Seen(checks).each(lambda check: check(resource, plane))

    def _image(self, resource: Obj, plane: ControlPlane) -> Iterator[Difference]:
        wanted = _wanted_image(resource)
        if wanted is None:
            return
        for instance in _running(plane):
            image = discovery(instance.thing).at("image")
            if not _is_image(wanted, image):
                _not_overlaid(resource)
                said = f"the image that runs differs from {dotted(wanted.path)}"
                yield Difference(said, wanted, image)

    def _variables(self, resource: Obj, plane: ControlPlane) -> Iterator[Difference]:
        variables = dict(_variables(resource))
        for instance in _running(plane) if variables else ():
            for name, wanted in variables.items():
                runs = env(discovery(instance.thing), name)
                if as_variable(wanted.value) != as_variable(runs.value):
                    _not_overlaid(resource)
                    said = f"{name} differs in the istiod that runs"
                    yield Difference(said, wanted, runs, variable=name)

    def _mesh(self, resource: Obj, plane: ControlPlane) -> Iterator[Difference]:
        written = tuple(_mesh_settings(resource))
        if not written:
            return
        for config in self.cluster.model(MESH_CONFIGS).of(plane):
            if config.problem:
                said = f"istiod does not take its mesh configuration: {config.problem}"
                yield Difference(said, written[0][1], config.fault)
                continue
            for path, wanted in written:
                if not _holds(path, wanted, config):
                    said = f"{dotted(path)} differs in the mesh configuration that runs"
                    yield Difference(said, wanted, config.at(*path), setting=path)

    def _injection(self, resource: Obj, plane: ControlPlane) -> Iterator[Difference]:
        """Only what answers to the default revision can inject where nothing is said."""
        wanted = resource.at("spec", "values", *BY_DEFAULT)
        if resource.kind == ISTIO_CONTROL_PLANE or wanted.value is not True:
            return
        if plane.revision != DEFAULT:
            return
        mesh = Mesh(plane.family, plane.namespace, (plane,))
        own = self.cluster.model(INJECTORS).where(lambda it: it.calls(mesh))
        if not own.where(lambda it: it.selects(it.labels({}), it.labels({}))):
            said = "it asks for injection by default, and no active webhook does that"
            shown = sorted(own.so_far, key=_is_by_default, reverse=True)[:1]
            yield Difference(said, wanted, next(map(_selector, shown), wanted))


def _is_by_default(injector: Injector) -> bool:
    """Whether a webhook has the name of those that inject where nothing is said."""
    return str(injector.webhook.at("name").held).startswith("auto.")


def _selector(injector: Injector) -> Field:
    """What says whom a webhook injects, briefly."""
    keys = ", ".join(sorted(keys_of(injector.webhook.at("namespaceSelector"))))
    return injector.webhook.at("namespaceSelector").holding(f"(by {keys})")


def _running(plane: ControlPlane) -> Seen[Instance]:
    """What runs it now; older pods of a Deployment go once its new ones are ready."""
    deployments = plane.instances.where(lambda it: it.thing.kind == DEPLOYMENT and it.runs)
    return deployments if deployments.so_far or deployments.gaps else plane.instances


def _not_overlaid(resource: Obj) -> None:
    """Raises `Unseen` where the resource itself patches what it generates, in a way of its own."""
    overlays = resource.at("spec", "components", "pilot", "k8s", "overlays")
    if resource.kind == ISTIO_CONTROL_PLANE:
        overlays = resource.at("spec", "k8sResourceOverlays")
    if overlays.each():
        raise Unseen(Gap(f"what {resource.ref} asks for", f"its {overlays.path[-1]} may change it"))


def _wanted_image(resource: Obj) -> Field | None:
    """What says the image, the most special first; None where two say it differently.

    Banzai's chart and upstream's alike: an image that is named whole, else a tag
    (istio 1.20.8: istio-discovery/templates/deployment.yaml; banzaicloud/istio-operator
    v2.17.4: internal/assets/manifests/istio-discovery/values.yaml.tpl).
    """
    spec = resource.at("spec")
    values = spec.at("values")
    named = values.at("pilot", "image")
    whole = (named,) if "/" in str(named.value) else ()
    if resource.kind == ISTIO_CONTROL_PLANE:
        image = spec.at("istiod", "deployment", "image")
        ranks: tuple[tuple[Field, ...], ...] = (
            (image,),
            (spec.at("containerImageConfiguration", "tag"),),
            (spec.at("version"),),
        )
    elif resource.kind == ISTIO_OPERATOR:
        ranks = (
            whole,
            (spec.at("components", "pilot", "tag"), values.at("pilot", "tag")),
            (spec.at("tag"), values.at("global", "tag")),
        )
    else:
        ranks = (
            whole,
            (values.at("pilot", "tag"),),
            (values.at("global", "tag"),),
            (spec.at("version"),),
        )
    for rank in ranks:
        if said := [it for it in rank if it.value]:
            return said[0] if len({str(it.value) for it in said}) == 1 else None
    return None


def _is_image(wanted: Field, image: Field) -> bool:
    """Whether an image is the one that is wanted, by its name, its tag or its version.

    What follows a tag is the variant (`-distroless`); a digest alone tells nothing.
    """
    text, runs = str(wanted.value), str(image.value or "")
    if "/" in text:
        return text.partition("@")[0] == runs.partition("@")[0] or "@" in runs
    tag = str(tag_of(image).value or "")
    if not tag or tag == text or tag.startswith(f"{text}-"):
        return True
    if wanted.path[-1] != "version":
        return False
    asked, found = Version.parse(text.removesuffix("-latest")), Version.parse(tag)
    if asked is None or found is None:
        return True
    return asked.number == (found.minor if asked.patch is None else found.number)


def _variables(resource: Obj) -> Iterator[tuple[str, Field]]:
    """The variables of istiod that are written, each where it counts; the last of a name does.

    In an IstioOperator those of the component win over those of the values.
    """
    spec = resource.at("spec")
    if resource.kind != ISTIO_CONTROL_PLANE:
        values = spec.at("values", "pilot", "env")
        for field in values.each() if isinstance(values.value, Mapping) else ():
            if is_known_variable(str(field.path[-1])) and field.value is not None:
                yield str(field.path[-1]), field
    listed = spec.at("istiod", "deployment", "env")
    if resource.kind == ISTIO_OPERATOR:
        listed = spec.at("components", "pilot", "k8s", "env")
    for variable in listed.each():
        name = str(variable.at("name").value)
        if is_known_variable(name) and not variable.at("valueFrom"):
            yield name, variable.at("value")


def _mesh_settings(resource: Obj) -> Iterator[tuple[tuple[str, ...], Field]]:
    """The settings of the mesh configuration that are written, by their places in it.

    Of two places in one resource one hides the other, which is told by another rule.
    """
    spec = resource.at("spec")
    places = [spec.at("meshConfig"), spec.at("values", "meshConfig")]
    for place, rival in (places, places[::-1]):
        others = dict(leaves(rival))
        yield from ((path, field) for path, field in leaves(place) if path not in others)


def _holds(path: tuple[str, ...], wanted: Field, config: MeshConfig) -> bool:
    """Whether a mesh configuration has a setting; SDM's operator adds the roots of peers."""
    runs = config.at(*path)
    if path[-1] == LISTS:
        anchors = [[it.value for it in listed.each()] for listed in (wanted, runs)]
        asked, found = anchors
        missing = [it for it in asked if not any(alike(it, other) for other in found)]
        more = len(found) > len(asked) and config.plane.family != SDM
        return not missing and not more
    if wanted.value is False and not runs and path[-1] in ON_BY_DEFAULT:
        return False
    return alike(wanted.value, runs.value)


def _worded(field: Field) -> Field:
    """A setting as it may be quoted: a list by its length."""
    if isinstance(field.held, list) and not field.gap:
        return field.holding(f"(a list of {len(field.held)})")
    return field


DIFFERENCES = Model("differences", (MESHES, MESH_CONFIGS, INJECTORS), Differences)
