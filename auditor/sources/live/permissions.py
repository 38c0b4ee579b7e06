"""The RBAC that a live audit takes, as YAML that applies as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from auditor.kinds import NAMESPACE, SECRET, Kind
from auditor.sources.live.rights import OF_HELM, TRUST, Right
from auditor.sources.live.settings import refuse_impossible

NAME = "mesh-auditor"
WIDTH = 92

PURPOSES = {
    "namespaces": "The labels that choose a mesh for a namespace.",
    "pods": "Which control plane injected a pod, and with what.",
    "services": "What the webhooks of control planes lead to.",
    "configmaps": "The configuration of meshes and the roots that they publish. Nothing else of a "
    "ConfigMap is kept.",
    "customresourcedefinitions": "Who owns the CRDs of Istio, and which release they are of.",
    "mutatingwebhookconfigurations": "Which webhooks inject, and into what.",
    "validatingwebhookconfigurations": "Which control plane validates Istio's configuration.",
}
OF_GROUPS = {
    "apps": "Control planes, operators, and the workloads that pods come from.",
    "batch": "Workloads that pods come from.",
    "rbac.authorization.k8s.io": "Cluster-wide objects that installers of two meshes fight for.",
    "networking.istio.io": "What binds Istio's configuration to a mesh.",
    "security.istio.io": "What binds Istio's policies to a mesh.",
    "telemetry.istio.io": "What binds Istio's telemetry to a mesh.",
    "extensions.istio.io": "What binds Istio's extensions to a mesh.",
}
DECLARES = "What declares control planes."
BY_NAME = "The labels of this namespace, where not all namespaces may be listed."
TRUSTS = (
    "The certificates of CAs. These Secrets hold private keys as well, which are dropped while "
    "reading and never kept. Without this role trust is judged by what else shows it: "
    "ConfigMaps and webhooks."
)
RELEASES = (
    f"What Helm recorded of its releases (--helm-releases). Only Secrets labelled {OF_HELM} are "
    "asked for, but RBAC knows no labels: this lets every Secret be listed."
)


def permissions(
    kinds: Sequence[Kind], namespaces: Sequence[str] = (), helm_releases: bool = False
) -> str:
    """Roles that let these kinds be read, with get and list only.

    Without namespaces they are ClusterRoles. With them what lies in namespaces is for a Role in
    each, and a ClusterRole has what lies in none. Secrets are for roles of their own, so that a
    careful owner can leave them out. Raises `Unusable` for a name that no namespace can have.
    """
    refuse_impossible(namespaces)
    roles = _roles(sorted(set(kinds)), namespaces, helm_releases)
    return "---\n".join("".join(f"{line}\n" for line in role.lines()) for role in roles)


@dataclass(frozen=True)
class _Role:
    """A Role, or a ClusterRole where it has no namespace; its rules with what they are for."""

    name: str
    namespace: str
    rules: tuple[tuple[str, Right], ...]

    def lines(self) -> Iterator[str]:
        yield f"# To bind it: {self._binding}"
        yield "apiVersion: rbac.authorization.k8s.io/v1"
        yield f"kind: {'Role' if self.namespace else 'ClusterRole'}"
        yield "metadata:"
        yield f"  name: {self.name}"
        if self.namespace:
            yield f"  namespace: {json.dumps(self.namespace)}"
        yield "rules:"
        for purpose, right in self.rules:
            yield from (f"  # {line}" for line in wrap(purpose, WIDTH))
            for number, (key, values) in enumerate(right.fields.items()):
                lead = "  - " if number == 0 else "    "
                yield f"{lead}{key}: [{', '.join(map(json.dumps, values))}]"

    @property
    def _binding(self) -> str:
        who = "--serviceaccount=NAMESPACE:NAME"
        if self.namespace:
            where = f"-n {self.namespace}"
            return f"kubectl create rolebinding {self.name} {where} --role={self.name} {who}"
        return f"kubectl create clusterrolebinding {self.name} --clusterrole={self.name} {who}"


def _roles(
    kinds: Sequence[Kind], namespaces: Sequence[str], helm_releases: bool
) -> Iterator[_Role]:
    listed = [kind for kind in kinds if kind != SECRET]
    inside = [kind for kind in listed if kind.namespaced and namespaces]
    if outside := [kind for kind in listed if kind not in inside]:
        yield _Role(NAME, "", tuple(_rules(outside)))
    for namespace in namespaces:
        own = [(BY_NAME, Right.to_get(NAMESPACE, namespace))] if NAMESPACE in listed else []
        if rules := (*_rules(inside), *own):
            yield _Role(NAME, namespace, rules)
    for namespace in namespaces or ("",):
        if SECRET in kinds:
            by_name = Right.to_get(SECRET, *TRUST)
            yield _Role(f"{NAME}-secrets", namespace, ((TRUSTS, by_name),))
        if SECRET in kinds and helm_releases:
            at_large = Right(SECRET.group, (SECRET.plural,), ("list",))
            yield _Role(f"{NAME}-helm-releases", namespace, ((RELEASES, at_large),))


def _rules(kinds: Iterable[Kind]) -> Iterator[tuple[str, Right]]:
    """A rule for the kinds of a group that are read for the same purpose."""
    together: dict[tuple[str, str], list[str]] = {}
    for kind in kinds:
        purpose = PURPOSES.get(kind.plural) or OF_GROUPS.get(kind.group) or DECLARES
        together.setdefault((kind.group, purpose), []).append(kind.plural)
    for (group, purpose), resources in together.items():
        yield purpose, Right(group, tuple(resources))
