"""The meshes whose workloads may meet in this cluster, of which trust is a matter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from auditor.cluster import Cluster, Model
from auditor.kinds import POD
from auditor.models.hints import OUTSIDE
from auditor.models.meshes import ALL_MESHES, Mesh, Pair
from auditor.models.proxies import belongs_to, proxies
from auditor.objects import Obj
from auditor.seen import Seen, either


def _meeting(cluster: Cluster) -> Seen[Mesh]:
    """Those that run here, and those outside the cluster that gave some pod of it a proxy.

    A control plane outside shows in its webhooks alone. Where these were not collected, but
    every proxy was given by a mesh that runs here, there is none to reckon with.
    """
    found = cluster.model(ALL_MESHES)
    strangers = proxies(cluster).where(
        lambda pod: not any(belongs_to(pod, mesh) for mesh in found.here)
    )
    outside = found.running.where(lambda mesh: mesh.family == OUTSIDE)
    looks = Seen((strangers,)).each(lambda pods: _in_use(outside, pods))
    return found.here + looks


def _in_use(outside: Seen[Mesh], strangers: Seen[Obj]) -> Iterator[Mesh]:
    if not either(lambda: not outside, lambda: not strangers):
        yield from outside.where(lambda mesh: any(belongs_to(pod, mesh) for pod in strangers))


MEETING = Model("meshes that meet", (ALL_MESHES, POD), _meeting)


def meshes_that_meet(cluster: Cluster) -> Seen[Mesh]:
    """Every mesh whose workloads may meet those of another."""
    return cluster.model(MEETING)


def pairs_of_meshes_that_meet(cluster: Cluster) -> Seen[Pair]:
    """Every such mesh beside every other, both ways round."""
    seen = meshes_that_meet(cluster)
    return Seen(tuple(Pair(*two) for two in permutations(seen.so_far, 2)), seen.gaps)
