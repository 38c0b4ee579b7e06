"""Gives a user rights on an API server, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Any

from .connection import Connection
from .server import wait_for

Rule = dict[str, list[str]]

_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_RBAC_GROUP = "rbac.authorization.k8s.io"
_REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"


def allow(admin: Connection, user: str, rules: list[Rule], namespace: str = "") -> None:
    """Let a user do what RBAC rules say, in the cluster or in one namespace, from now on.

    Each user can be given rights once in each place: for other rights take another user.
    Raises Refused where he has been given some.
    """
    kind, base = "ClusterRole", _RBAC
    if namespace:
        kind, base = "Role", f"{_RBAC}/namespaces/{namespace}"
    path = f"{base}/{kind.lower()}"
    metadata = {"name": user}
    admin.post(f"{path}s", {"metadata": metadata, "rules": rules})
    admin.post(
        f"{path}bindings",
        {
            "metadata": metadata,
            "roleRef": {"apiGroup": _RBAC_GROUP, "kind": kind, "name": user},
            "subjects": [{"apiGroup": _RBAC_GROUP, "kind": "User", "name": user}],
        },
    )
    for attributes in _attributes(rules):
        spec = {"user": user, "resourceAttributes": {**attributes, "namespace": namespace}}
        wait_for(f"{user} is allowed {attributes}", partial(_allowed, admin, spec))


def _attributes(rules: list[Rule]) -> Iterator[dict[str, str]]:
    """Everything that rules allow, as the server is asked about it."""
    for rule in rules:
        names = rule.get("resourceNames", [""])
        parts = product(rule["verbs"], rule["apiGroups"], rule["resources"], names)
        for verb, group, resource, name in parts:
            plural, _, subresource = resource.partition("/")
            yield {
                "verb": verb,
                "group": group,
                "resource": plural,
                "subresource": subresource,
                "name": name,
            }


def _allowed(admin: Connection, spec: dict[str, Any]) -> bool:
    answer: bool = admin.post(_REVIEWS, {"spec": spec})["status"]["allowed"]
    return answer
