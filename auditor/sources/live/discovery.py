"""Which API serves a kind, in which version; and whether any does.

That a kind is not served is a witness that there is none of it. So it is only said where the
API server told of all that it serves: what discovery could not tell raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from auditor.kinds import CRD, INJECTOR, VALIDATOR, Kind
from auditor.sources.live.asking import JSON, Asking
from auditor.sources.live.failures import Failed, NotKubernetes, OutOfTime, Unreachable

AGGREGATED = ",".join(
    f"{JSON};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"
    for version in ("v2", "v2beta1")
)
"""Everything in one answer (Kubernetes 1.26 and later); an older one answers with the groups."""

CHANGED_IN_V1 = (CRD, INJECTOR, VALIDATOR)
"""Kinds that had another shape before v1, which Kubernetes has served since 1.16."""
UNDERSTOOD = ("v1", "v1beta1")
"""The versions whose shape is known, the present one first."""


@dataclass(frozen=True)
class Version:
    """A version of a group, and which resources can be listed there."""

    name: str
    resources: frozenset[str] = frozenset()
    why_more: str = ""
    """Why there may be further resources, where there may."""


Groups: TypeAlias = Mapping[str, list[Version]]


@dataclass(frozen=True)
class Discovery:
    """What an API server serves below `/api` and `/apis`, or why that is not known."""

    roots: Mapping[str, Groups | Failed] = field(default_factory=dict)

    def path(self, kind: Kind) -> str | None:
        """The path below which a kind is served; None where it is certain that it is not.

        Raises `Failed` where it cannot be told.
        """
        root = _root(kind.group)
        groups = self.roots[root]
        prefix = f"{root}/{kind.group}" if kind.group else root
        if isinstance(groups, Failed):
            if _is_built_in(kind.group):
                return f"{prefix}/v1"
            why = f"which version is served could not be told: {groups.why}"
            raise Failed(why)  # its status says nothing of the right to list the kind
        versions = groups.get(kind.group, [])
        serving = [version.name for version in versions if kind.plural in version.resources]
        known = [version for version in UNDERSTOOD if version in serving]
        if kind in CHANGED_IN_V1 and serving and not known:
            said = " and ".join(UNDERSTOOD)
            raise Failed(f"only served as {', '.join(serving)}, which is not read; {said} are")
        for version in versions:
            if version.why_more and not serving:
                raise Failed(f"what {kind.group}/{version.name} serves: {version.why_more}")
        if not serving:
            return None
        return f"{prefix}/{[*known, *serving][0]}"


def discovered(asking: Asking, kinds: Iterable[Kind]) -> Discovery:
    """Ask an API server what it serves, as far as these kinds need it.

    Raises `Failed` where nothing will come of asking for the kinds: nobody is there, no API
    server is, or it does not know us.
    """
    wanted = {kind.group for kind in kinds}
    roots: dict[str, Groups | Failed] = {}
    for root in sorted({_root(group) for group in wanted}):
        try:
            roots[root] = _groups(asking, root, wanted)
        except (Unreachable, OutOfTime, NotKubernetes):
            raise
        except Failed as failed:
            if failed.status == 401:
                raise
            roots[root] = failed
    return Discovery(roots)


def _root(group: str) -> str:
    return "/apis" if group else "/api"


def _is_built_in(group: str) -> bool:
    """Whether a group is Kubernetes' own, which has served v1 for long."""
    return "." not in group or group.endswith(".k8s.io")


def _groups(asking: Asking, root: str, wanted: set[str]) -> Groups:
    answer = asking.get(root, accept=f"{AGGREGATED},{JSON}")
    kind = answer.get("kind") if isinstance(answer, dict) else None
    if kind == "APIGroupDiscoveryList":
        groups = _list(answer, "items")
        return {_name(it): [_version(one) for one in _list(it, "versions")] for it in groups}
    if kind == "APIVersions":
        listed = {"": [str(name) for name in answer.get("versions") or ()]}
    elif kind == "APIGroupList":
        listed = {
            str(group.get("name")): [str(it.get("version")) for it in _list(group, "versions")]
            for group in _list(answer, "groups")
        }
    else:
        raise NotKubernetes(f"{root} does not answer as a Kubernetes API server does")
    return {
        group: [_asked_for(asking, root, group, name) for name in names]
        for group, names in listed.items()
        if group in wanted
    }


def _version(answer: Mapping[str, Any]) -> Version:
    """A version as aggregated discovery has it, which may be what an API once said."""
    listable = (
        str(it.get("resource"))
        for it in _list(answer, "resources")
        if "list" in (it.get("verbs") or ())
    )
    stale = answer.get("freshness") == "Stale"
    why = "its API server does not answer the main one" if stale else ""
    return Version(str(answer.get("version")), frozenset(listable), why)


def _asked_for(asking: Asking, root: str, group: str, version: str) -> Version:
    """A version by a request of its own. One that fails does not stop the others."""
    try:
        answer = asking.get("/".join(filter(None, (root, group, version))))
    except OutOfTime:
        raise
    except Failed as failed:
        return Version(version, why_more=failed.why)
    if not isinstance(answer, dict) or answer.get("kind") != "APIResourceList":
        return Version(version, why_more="the answer is no list of resources")
    listable = (
        str(it.get("name"))
        for it in _list(answer, "resources")
        if "list" in (it.get("verbs") or ())
    )
    return Version(version, frozenset(listable))


def _name(group: Mapping[str, Any]) -> str:
    metadata = group.get("metadata")
    return str(metadata.get("name") or "") if isinstance(metadata, dict) else ""


def _list(answer: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = answer.get(key)
    return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []
