"""The trust domains of meshes: what their certificates name, and which others they accept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.models.acceptance import plane_versions
from auditor.models.containers import is_on
from auditor.models.istiod import setting
from auditor.models.mesh_config import MESH_CONFIGS, MeshConfig
from auditor.models.mesh_types import named
from auditor.models.meshes import ControlPlane, Mesh, Pair
from auditor.models.versions import VERSIONS
from auditor.objects import Field
from auditor.seen import Gap, Seen, Unseen

DEFAULT_DOMAIN = "cluster.local"
"""Where a mesh configuration names none (istio 1.30.3: pkg/config/mesh/mesh.go)."""
SKIP_TRUST_DOMAINS = "PILOT_SKIP_VALIDATE_TRUST_DOMAIN"
FIRST_WITH_ALIASES_OF_SERVERS = 8
"""Until 1.7 clients do not look at the aliases (istio 1.8.6:
pilot/pkg/serviceregistry/aggregate/controller.go)."""
FIRST_WITH_DOMAINS_OF_CERTIFICATES = 16
"""Servers look at `caCertificates[].trustDomains` since then (istio 1.16.7:
pilot/pkg/networking/plugin/authn/util.go)."""
DOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\.?")


@dataclass(frozen=True)
class Domain:
    """The trust domain that the certificates of a mesh's workloads name."""

    name: str
    field: Field


@dataclass(frozen=True)
class Taking:
    """What one control plane makes of the trust domain of another mesh."""

    config: MeshConfig
    domain: Domain
    by: Field | None
    """What lets its clients and servers take it, if anything does."""
    servers_by: Field | None = None
    """Where nothing does: what lets its servers alone take it, as far as was seen."""

    @property
    def own(self) -> Field:
        """Its own trust domain."""
        return self.config.at("trustDomain")

    @property
    def aliases(self) -> Field:
        """Those that it takes for its own, in words."""
        words = ", ".join(str(it.value) for it in aliases_in(self.config))
        return self.config.at("trustDomainAliases").holding(words or None)


@dataclass(frozen=True)
class TrustDomains:
    """Whether a mesh accepts the trust domain of another.

    Its servers compare a client's with their own, the aliases and those of `caCertificates`;
    its clients expect a server's identity under their own and the aliases alone
    (istio 1.13.9: pilot/pkg/networking/plugin/authn/util.go, pkg/spiffe/spiffe.go).
    """

    cluster: Cluster

    def takings(self, pair: Pair) -> Seen[Taking]:
        """What each control plane of the first makes of each trust domain of the second."""
        domains = self.of(pair.second)
        configs = self._configs(pair.first)
        return configs.each(lambda config: domains.map(lambda it: self._taking(config, it)))

    def of(self, mesh: Mesh) -> Seen[Domain]:
        """The trust domains that the certificates of a mesh name: one, in most."""
        return self._configs(mesh).map(domain_in)

    def _configs(self, mesh: Mesh) -> Seen[MeshConfig]:
        """Its mesh configurations; one that istiod refuses is none to tell."""
        return self.cluster.model(MESH_CONFIGS).of_mesh(mesh).map(_taken)

    def _taking(self, config: MeshConfig, domain: Domain) -> Taking:
        own = domain_in(config)
        if own.name == domain.name:
            return Taking(config, domain, own.field)
        alias = next((it for it in aliases_in(config) if it.value == domain.name), None)
        if alias is None or self.overlooks_aliases(config.plane):
            return Taking(config, domain, None, self._servers_by(config, domain, alias))
        return Taking(config, domain, alias)

    def overlooks_aliases(self, plane: ControlPlane) -> bool:
        """Whether the clients of a control plane are too old to look at the aliases."""
        versions = plane_versions(self.cluster, plane)
        return any(it.known.minor_number < FIRST_WITH_ALIASES_OF_SERVERS for it in versions)

    def _servers_by(self, config: MeshConfig, domain: Domain, alias: Field | None) -> Field | None:
        """For words alone, so that what was not seen is left out."""
        switches = config.plane.instances.map(lambda it: setting(it.thing, SKIP_TRUST_DOMAINS))
        told = Seen((config,)).each(self._of_certificates).where(lambda it: it.value == domain.name)
        found = (*switches.where(is_on).so_far, *told.so_far)
        return alias or next(iter(found), None)

    def _of_certificates(self, config: MeshConfig) -> Iterator[Field]:
        versions = plane_versions(self.cluster, config.plane)
        if all(it.known.minor_number >= FIRST_WITH_DOMAINS_OF_CERTIFICATES for it in versions):
            for item in config.at("caCertificates").each():
                yield from named(item, "trustDomains").each()


def domain_in(config: MeshConfig) -> Domain:
    """The trust domain that a mesh configuration names, or Istio's own."""
    field = config.at("trustDomain")
    return Domain(str(DEFAULT_DOMAIN if field.value is None else field.value), field)


def aliases_in(config: MeshConfig) -> Iterator[Field]:
    """The aliases of a mesh configuration and of the one that it shares with others, united
    (istio 1.30.3: pkg/config/mesh/mesh.go).
    """
    for part in (config.own, config.shared):
        if part is not None:
            yield from named(part, "trustDomainAliases").each()


def _taken(config: MeshConfig) -> MeshConfig:
    """The same, unless istiod refuses it, and runs on what it took before, or on its defaults.

    One name that is no domain suffices (istio 1.13.9: pkg/config/validation/validation.go).
    """
    problem = config.problem
    for name in (config.at("trustDomain"), *aliases_in(config)):
        if name.value is not None and not DOMAIN.fullmatch(str(name.value)):
            problem = problem or f"{name} is no domain"
    if problem:
        what = f"what istiod takes of {config.text.ref}"
        raise Unseen(Gap(what, f"it refuses its mesh configuration: {problem}"))
    return config


TRUST_DOMAINS = Model("trust domains", (MESH_CONFIGS, VERSIONS), TrustDomains)
