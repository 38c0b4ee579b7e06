"""Two meshes beside each other, where it does not matter which is the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from auditor.cluster import Cluster
from auditor.models.meshes import Mesh, running_meshes
from auditor.objects import Ref
from auditor.seen import Seen


@dataclass(frozen=True)
class Neighbours:
    """Two meshes that run in one cluster, by their ids."""

    first: Mesh
    second: Mesh

    def __iter__(self) -> Iterator[Mesh]:
        return iter((self.first, self.second))

    @property
    def ref(self) -> Ref:
        return Ref("Meshes", f"{self.first.id} and {self.second.id}")

    @property
    def said(self) -> str:
        return f"{self.first.id} and {self.second.id}"


def meshes_side_by_side(cluster: Cluster) -> Seen[Neighbours]:
    """Every running mesh beside every other, once."""
    seen = running_meshes(cluster)
    ordered = sorted(seen.so_far, key=lambda it: it.id)
    return Seen(tuple(Neighbours(*two) for two in combinations(ordered, 2)), seen.gaps)
