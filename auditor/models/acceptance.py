"""What keeps a mesh from accepting a root that its own CA does not hand out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.kinds import DEPLOYMENT
from auditor.models.agents import Agents, running
from auditor.models.anchors import Anchor, anchors_in
from auditor.models.certificates import Certificate, lost
from auditor.models.containers import container, is_on
from auditor.models.instances import Instance
from auditor.models.istiod import setting
from auditor.models.mesh_config import MESH_CONFIGS, XDS_AGENT, MeshConfig
from auditor.models.meshes import ControlPlane, Mesh
from auditor.models.proxies import PROXY
from auditor.models.versions import VERSIONS, SaidVersion, tag_of
from auditor.objects import Field, Obj
from auditor.seen import Seen, either

MULTIROOT = "ISTIO_MULTIROOT_MESH"
FIRST_WITH_MULTIROOT = 10
FIRST_WITH_PARTIAL_CHAINS = 16
"""Envoy 1.24 takes an intermediate for an anchor (envoyproxy/envoy#22350)."""


@dataclass(frozen=True)
class Fault:
    """One thing that keeps a mesh from accepting a root, and the field that shows it."""

    said: str
    field: Field
    works: bool = False
    """Whether the root is accepted all the same, until something changes."""


@dataclass(frozen=True)
class Given:
    """What a mesh configuration gives as further roots, read once for all that are looked for."""

    config: MeshConfig

    @cached_property
    def anchors(self) -> Seen[Anchor]:
        return anchors_in(self.config.at("caCertificates"))

    @cached_property
    def certificates(self) -> Seen[Certificate]:
        return self.anchors.each(lambda it: it.certificates)

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[Certificate, ...]]:
        by_key: dict[str, tuple[Certificate, ...]] = {}
        for it in self.certificates.so_far:
            by_key[it.key] = (*by_key.get(it.key, ()), it)
        return by_key

    def copies_of(self, root: Certificate) -> Seen[Certificate]:
        """The copies of a root at which a chain may end: not one that another CA signed, unless
        that one's own certificate is given too.
        """

        def is_an_end(copy: Certificate) -> bool:
            if copy.issuer == copy.subject or root.issuer != root.subject:
                return True
            ends = self.certificates.where(lambda it: it.self_signed and copy.issued_by(it))
            return bool(ends)

        copies = Seen(self._by_key.get(root.key, ()), self.certificates.gaps)
        return copies.where(is_an_end)


@dataclass(frozen=True)
class Acceptance:
    """What it takes for a mesh to accept a root beside its own. One serves for all roots."""

    cluster: Cluster
    mesh: Mesh
    proxies: Seen[Obj]

    def faults(
        self, root: Certificate, links: Seen[Certificate], shown: tuple[str, ...]
    ) -> Seen[Fault]:
        """All that is wrong. `links` are the intermediates below the root; `shown` are the keys
        of whatever else its mesh shows.
        """
        not_given = Seen((root,)).each(lambda it: self._not_given(it, links, shown))
        return self._without_configuration + not_given + self._whatever_it_is_given

    @cached_property
    def _without_configuration(self) -> Seen[Fault]:
        return Seen((self.mesh,)).each(lambda _: self._broken_config())

    @cached_property
    def _whatever_it_is_given(self) -> Seen[Fault]:
        """What is wrong for any root."""
        conditions: tuple[Callable[[], Iterable[Fault]], ...] = (
            self._refused_anchors,
            self._takes_one_root,
            self._new_proxies_do_not_ask,
            self._proxies_do_not_ask,
        )
        return Seen(conditions).each(lambda condition: condition())

    @cached_property
    def configs(self) -> Seen[MeshConfig]:
        """The mesh configurations of its control planes."""
        return self.cluster.model(MESH_CONFIGS).of_mesh(self.mesh)

    @cached_property
    def _sound(self) -> Seen[MeshConfig]:
        return self.configs.where(lambda it: not it.problem)

    @cached_property
    def _given(self) -> Seen[Given]:
        """What each of them gives it."""
        return self._sound.map(Given)

    def _broken_config(self) -> Iterator[Fault]:
        for config in self.configs:
            if config.problem:
                said = f"istiod does not take its mesh configuration: {config.problem}"
                yield Fault(said, config.fault)

    def _not_given(
        self, root: Certificate, links: Seen[Certificate], shown: tuple[str, ...]
    ) -> Iterator[Fault]:
        """Each configuration must have the root, in its validity."""
        for its in self._given:
            given, copies = its.certificates, its.copies_of(root)
            if current := copies.where(lambda it: it.holds(self.cluster.now)):
                yield from _older(current, root)
            elif ended := copies.first():
                yield Fault("the copy of the other's root that it is given has ended", ended.shown)
            elif (below := self._between(given, root, links)) is not None:
                yield from self._intermediate(below, root, links)
            else:
                yield _absent(its.config, given, shown)
                yield from _skipped(its.anchors)

    def _between(
        self, given: Seen[Certificate], root: Certificate, links: Seen[Certificate]
    ) -> Certificate | None:
        """An intermediate of the other mesh among what is given, or its root as another CA
        signed it.
        """
        keys = {link.key for link in links.so_far}  # a link that was not seen is only named less
        keys.add(root.key)
        return given.where(lambda it: it.key in keys or it.issued_by(root)).first()

    def _intermediate(
        self, given: Certificate, root: Certificate, links: Seen[Certificate]
    ) -> Iterator[Fault]:
        """An intermediate in place of the root is an anchor to newer proxies only."""
        crossed = given.key == root.key
        what = "a cross-signed copy of the root" if crossed else "an intermediate"
        if old := self._versions().where(_too_old_for_partial_chains).first():
            said = (
                f"it is given {what} of the other mesh, not its root, and proxies of "
                f"Istio {old.known.minor} cannot verify with that"
            )
            yield Fault(said, given.shown)
        elif not given.holds(self.cluster.now):
            said = f"{what} of the other mesh, which is all that it is given of it, has ended"
            yield Fault(said, given.shown)
        elif crossed:
            return  # to these proxies it is an anchor as good as the root
        elif given.key in links.map(lambda link: link.key):
            said = (
                "it is given an intermediate of the other mesh, not its root: calls fail as soon "
                "as the other issues from a new one"
            )
            yield Fault(said, given.shown, works=True)
        else:
            said = "it is given an intermediate from which the other mesh does not issue"
            yield Fault(said, given.shown)

    def _refused_anchors(self) -> Seen[Fault]:
        items = self._sound.each(lambda config: config.at("caCertificates").each())
        return items.each(_refused)

    def _takes_one_root(self) -> Seen[Fault]:
        planes = Seen(self.mesh.control_planes)
        return planes.each(self._too_old) + planes.each(_switched_off)

    def _too_old(self, plane: ControlPlane) -> Iterator[Fault]:
        for old in plane_versions(self.cluster, plane).where(_too_old_for_multiroot):
            said = f"Istio {old.known.minor} takes no root but its own: only one for both helps"
            yield Fault(said, old.field)

    def _new_proxies_do_not_ask(self) -> Seen[Fault]:
        """For new proxies the mesh configuration counts, or a ProxyConfig in its place."""
        silent = self._sound.where(lambda config: not asks(self.cluster, config))
        said = f"its new proxies do not ask for other roots ({XDS_AGENT})"
        return silent.map(lambda config: Fault(said, Agents(self.cluster).told(config)))

    def _proxies_do_not_ask(self) -> Seen[Fault]:
        silent = self.proxies.where(lambda pod: not is_on(running(pod)))
        said = "proxies run that do not ask for other roots"
        return silent.map(lambda pod: Fault(said, running(pod)))

    def _versions(self) -> Seen[SaidVersion]:
        """The versions of its control planes and of the proxies that run."""
        planes = Seen(self.mesh.control_planes).each(
            lambda plane: plane_versions(self.cluster, plane)
        )
        return planes + self.proxies.map(_of_proxy)


