"""The inventory: every mesh with all that a report says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditor.cluster import Cluster, Model
from auditor.inventory import (
    CrdSummary,
    Inventory,
    Membership,
    MeshSummary,
    Told,
    TrustSummary,
)
from auditor.kinds import CONFIG_MAP, NAMESPACE, POD, SECRET
from auditor.models.crd_owners import CRD_OWNERS, Ownership
from auditor.models.hints import OUTSIDE, Hint
from auditor.models.injection import INJECTORS, LEGACY, Injector, namespace_labels
from auditor.models.installers import INSTALLERS
from auditor.models.istiod import REVISION
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig
from auditor.models.meshes import ALL_MESHES, MESHES, RUNNING_MESHES, Mesh, Pair
from auditor.models.meshes import pairs_of_running_meshes as pairs
from auditor.models.one_way import one_way
from auditor.models.proxies import proxies_of
from auditor.models.release_changes import changed_since
from auditor.models.releases import releases_among
from auditor.models.trust import TRUST
from auditor.models.versions import VERSIONS, SaidVersion
from auditor.objects import Field, Obj
from auditor.seen import Seen


def _inventory(cluster: Cluster) -> Inventory:
    found = cluster.model(ALL_MESHES)
    meshes = tuple(_summary(cluster, mesh) for mesh in found.seen.so_far)
    records = cluster[SECRET] + cluster[CONFIG_MAP]
    released = records.each(lambda it: _released(it, found.seen.so_far))
    releases = records.each(lambda it: releases_among((it,)))
    changed = releases.each(lambda it: changed_since(it, cluster))
    notes = (*map(_leftover, found.hints), *released.so_far, *changed.so_far)
    crds = cluster.model(CRD_OWNERS)
    domains = {mesh.id: mesh.trust_domain.values for mesh in meshes}
    return Inventory(
        meshes,
        found.seen.gaps,
        tuple(dict.fromkeys(notes)),
        tuple(_trust(pair, domains, cluster) for pair in pairs(cluster).so_far),
        tuple(map(_crd, crds.so_far)),
        crds.gaps,
    )


def _summary(cluster: Cluster, mesh: Mesh) -> MeshSummary:
    planes = Seen(mesh.control_planes)
    installers = planes.each(cluster.model(INSTALLERS).of)
    runs = Seen((mesh,)).where(lambda it: it.runs)
    members = _by_label(cluster, mesh) + _by_pods(cluster, mesh)
    return MeshSummary(
        id=mesh.id,
        installer=_told(installers.map(lambda it: (it.name, it.field))),
        namespace="" if mesh.family == OUTSIDE else mesh.namespace,
        running=bool(runs.so_far),
        revisions=Told(mesh.revisions, tuple(f for it in mesh.control_planes for f in it.shown_by)),
        tags=_told(cluster.model(INJECTORS).where(lambda it: it.calls(mesh)).each(_tag)),
        versions=_told(planes.each(cluster.model(VERSIONS).of).map(_version)),
        trust_domain=_told(cluster.model(MESH_CONFIGS).of_mesh(mesh).map(_trust_domain)),
        roots=_roots(cluster, mesh),
        members=tuple(dict.fromkeys(members.so_far)),
        members_gaps=members.gaps,
        notes=tuple(_notes(mesh, runs)),
    )


def _told(seen: Seen[tuple[str, Field]]) -> Told:
    values = tuple(dict.fromkeys(value for value, _ in seen.so_far))
    return Told(values, tuple(field for _, field in seen.so_far), seen.gaps)


def _version(told: SaidVersion) -> tuple[str, Field]:
    return told.text, told.field


def _trust_domain(config: MeshConfig) -> tuple[str, Field]:
    domain = config.at("trustDomain")
    return str(domain.value or "cluster.local"), domain


def _tag(injector: Injector) -> Iterator[tuple[str, Field]]:
    if injector.tag:
        yield str(injector.tag.value), injector.tag


def _roots(cluster: Cluster, mesh: Mesh) -> Told:
    if mesh.family == OUTSIDE:
        return Told()
    trust = cluster.model(TRUST)
    issued = Seen((mesh,)).each(trust.issued_from)
    places = Seen((mesh,)).each(trust.places)
    handed_out = places.each(lambda place: place.certificates)
    distinct = {root.key: root for root in (*issued.so_far, *handed_out.so_far)}
    first = {root.key: root for root in issued.so_far}
    roots = Seen(tuple({**distinct, **first}.values()), issued.gaps)
    return _told(roots.map(lambda it: (f"sha256:{it.fingerprint}", it.shown)))


def _trust(pair: Pair, domains: dict[str, tuple[str, ...]], cluster: Cluster) -> TrustSummary:
    accepting, issuing = pair.first.id, pair.second.id
    told = Seen((pair,)).map(lambda it: one_way(it, cluster))
    for found in told.so_far:
        roots = tuple(f"sha256:{root.fingerprint}" for root in found.roots)
        said = found.said
        own, other = domains[accepting], domains[issuing]
        if found.accepts and own and other and own != other:
            said += f"; its trust domain is {', '.join(own)}, not {', '.join(other)}, "
            said += "of which trust-domains-accepted tells"
        return TrustSummary(accepting, issuing, found.accepts, said, roots)
    return TrustSummary(accepting, issuing, None, "not all was seen", gaps=told.gaps)


def _crd(owned: Ownership) -> CrdSummary:
    shown = owned.owners.each(lambda owner: ((owner.said, mark) for mark in owner.marks))
    return CrdSummary(owned.crd.name, _told(shown))


def _by_label(cluster: Cluster, mesh: Mesh) -> Seen[Membership]:
    """The namespaces in which a pod without labels of its own is given a proxy of the mesh."""
    injectors = cluster.model(INJECTORS).where(lambda it: it.calls(mesh))

    def choosing(namespace: Obj) -> Iterator[Membership]:
        labels = namespace_labels(namespace)
        if injectors.where(lambda it: it.selects(labels, it.labels({}))):
            yield Membership(namespace.name, _why(namespace))

    return cluster[NAMESPACE].each(choosing)


def _why(namespace: Obj) -> str:
    for key in (LEGACY, REVISION):
        if label := namespace.label(key):
            return f"{key}={label.value}"
    return "every namespace is injected"


def _by_pods(cluster: Cluster, mesh: Mesh) -> Seen[Membership]:
    """The namespaces where proxies of the mesh run, whatever the labels say today."""
    running = proxies_of(cluster, mesh)
    counted = Counter(pod.namespace for pod in running.so_far)
    return Seen(
        tuple(
            Membership(namespace, f"{many} pod{'s' if many > 1 else ''} with its proxy")
            for namespace, many in sorted(counted.items())
        ),
        running.gaps,
    )


def _notes(mesh: Mesh, runs: Seen[Mesh]) -> Iterator[str]:
    if mesh.family == OUTSIDE:
        yield "its control plane is outside the cluster; its settings and roots cannot be told"
    elif not runs.so_far and runs.gaps:
        yield "declared; whether it runs cannot be told"
    elif not runs.so_far:
        resources = {it.resource.ref for plane in mesh.control_planes for it in plane.declared}
        said = ", ".join(str(ref) for ref in sorted(resources)) or "a Deployment without replicas"
        yield f"declared by {said}, but it does not run"


def _leftover(hint: Hint) -> str:
    return f"{hint.field.ref} names an istiod in {hint.namespace} that was not seen"


def _released(record: Obj, meshes: tuple[Mesh, ...]) -> Iterator[str]:
    """A control plane that a Helm release has, where none of the kind was seen."""
    for release in releases_among((record,)):
        for revision in release.revisions:
            if not any(
                it.namespace == release.namespace and revision in it.revisions for it in meshes
            ):
                where = f"revision {revision} in {release.namespace}"
                yield f"{release.said} declares {where}, which was not seen"


INVENTORY = Model(
    "inventory",
    (
        *(ALL_MESHES, MESHES, RUNNING_MESHES, INSTALLERS, VERSIONS, MESH_CONFIGS, TRUST),
        *(CRD_OWNERS, INJECTORS, CONFIG_MAP, NAMESPACE, POD, SECRET),
    ),
    _inventory,
)
