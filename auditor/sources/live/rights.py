"""The rights that reading takes, as RBAC words them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from auditor.kinds import Kind

READ = ("get", "list")
TRUST = ("cacerts", "external-ca-cert", "istio-ca-secret", "istiod-tls")
"""Secrets that show which CA a control plane issues from, or is served by."""
OF_HELM = "owner=helm"
"""The label of the Secrets in which Helm records its releases."""


@dataclass(frozen=True)
class Right:
    """One rule of a Role or a ClusterRole."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...] = READ
    names: tuple[str, ...] = ()

    @classmethod
    def to_list(cls, kind: Kind) -> Right:
        return cls(kind.group, (kind.plural,))

    @classmethod
    def to_get(cls, kind: Kind, *names: str) -> Right:
        return cls(kind.group, (kind.plural,), ("get",), names)

    @property
    def fields(self) -> dict[str, tuple[str, ...]]:
        """Its fields in the order in which people write them."""
        fields = {"apiGroups": (self.group,), "resources": self.resources}
        if self.names:
            fields["resourceNames"] = self.names
        return {**fields, "verbs": self.verbs}

    def __str__(self) -> str:
        """The rule on one line of YAML, fit to be pasted below `rules`."""
        return "{" + ", ".join(f"{key}: {json.dumps(it)}" for key, it in self.fields.items()) + "}"
