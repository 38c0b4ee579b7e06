"""What could not be read of a live cluster, and what would let it be read."""

from __future__ import annotations

import http.client
from collections.abc import Sequence

from auditor.kinds import Kind
from auditor.seen import Gap
from auditor.snapshot import gap
from auditor.sources.live.failures import Failed
from auditor.sources.live.rights import Right


def unread(kind: Kind, failed: Failed, namespace: str = "", right: Right | None = None) -> Gap:
    """The gap that a failure leaves; where a right lacks, with the RBAC rule that it takes."""
    if failed.status != http.client.FORBIDDEN:
        return gap(kind, failed.why, namespace)
    role = f"a Role in {namespace}" if namespace else "a ClusterRole"
    get = f"{role} with the rule {right or Right.to_list(kind)}"
    if kind.namespaced and not namespace:
        get += ", or --namespace NAMESPACE for each one that may be read"
    return gap(kind, failed.why, namespace, get=get)


def unasked(kind: Kind, namespaces: Sequence[str]) -> Gap:
    """What lies outside of the namespaces that were to be read."""
    why = f"not asked for: only --namespace {', '.join(namespaces)}"
    return gap(kind, why, but=namespaces, get="--namespace for the others too, or leave it out")
