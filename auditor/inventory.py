"""The meshes of a cluster as a report lists them."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.objects import Field
from auditor.seen import Gap


@dataclass(frozen=True)
class Told:
    """Some things a report says of a mesh, and the fields that say so."""

    values: tuple[str, ...] = ()
    evidence: tuple[Field, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Why there may be more of them."""


@dataclass(frozen=True)
class Membership:
    """A namespace whose pods a mesh injects, and why: its labels, or pods that run already."""

    namespace: str
    why: str


@dataclass(frozen=True)
class MeshSummary:
    """One mesh: its control planes, what made them, and what belongs to it.

    `id` is the family of what made it and its namespace, such as `istio.istio-system`:
    never a revision, since a mesh may have several and not all may be seen.
    """

    id: str
    installer: Told
    namespace: str
    running: bool
    revisions: Told
    tags: Told
    versions: Told
    trust_domain: Told
    roots: Told
    """Fingerprints of its roots, `sha256:` and 64 hexadecimal digits: first those that it issues
    from, or may, then those that it only hands out, as while a root is being replaced."""
    members: tuple[Membership, ...] = ()
    members_gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know of it: declared and not running, outside the cluster, ..."""


@dataclass(frozen=True)
class TrustSummary:
    """Whether a mesh that runs accepts what another issues, by the ids of both."""

    accepting: str
    issuing: str
    accepts: bool | None
    """None where it cannot be told: for what is missing, or for evidence that disagrees."""
    why: str
    roots: tuple[str, ...] = ()
    """Fingerprints of the roots that the second issues from, or may."""
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class CrdSummary:
    """An Istio CRD and who owns it, in words: two owners are a contradiction."""

    name: str
    owners: Told


@dataclass(frozen=True)
class Inventory:
    """All meshes that were found, and what could hide another one."""

    meshes: tuple[MeshSummary, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    """Leftovers and hints that make no mesh, such as a webhook whose istiod is gone."""
    trust: tuple[TrustSummary, ...] = ()
    """Each mesh that was seen to run beside each other one, both ways round."""
    crds: tuple[CrdSummary, ...] = ()
    crds_gaps: tuple[Gap, ...] = ()
    """Why there may be more Istio CRDs."""
