"""Whether an object was read from a cluster, or is only what somebody declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.kinds import CONFIG_MAP, POD, SECRET

MADE_BY_THE_CLUSTER = frozenset((POD, SECRET, CONFIG_MAP))
"""Kinds of which a running cluster makes more than any manifest says: pods of Deployments,
certificate authorities and the ConfigMaps with their roots."""

LIVE_METADATA = ("uid", "resourceVersion", "creationTimestamp")


def is_declared(fields: Mapping[str, Any]) -> bool:
    """Whether an object shows no sign that a cluster has it, as Helm and kustomize write it."""
    metadata = fields["metadata"]
    return not any(metadata.get(key) for key in LIVE_METADATA) and not says(fields.get("status"))


def says(value: object) -> bool:
    """Whether a status says anything: tools write empty ones into manifests."""
    if isinstance(value, Mapping):
        return any(says(item) for item in value.values())
    return bool(value)
