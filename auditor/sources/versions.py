"""Old versions of Kubernetes' APIs, in the shape of the present ones, so that rules read one."""

from __future__ import annotations

from typing import Any

from auditor.kinds import CRD, DAEMON_SET, DEPLOYMENT, INJECTOR, KINDS, VALIDATOR, Kind

MOVED = {
    ("extensions", "Deployment"): DEPLOYMENT,
    ("extensions", "DaemonSet"): DAEMON_SET,
}
"""Kinds by the group that they had up to Kubernetes 1.15."""


def kind_of(api_version: object, name: object) -> Kind | None:
    """The kind that an object says it is of, None where nobody reads that."""
    if not isinstance(api_version, str) or not isinstance(name, str):
        return None
    named = (api_version.rpartition("/")[0], name)
    return KINDS.get(named) or MOVED.get(named)


def kinds_named(name: object) -> tuple[Kind, ...]:
    """Every kind of a name, whatever its group."""
    return tuple(kind for kind in KINDS.values() if kind.name == name)


def modern(kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
    """The object as the present version of its API would give it."""
    group, _, version = str(fields.get("apiVersion")).rpartition("/")
    if group == "extensions":
        return {**fields, "apiVersion": f"{kind.group}/v1"}
    if version != "v1beta1":
        return fields
    if kind == CRD:
        return _definition(fields)
    if kind in (INJECTOR, VALIDATOR):
        return _webhooks(fields)
    return fields


def _definition(fields: dict[str, Any]) -> dict[str, Any]:
    """A CRD whose one version, schema and columns stand at the top of its `spec`.

    Up to v1beta1 unknown fields were kept unless it said otherwise.
    """
    spec = fields.get("spec")
    if not isinstance(spec, dict):
        return fields
    versions = spec.get("versions")
    if not versions and isinstance(spec.get("version"), str):
        versions = [{"name": spec["version"], "served": True, "storage": True}]
    if isinstance(versions, list):
        shared: dict[str, Any] = {
            new: spec[old]
            for old, new in (
                ("validation", "schema"),
                ("subresources", "subresources"),
                ("additionalPrinterColumns", "additionalPrinterColumns"),
            )
            if spec.get(old)
        }
        versions = [{**shared, **it} if isinstance(it, dict) else it for it in versions]
        spec = {**spec, "versions": versions}
    return {**fields, "spec": {"preserveUnknownFields": True, **spec}}


def _webhooks(fields: dict[str, Any]) -> dict[str, Any]:
    """Webhooks with what v1beta1 took where they say nothing, which v1 takes otherwise."""
    webhooks = fields.get("webhooks")
    if not isinstance(webhooks, list):
        return fields
    former = {"failurePolicy": "Ignore", "matchPolicy": "Exact", "timeoutSeconds": 30}
    return {
        **fields,
        "webhooks": [{**former, **it} if isinstance(it, dict) else it for it in webhooks],
    }