def asks(cluster: Cluster, config: MeshConfig) -> bool:
    """Whether new proxies ask for other roots: told so by the mesh configuration, or by the
    ProxyConfig of the root namespace.
    """
    agents = Agents(cluster)
    return either(
        lambda: is_on(agents.told(config)),
        lambda: any(map(is_on, agents.for_mesh(config))),
    )


def plane_versions(cluster: Cluster, plane: ControlPlane) -> Seen[SaidVersion]:
    """The version of a control plane; not seen where nothing says one."""
    what = f"the Istio version of {plane.ref}"
    return cluster.model(VERSIONS).of(plane).expecting(what)


def multiroot(plane: ControlPlane) -> Seen[tuple[Instance, Field]]:
    """The switch by which an istiod accepts more roots than its own.

    What the Deployment says counts; its Pods stand in where it was not seen.
    """
    deployments = tuple(it for it in plane.instances.so_far if it.thing.kind == DEPLOYMENT)
    instances = Seen(deployments or plane.instances.so_far, plane.instances.gaps)
    return instances.map(lambda it: (it, setting(it.thing, MULTIROOT)))


def _older(current: Seen[Certificate], root: Certificate) -> Iterator[Fault]:
    """A renewed root keeps its key: an older copy serves until its own end."""
    if not current.where(lambda it: it.not_after >= root.not_after):
        copy = max(current, key=lambda it: it.not_after)
        said = (
            f"the root of the other was renewed; the copy that it is given ends on "
            f"{copy.not_after:%Y-%m-%d}"
        )
        yield Fault(said, copy.shown, works=True)


def _refused(item: Field) -> Iterator[Fault]:
    anchor = Anchor(item)
    if refusal := anchor.refusal:
        yield Fault(f"istiod refuses all its caCertificates: {refusal}", anchor.shown)


def _switched_off(plane: ControlPlane) -> Iterator[Fault]:
    for _, switch in multiroot(plane).where(lambda it: not is_on(it[1])):
        yield Fault(f"its istiod takes no root but its own ({MULTIROOT})", switch)


def _absent(config: MeshConfig, given: Seen[Certificate], shown: tuple[str, ...]) -> Fault:
    if other := given.where(lambda it: it.key in shown).first():
        said = "it is given a root of the other from which the other's workloads are not issued"
        return Fault(said, other.shown)
    words = " and ".join(certificate.short for certificate in given)
    place = config.at("caCertificates").holding(words or None)
    return Fault("it is not given the other's root", place)


def _skipped(anchors: Seen[Anchor]) -> Iterator[Fault]:
    for anchor in anchors.where(lambda it: not it.refusal and lost(it.pem)):
        yield Fault("a certificate of its caCertificates is skipped", anchor.shown)


def _of_proxy(pod: Obj) -> SaidVersion:
    image = container(pod, PROXY).at("image")
    tag = tag_of(image)
    return SaidVersion(str(tag.value or ""), Version.parse(str(tag.value or "")), image)


def _too_old_for_multiroot(said: SaidVersion) -> bool:
    return said.known.minor_number < FIRST_WITH_MULTIROOT


def _too_old_for_partial_chains(said: SaidVersion) -> bool:
    return said.known.minor_number < FIRST_WITH_PARTIAL_CHAINS
