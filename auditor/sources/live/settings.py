"""What a person may say about how a cluster is read, and what is told while it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.kinds import Kind
from auditor.sources.source import Unusable
from auditor.visible import visible

NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""The name of a namespace (a DNS label, RFC 1123)."""


@dataclass(frozen=True)
class Settings:
    """How a cluster is reached, and what of it is read."""

    kubeconfig: str = ""
    """A file; where it is empty, those of `KUBECONFIG`, else `~/.kube/config`, else in-cluster."""
    context: str = ""
    """A context of the kubeconfig; where it is empty, the current one."""
    namespaces: tuple[str, ...] = ()
    """The only namespaces that are read; all of them where it is empty."""
    timeout: float = 300.0
    """Seconds for everything together, the credentials included."""
    patience: float = 30.0
    """Seconds of silence after which a connection is given up for a new one."""
    secrets: bool = True
    """Whether the few Secrets that show a CA's certificates are read, by their names."""
    helm_releases: bool = False
    """Whether the Secrets in which Helm records its releases are listed."""


@dataclass(frozen=True)
class Progress:
    """How far the reading of one kind has come, in one namespace or in all."""

    kind: Kind
    namespace: str
    objects: int
    remaining: int | None = None
    """How many are still to come, where the API server says so."""
    done: bool = False


def refuse_impossible(namespaces: Iterable[str]) -> None:
    """Raises `Unusable` where a name is none that a namespace can have."""
    for namespace in namespaces:
        if not NAME.fullmatch(namespace):
            said = f"--namespace {visible(namespace)}"
            raise Unusable(f"{said}: no namespace can have such a name")
