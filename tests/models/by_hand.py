"""Injection decided a second time, on plain values and in another way, to compare with.

It follows the words of the Kubernetes API for selectors and Istio's own code for what comes
after, and shares nothing with the auditor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Labels = Mapping[str, str]


def matches(selector: Mapping[str, Any], labels: Labels) -> bool:
    """All of its requirements as sets of admitted values; None among them is an absent key."""
    admitted = []
    for key, value in selector.get("matchLabels", {}).items():
        admitted.append(labels.get(key) == value)
    for asked in selector.get("matchExpressions", ()):
        has, values = labels.get(asked["key"]), list(asked.get("values", ()))
        admitted.append(
            {
                "In": has in values,
                "NotIn": has not in values,
                "Exists": has is not None,
                "DoesNotExist": has is None,
            }[asked["operator"]]
        )
    return False not in admitted


def called(
    configurations: list[dict[str, Any]], namespace: dict[str, Any], pod: Labels
) -> list[dict[str, Any]]:
    """The configurations that the API server calls for a pod, in its order."""
    name = namespace["metadata"]["name"]
    around = {**namespace["metadata"]["labels"], "kubernetes.io/metadata.name": name}
    return [
        configuration
        for configuration in sorted(configurations, key=lambda it: str(it["metadata"]["name"]))
        for webhook in configuration["webhooks"]
        if matches(webhook["namespaceSelector"], around) and matches(webhook["objectSelector"], pod)
    ]


def injects(minor: int, namespace: str, pod: dict[str, Any]) -> bool:
    """Istio's `injectRequired` with the policy enabled and no selectors."""
    metadata = pod["metadata"]
    if pod["spec"]["hostNetwork"]:
        return False
    system = {"kube-system", "kube-public"}
    if minor > 8:
        system |= {"kube-node-lease", "local-path-storage"}
    if namespace in system:
        return False
    said = metadata["annotations"].get("sidecar.istio.io/inject", "")
    if minor > 11:
        said = metadata["labels"].get("sidecar.istio.io/inject", said)
    if minor > 26:
        return bool(said != "false")
    return said == "" or said.lower() in ["y", "yes", "true", "on"]


def chosen(
    configurations: list[dict[str, Any]],
    minors: Mapping[str, int],
    namespace: dict[str, Any],
    pod: dict[str, Any],
) -> str | None:
    """The revision whose proxy a pod is given in the end."""
    result = None
    for configuration in called(configurations, namespace, pod["metadata"]["labels"]):
        revision = configuration["metadata"]["labels"]["istio.io/rev"]
        if injects(minors[revision], namespace["metadata"]["name"], pod):
            result = revision
    return result
