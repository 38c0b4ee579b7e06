"""What Helm prints as JSON or YAML: a release, a list of releases, the values of one.

(helm 3.14: cmd/helm/{status,list,get_values}.go, pkg/cli/output/output.go)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.helm import VALUES
from auditor.snapshot import few
from auditor.visible import visible

IN_A_LIST = frozenset(("name", "namespace", "revision", "updated", "status", "chart"))
BESIDE_VALUES = frozenset(("gateways", "ztunnel", "telemetry", "ownerName", "compatibilityVersion"))
LEAST = 2
"""So many top-level keys of Istio's charts make values: some have names that others use too."""
A_LIST = "is a list of Helm releases ({}); helm get all NAME -n NAMESPACE gives what each declares"
SOME_VALUES = "holds values for a chart of Istio's; helm get all has the manifest beside them"


@dataclass(frozen=True)
class Stored:
    """A release as `helm status -o json` prints it, with its manifest as a text."""

    release: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Told:
    """What Helm printed that holds no object, in words for a person."""

    what: str


def printed_by_helm(root: object) -> Stored | Told | None:
    """What of Helm's a document is; None for any other."""
    if isinstance(root, list) and root and all(map(_is_row, root)):
        named = [f"{it['chart']} as {it['namespace']}/{it['name']}" for it in root]
        return Told(visible(A_LIST.format(few(named))))
    if not isinstance(root, Mapping) or "apiVersion" in root or "kind" in root:
        return None
    if isinstance(root.get("manifest"), str) and isinstance(root.get("info"), Mapping):
        return Stored(root)
    known = root.keys() & (VALUES | BESIDE_VALUES)
    return Told(SOME_VALUES) if len(known) >= LEAST else None


def _is_row(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.keys() >= IN_A_LIST
