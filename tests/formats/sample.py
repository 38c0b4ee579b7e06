"""A cluster as small as it can be for every writer to have something to write."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.formats.cluster_state import ClusterState, Manifest

BORN = "2023-03-02T09:30:05Z"
PEM = "-----BEGIN CERTIFICATE-----\nMIIC9jCCAd6gAwIBAgIRAKSQ\nqKfyGAKJ\n-----END CERTIFICATE-----\n"


def thing(kind: str, api_version: str, name: str, namespace: str = "", **body: Any) -> Manifest:
    """An object with the metadata that an API server gives it."""
    identity = f"{kind}/{namespace}/{name}"
    metadata: Manifest = {
        "creationTimestamp": BORN,
        "managedFields": [{"manager": "kubectl", "operation": "Update", "time": BORN}],
        "name": name,
        "resourceVersion": str(len(identity) + 4000),
        "uid": str(uuid5(NAMESPACE_URL, identity)),
    }
    if namespace:
        metadata["namespace"] = namespace
    metadata |= body.pop("metadata", {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **body}


def _pod(name: str, namespace: str, container: str, **labels: str) -> Manifest:
    return thing(
        "Pod",
        "v1",
        name,
        namespace,
        metadata={"labels": labels},
        spec={
            "containers": [
                {
                    "env": [
                        {"name": "REVISION", "value": "default"},
                        {"name": "TOKEN_AUDIENCES", "value": "istio-ca"},
                    ],
                    "image": f"docker.io/istio/{container}:1.20.8",
                    "name": container,
                }
            ],
            "nodeName": "worker-1",
        },
        status={"phase": "Running", "podIP": "10.244.0.7"},
    )


def _deployment(name: str, namespace: str, container: str) -> Manifest:
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [_container(container)]},
    }
    return thing(
        "Deployment",
        "apps/v1",
        name,
        namespace,
        metadata={
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": '{"old":true}\n'},
            "labels": {"app": name, "istio.io/rev": "default"},
        },
        spec={"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template},
        status={"availableReplicas": 1, "readyReplicas": 1, "replicas": 1},
    )


def _container(name: str) -> Manifest:
    env = [{"name": "TOKEN_AUDIENCES", "value": "istio-ca"}, {"name": "A_KEY", "value": "s3"}]
    return {"env": env, "image": f"docker.io/istio/{name}:1.20.8", "name": name}


def _crd(group: str, kind: str, plural: str, scope: str = "Namespaced") -> Manifest:
    return thing(
        "CustomResourceDefinition",
        "apiextensions.k8s.io/v1",
        f"{plural}.{group}",
        spec={
            "group": group,
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural},
            "scope": scope,
            "versions": [{"name": "v1alpha1", "served": True, "storage": True}],
        },
    )


def _webhooks(kind: str, name: str) -> Manifest:
    return thing(
        kind,
        "admissionregistration.k8s.io/v1",
        name,
        webhooks=[{"clientConfig": {"caBundle": ""}, "name": "rev.namespace.sidecar-injector"}],
    )


def _node_status(version: str) -> Manifest:
    empty = "architecture bootID containerRuntimeVersion kernelVersion machineID operatingSystem"
    info = dict.fromkeys((*empty.split(), "osImage", "systemUUID"), "")
    return {
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 0}},
        "nodeInfo": {**info, "kubeProxyVersion": version, "kubeletVersion": version},
    }


def sample() -> ClusterState:
    """One mesh in istio-system, a namespace with a workload, and one that is empty."""
    rbac = "rbac.authorization.k8s.io/v1"
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "istiod"}
    secret = {"ca-key.pem": "private", "root-cert.pem": PEM, "tls.crt": PEM}
    namespaces = ("default", "empty", "istio-system", "kube-system", "shop")
    return ClusterState(
        (
            *(
                thing("Namespace", "v1", it, spec={"finalizers": ["kubernetes"]})
                for it in namespaces
            ),
            thing("Node", "v1", "worker-1", spec={}, status=_node_status("v1.26.4")),
            _crd("networking.istio.io", "Gateway", "gateways"),
            _crd("networking.istio.io", "Sidecar", "sidecars"),
            _crd("install.istio.io", "IstioOperator", "istiooperators"),
            _crd("sailoperator.io", "Istio", "istios", "Cluster"),
            thing("Gateway", "networking.istio.io/v1alpha1", "web", "shop", spec={"servers": []}),
            thing(
                "IstioOperator",
                "install.istio.io/v1alpha1",
                "installed-state",
                "istio-system",
                spec={"profile": "default", "values": {"pilot": {"autoscaleEnabled": False}}},
            ),
            thing("Istio", "sailoperator.io/v1alpha1", "main", spec={"version": "v1.20.8"}),
            _webhooks("MutatingWebhookConfiguration", "istio-sidecar-injector"),
            _webhooks("ValidatingWebhookConfiguration", "istio-validator-istio-system"),
            thing("ClusterRole", rbac, "istiod", rules=[]),
            thing("ClusterRoleBinding", rbac, "istiod", roleRef=role, subjects=[]),
            thing("ServiceAccount", "v1", "istiod", "istio-system"),
            thing(
                "ConfigMap",
                "v1",
                "istio",
                "istio-system",
                data={"mesh": "defaultConfig:\n  proxyMetadata: {}\nrootNamespace: istio-system\n"},
            ),
            *(
                thing("ConfigMap", "v1", "istio-ca-root-cert", it, data={"root-cert.pem": PEM})
                for it in ("default", "istio-system", "shop")
            ),
            thing("ConfigMap", "v1", "odd", "shop", data={"<<": "=", "date": "2022-01-01"}),
            thing(
                "Secret",
                "v1",
                "cacerts",
                "istio-system",
                data={key: b64encode(it.encode()).decode() for key, it in secret.items()},
                type="Opaque",
            ),
            thing(
                "Service",
                "v1",
                "istiod",
                "istio-system",
                spec={"ports": [{"port": 15012, "targetPort": 15012}]},
            ),
            _deployment("istiod", "istio-system", "discovery"),
            _deployment("cart", "shop", "cart"),
            _pod("istiod-7d4f5c9b6-x2x5k", "istio-system", "discovery", app="istiod"),
            _pod("cart-5f6d8c7b9-zzkqp", "shop", "istio-proxy", app="cart"),
            thing("Lease", "coordination.k8s.io/v1", "istio-leader", "istio-system", spec={}),
        )
    )
