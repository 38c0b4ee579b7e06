"""Whom the Istio CRDs had best belong to: the installer of the newest Istio that runs on them.

Newer CRDs take all that an older release writes; a newer release loses on older CRDs what
they do not know, and from 1.24 on waits for ever for versions that SDM's do not serve.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.cluster import Cluster, Model
from auditor.facts.versions import Version
from auditor.models.crd_owners import CRD_OWNERS, Owner
from auditor.models.hints import OUTSIDE
from auditor.models.istiod import SDM
from auditor.models.meshes import RUNNING_MESHES, Mesh
from auditor.models.versions import VERSIONS
from auditor.seen import Seen

FIRST_WITHOUT_SDM = 24
"""Istio 1.24 reads `v1`, which no CRD of SDM's serves (istio 1.24.6: pkg/config/schema)."""


@dataclass(frozen=True)
class Choice:
    """The newest Istio on either side, as far as it was seen: to advise by, not to judge by."""

    sdm: Version | None
    upstream: Version | None
    """The newest that is not SDM's: what runs, or what the CRDs are of."""
    mesh: Mesh | None
    """The mesh of upstream's newest, where one runs."""

    @property
    def sdm_can_own(self) -> bool:
        """Whether every mesh that was seen can run on CRDs of SDM."""
        return self.upstream is None or not self.upstream.is_since(FIRST_WITHOUT_SDM)

    @property
    def sdm_is_older(self) -> bool:
        """Whether SDM's Istio is known to be older than upstream's."""
        return _older(self.sdm, self.upstream)

    @property
    def sdm_is_newer(self) -> bool:
        """Whether SDM's Istio is known to be newer than upstream's."""
        return _older(self.upstream, self.sdm)


def _older(one: Version | None, other: Version | None) -> bool:
    if one is None or other is None:
        return False
    return not one.is_since(other.minor_number, other.patch or 0)


def _build(cluster: Cluster) -> Choice:
    running: list[tuple[Version, Mesh]] = []
    for mesh in cluster.model(RUNNING_MESHES).so_far:
        for plane in mesh.control_planes if mesh.family != OUTSIDE else ():
            said = cluster.model(VERSIONS).of(plane).so_far
            running += [(it.version, mesh) for it in said if it.version]
    written = [
        (owner, version)
        for owned in cluster.model(CRD_OWNERS).so_far
        for owner in owned.owners.so_far
        for version in Seen((owner,)).map(owned.release_by).so_far
        if version
    ]
    sdm = [it for it, mesh in running if mesh.family == SDM]
    upstream = [it for it, mesh in running if mesh.family != SDM]
    newest = _newest(upstream)
    return Choice(
        _newest(sdm) or _newest(it for owner, it in written if owner == Owner(SDM)),
        _newest([*upstream, *(it for owner, it in written if owner != Owner(SDM))]),
        next((mesh for it, mesh in running if mesh.family != SDM and it == newest), None),
    )


def _newest(versions: Iterable[Version]) -> Version | None:
    return max(versions, key=lambda it: (it.minor_number, it.patch or 0), default=None)


CRD_CHOICE = Model("choice of an owner", (CRD_OWNERS, RUNNING_MESHES, VERSIONS), _build)
