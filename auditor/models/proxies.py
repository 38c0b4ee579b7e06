"""The proxies that run: which pods have one, and which control plane they were given by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.asked import asked_once
from auditor.cluster import Cluster
from auditor.kinds import POD
from auditor.models.containers import container, env
from auditor.models.instances import ENDED
from auditor.models.istiod import DEFAULT, REVISION, is_istiod
from auditor.models.meshes import Mesh
from auditor.models.texts import parsed
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen, either

PROXY = "istio-proxy"
STATUS = "sidecar.istio.io/status"


@dataclass(frozen=True)
class Proxy:
    """A pod with a proxy, and the mesh that gave it."""

    pod: Obj
    mesh: Mesh

    @property
    def ref(self) -> Ref:
        return self.pod.ref


@asked_once
def injected_revision(pod: Obj) -> Field:
    """The revision of the control plane that gave a pod its proxy; absent where it has none.

    Told by the injector's status since Istio 1.11, else by the annotation that gateways
    carry, else by the label that templates of 1.9 and 1.10 wrote, and those of the gateways
    that a chart renders, else by the istiod that the proxy asks
    (istio 1.11.8: pkg/kube/inject/inject.go, 1.21.6: files/injection-template.yaml, 1.13.9:
    manifests/charts/gateways/istio-ingress).
    """
    status, annotation = pod.annotation(STATUS), pod.annotation(REVISION)
    if status:
        told = parsed(status)
        revision = told.at("revision") if told.gap is None else told
        if revision:
            return revision
        if label := pod.label(REVISION):
            return label
        address = discovery_address(pod)
        return (address or status).holding(_revision_in(str(address.value or "")))
    if container(pod, PROXY):
        return annotation or pod.label(REVISION)
    return status


def revision_shown(pod: Obj) -> Field:
    """The field to quote for the revision that a pod was injected by."""
    told = injected_revision(pod)
    if told.path[-1:] == ("discoveryAddress",):
        return discovery_address(pod)
    return pod.annotation(STATUS) if told.path == pod.annotation(STATUS).path else told


def _revision_in(address: str) -> str:
    """The revision in the address of an istiod: `istiod-1-8.istio-system.svc:15012`."""
    return address.partition(".")[0].removeprefix("istiod").removeprefix("-") or DEFAULT


def given_by(pod: Obj, revision: str, place: str) -> bool:
    """Whether a pod's proxy is of the control plane of a revision, in a namespace.

    Two meshes may share a revision, which is a fault of its own; then the address of the
    istiod that the proxy was given tells them apart. That of one outside the cluster, whose
    place is a host, need not name its host.
    """
    if injected_revision(pod).value != revision:
        return False
    address = discovery_address(pod)
    return "." in place or either(
        lambda: not address, lambda: f".{place}.svc" in str(address.value)
    )


def proxies(cluster: Cluster) -> Seen[Obj]:
    """Every pod that runs with a proxy that a control plane gave it."""
    return _with_proxies(cluster[POD])


@asked_once
def _with_proxies(pods: Seen[Obj]) -> Seen[Obj]:
    return pods.where(
        lambda pod: (
            injected_revision(pod)
            and not is_istiod(pod)
            and pod.at("status", "phase").value not in ENDED
        )
    )


def proxies_of(cluster: Cluster, mesh: Mesh) -> Seen[Obj]:
    """The pods whose proxy belongs to a mesh, by its revision and the istiod it asks."""
    found = proxies(cluster)
    near = sorted({at for it in (*mesh.revisions, None) for at in _by_revision(found).get(it, ())})
    likely = Seen(tuple(found.so_far[at] for at in near), found.gaps)
    return likely.where(lambda pod: belongs_to(pod, mesh))


@asked_once
def _by_revision(found: Seen[Obj]) -> Mapping[str | None, Sequence[int]]:
    """Where the proxies of each revision stand; under None, those that do not tell theirs."""
    places: dict[str | None, list[int]] = {}
    for at, pod in enumerate(found.so_far):
        told = injected_revision(pod)
        plain = told.gap is None and isinstance(told.held, str)
        places.setdefault(told.held if plain else None, []).append(at)
    return places


def belongs_to(pod: Obj, mesh: Mesh) -> bool:
    """Whether a mesh gave a pod its proxy."""
    revision = injected_revision(pod).value
    return revision in mesh.revisions and given_by(pod, str(revision), mesh.namespace)


@asked_once
def discovery_address(pod: Obj) -> Field:
    """The address of the istiod that a proxy asks, where its environment says one.

    The built-in default is left out of PROXY_CONFIG.
    """
    told = parsed(env(container(pod, PROXY), "PROXY_CONFIG"))
    return told.at("discoveryAddress") if told.gap is None else told
