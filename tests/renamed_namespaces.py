"""A cluster whose namespaces have other names, wherever anything names them.

Certificates keep the names in their SANs: a signature holds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from auditor.objects import Ref
from tests.whole_clusters import Files, Verdicts, in_yaml, roots

FIXED = ("default", "kube-system", "kube-public", "kube-node-lease")
"""Namespaces that Kubernetes makes."""
NAMES = (
    *("aurora", "zenith", "mesh-two", "a", "istio-system", "prod-1"),
    *("blue", "control-plane-of-the-bank", "x9", "sdm", "operators", "team-b"),
)
"""What they are called afterwards; `istio-system` may become anybody's."""
AMBIGUOUS = ("istio-operator", "sail-operator")
"""Names that operators and marks have too: they are renamed where a namespace stands alone."""


@dataclass(frozen=True)
class Renaming:
    """The new names of namespaces."""

    names: Mapping[str, str]

    def text(self, text: str) -> str:
        """A text with each namespace that it names, alone or in another name, renamed."""
        plain = sorted((it for it in self.names if it not in AMBIGUOUS), key=len, reverse=True)
        pattern = rf"(?<![a-z0-9])({'|'.join(map(re.escape, plain))})(?![a-z0-9-]|\.banzaicloud)"
        return re.sub(pattern, lambda found: self.names[found[1]], text)

    def namespace(self, name: str) -> str:
        """The new name of a namespace."""
        return self.names.get(name, name)

    def ref(self, ref: Ref | None) -> Ref | None:
        """How an object, or a mesh, is called afterwards."""
        if ref is None:
            return None
        name = self.namespace(ref.name) if ref.kind == "Namespace" else self.text(ref.name)
        return Ref(ref.kind, name, self.namespace(ref.namespace), ref.group, ref.version)

    def value(self, value: Any, at: str = "") -> Any:
        """A value, with all that it holds, that stands in the field `at`."""
        if isinstance(value, dict):
            if "NAMESPACE" in str(value.get("name")) and "value" in value:
                return {**value, "value": self._places(value["value"])}
            return {key: self.value(it, key) for key, it in value.items()}
        if isinstance(value, list):
            return [self.value(it, at) for it in value]
        if not isinstance(value, str) or at in ("apiVersion", "kind"):
            return value
        return self.namespace(value) if _names_a_namespace(at) else self.text(value)

    def _places(self, text: str) -> str:
        return ",".join(self.namespace(it) for it in text.split(","))


def _names_a_namespace(at: str) -> bool:
    return at == "kubernetes.io/metadata.name" or at.lower().endswith("namespace")


def renaming(cluster: str, chance: Random) -> Renaming:
    """New names for all namespaces of a cluster that somebody made."""
    things = [it for held in roots(cluster).values() for each in held for it in each["items"]]
    old = [it["metadata"]["name"] for it in things if it["kind"] == "Namespace"]
    old = [it for it in old if it not in FIXED]
    return Renaming(dict(zip(old, chance.sample(NAMES, len(old)), strict=True)))


def renamed(cluster: str, names: Renaming) -> Files:
    """The files of a cluster, with the new names."""
    held = roots(cluster)
    for thing in (it for lists in held.values() for each in lists for it in each["items"]):
        is_namespace, name = thing["kind"] == "Namespace", thing["metadata"]["name"]
        thing.update(names.value(thing))
        if is_namespace:
            thing["metadata"]["name"] = names.namespace(name)
    return {name: in_yaml(lists) for name, lists in held.items()}


def without_order(found: Verdicts) -> Verdicts:
    """Verdicts about two meshes, whichever is named first, where only one order is judged."""
    return {
        (rule, about if (rule, _turned(about)) in found else _sorted(about)): verdict
        for (rule, about), verdict in found.items()
    }


def _turned(ref: Ref | None) -> Ref | None:
    return _named(ref, lambda two: two[::-1])


def _sorted(ref: Ref | None) -> Ref | None:
    return _named(ref, sorted)


def _named(ref: Ref | None, order: Callable[[list[str]], list[str]]) -> Ref | None:
    if ref is None or ref.kind != "Meshes":
        return ref
    between = " -> " if " -> " in ref.name else " and "
    return replace(ref, name=between.join(order(ref.name.split(between))))
