"""Injectors as the charts of Istio and SDM write them, and what is asked of them in tests."""

from __future__ import annotations

from typing import Any

Labels = dict[str, str]
REV, INJECT, LEGACY = "istio.io/rev", "sidecar.istio.io/inject", "istio-injection"
RULE = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
NEVER = {"matchLabels": {"istio.io/deactivated": "never-match"}}


def asks(*expressions: tuple[Any, ...]) -> dict[str, Any]:
    """A selector: `(key, operator, value...)` for each of its expressions."""
    made = []
    for key, operator, *values in expressions:
        made.append({"key": key, "operator": operator, **({"values": values} if values else {})})
    return {"matchExpressions": made}


NO_LEGACY, NO_REV = (LEGACY, "DoesNotExist"), (REV, "DoesNotExist")
NOT_FALSE = (INJECT, "NotIn", "false")


def entries(answers_to: str, default: bool = False, everywhere: bool = False) -> dict[str, Any]:
    """The two selectors of each webhook, by its prefix (istio 1.13.9: mutatingwebhook.yaml)."""
    found = {
        "rev.namespace": (asks((REV, "In", answers_to), NO_LEGACY), asks(NOT_FALSE)),
        "rev.object": (asks(NO_REV, NO_LEGACY), asks(NOT_FALSE, (REV, "In", answers_to))),
    }
    if default:
        found["namespace"] = (asks((LEGACY, "In", "enabled")), asks(NOT_FALSE))
        found["object"] = (asks(NO_LEGACY, NO_REV), asks((INJECT, "In", "true"), NO_REV))
    if everywhere:
        found["auto"] = (asks(NO_LEGACY, NO_REV), asks((INJECT, "DoesNotExist"), NO_REV))
    return found


def injector(
    name: str,
    revision: str,
    service: tuple[str, str],
    found: dict[str, Any],
    tag: str = "",
) -> dict[str, Any]:
    """A MutatingWebhookConfiguration with these webhooks."""
    labels = {"app": "sidecar-injector", REV: revision} | ({"istio.io/tag": tag} if tag else {})
    called = {"service": dict(zip(("name", "namespace"), service)) | {"path": "/inject"}}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": name, "labels": labels},
        "webhooks": [
            {
                "name": f"{prefix}.sidecar-injector.istio.io",
                "clientConfig": called,
                "rules": [RULE],
                "namespaceSelector": namespaces,
                "objectSelector": pods,
            }
            for prefix, (namespaces, pods) in found.items()
        ],
    }


def istiod(name: str, namespace: str, revision: str, version: str) -> dict[str, Any]:
    """The Deployment behind an injector."""
    discovery = {
        "name": "discovery",
        "image": f"docker.io/istio/pilot:{version}",
        "args": ["discovery"],
        "env": [{"name": "REVISION", "value": revision}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": "istiod"}},
        "spec": {"template": {"spec": {"containers": [discovery]}}},
    }


def namespace(name: str, labels: Labels) -> dict[str, Any]:
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def workload(name: str, place: str, labels: Labels, annotations: Labels, host: bool) -> Any:
    """A Deployment whose pods ask so."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": place},
        "spec": {
            "template": {
                "metadata": {"labels": labels, "annotations": annotations},
                "spec": {"hostNetwork": host, "containers": [{"name": "app", "image": "app:1"}]},
            }
        },
    }
