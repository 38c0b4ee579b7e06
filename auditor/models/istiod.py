"""What tells a control plane from other workloads, and one control plane from another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.asked import asked_once
from auditor.models.containers import container, containers, env
from auditor.objects import Field, Obj
from auditor.seen import either
from auditor.withheld import Withheld

REVISION = "istio.io/rev"
TAG = "istio.io/tag"
DEFAULT = "default"

SDM, ISTIO, OSSM = "sdm", "istio", "ossm"
"""Families of control planes: what a mesh's id begins with."""

ONLY_SDM = ("MESHCONFIG_CONFIGMAP_NAME", "INJECTOR_CONFIGMAP_NAME", "LEADER_ELECTION_NAME_SUFFIX")
"""Variables that no upstream istiod of 1.6 to 1.31 knows; the banzai operator sets them
(v2.17.4: internal/assets/manifests/istio-discovery/values.yaml.tpl)."""

PILOT = re.compile(r"(^|/)(pilot|istio-pilot)(-\w+)?$")
UPSTREAM_IMAGE = re.compile(
    r"(docker\.io/)?istio/|gcr\.io/istio-(release|testing)/|registry\.istio\.io/"
)
CISCO_IMAGE = re.compile(r"(^|/)istio-pilot(-\w+)?(:|@|$)|:[^/@]*-bzc\b")
"""What Cisco's and banzai's istiod are called; upstream's is called `pilot`."""


@asked_once
def is_istiod(thing: Obj) -> bool:
    """Whether an object is, or makes pods of, a control plane.

    What runs pilot's `discovery` is one, whatever it is called: other products embed it.
    """
    return either(
        lambda: thing.label("app").value == "istiod",
        lambda: any(_runs_pilot(found) for found in containers(thing)),
    )


def _runs_pilot(found: Field) -> bool:
    """Whether a container runs pilot: by its image, or by the word it is started with."""
    image = str(found.at("image").value or "").partition("@")[0]
    repository = image.rpartition(":")[0] if ":" in image.rpartition("/")[2] else image
    return bool(PILOT.search(repository)) or _is_started_as_pilot(found.at("args", 0))


def _is_started_as_pilot(word: Field) -> bool:
    """Whether a container's first argument is `discovery`, a word that is always kept."""
    private = isinstance(word.held, Withheld) and word.held.there
    return not private and word.value == "discovery"


@asked_once
def discovery(istiod: Obj) -> Field:
    """The container of an istiod that runs pilot; absent where none can be told apart."""
    for found in containers(istiod):
        if _runs_pilot(found):
            return found
    return container(istiod, "discovery")


@asked_once
def setting(istiod: Obj, name: str) -> Field:
    """A variable of an istiod's own container."""
    return env(discovery(istiod), name)


@asked_once
def revision_field(thing: Obj) -> Field:
    """What says the revision of an istiod: its environment, else its label."""
    return setting(thing, "REVISION") or thing.label(REVISION)


def revision_of(thing: Obj) -> str:
    """The revision that an istiod runs as; `default` where it has none."""
    return str(revision_field(thing).value or DEFAULT)


@asked_once
def family_of(thing: Obj) -> str:
    """What made an istiod: SDM, OpenShift Service Mesh 2, or some installer of Istio.

    Upstream refuses a revision with a dot, and SDM always has one but for a control
    plane that is called `default` (istio 1.30.3: operator/pkg/apis/validation/validation.go;
    banzaicloud/istio-operator v2.17.4: api/v1alpha1/istiocontrolplane_types.go).
    """
    if either(
        lambda: "IstioControlPlane" in _owners(thing),
        lambda: "." in revision_of(thing),
        lambda: any(setting(thing, name) for name in ONLY_SDM),
    ):
        return SDM
    if either(
        lambda: "ServiceMeshControlPlane" in _owners(thing),
        lambda: thing.label("maistra.io/owner-name"),
        lambda: thing.label("maistra-control-plane"),
    ):
        return OSSM
    return ISTIO


def _owners(thing: Obj) -> Iterator[str]:
    return (str(o.at("kind").value) for o in thing.at("metadata", "ownerReferences").each())


def sdm_revision(name: str, namespace: str) -> str:
    """The revision of an IstioControlPlane: its name, dots turned to dashes, and namespace.

    One called `default` becomes the plain revision `default` (banzaicloud/istio-operator
    v2.17.4: internal/assets/manifests/istio-discovery/templates/_helpers.tpl).
    """
    return DEFAULT if name == DEFAULT else f"{name.replace('.', '-')}.{namespace}"


def is_upstreams(image: Field) -> bool:
    """Whether an image comes from where upstream publishes its own."""
    return bool(UPSTREAM_IMAGE.match(str(image.value or "")))


def is_ciscos(image: Field) -> bool:
    """Whether an image is called as Cisco's istiod is; in a mirror anything may be."""
    return bool(CISCO_IMAGE.search(str(image.value or "")))


def knows_sdm_variables(thing: Obj) -> bool:
    """Whether the image of an istiod reads the variables that only Cisco's istiod knows.

    An upstream image ignores them: they occur in no istiod of the istio repository.
    """
    return not is_upstreams(discovery(thing).at("image"))
