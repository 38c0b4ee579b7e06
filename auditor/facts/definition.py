"""A CustomResourceDefinition, as far as it decides what the API server takes and keeps.

The same type for what a release ships and for what a cluster has installed, so that
one comparison serves both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.facts.fields import Field


@dataclass(frozen=True)
class CrdVersion:
    """One version of a CRD, such as `v1beta1`."""

    name: str
    served: bool
    storage: bool
    status: bool
    """Whether the version has the status subresource."""
    schema: Field


@dataclass(frozen=True)
class Crd:
    """A CustomResourceDefinition that a release ships or that a cluster has.

    What only a release says is empty for an installed CRD: `api`, `chart`, `read_as`.
    """

    name: str
    kind: str
    scope: str
    """`Namespaced` or `Cluster`."""
    prunes: bool
    """Whether the API server drops fields that the schema lacks."""
    versions: Mapping[str, CrdVersion]
    short_names: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    api: str | None = None
    """`v1` or `v1beta1` of apiextensions.k8s.io, in which a release writes the manifest.

    Kubernetes 1.22 and newer take no `v1beta1` manifest.
    """
    chart: str | None = None
    """`base` if the base chart installs it, `operator` if the in-cluster operator's does."""
    read_as: str | None = None
    """The version in which the release's control plane reads the kind, if it reads it."""

    @property
    def served(self) -> tuple[str, ...]:
        """The versions that are served, in order of their names."""
        return tuple(sorted(name for name, version in self.versions.items() if version.served))

    @property
    def stored_as(self) -> str | None:
        """The storage version, or None where no listed version is it."""
        return next((name for name, it in sorted(self.versions.items()) if it.storage), None)
