"""What a control plane should be told, and what its objects then hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditor.cluster import Cluster
from auditor.kinds import POD
from auditor.models.anchors import Anchor, anchors_in
from auditor.models.certificates import Certificate, certificates
from auditor.models.containers import pod_template
from auditor.models.istiod import discovery
from auditor.models.mesh_config import MESH_CONFIGS, XDS_AGENT, MeshConfig
from auditor.models.mesh_types import in_quotes, mistyped, named
from auditor.models.meshes import ControlPlane
from auditor.models.texts import parsed
from auditor.objects import Field, Obj
from auditor.remedy import Consequence, merged

JSON = Mapping[str, Any]
ALIASES = "trustDomainAliases"


@dataclass(frozen=True)
class Wanted:
    """Settings that a control plane lacks."""

    now: datetime
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables of its istiod."""
    agent: bool = False
    """Whether new proxies should be told to ask for other roots."""
    roots: tuple[Certificate, ...] = ()
    anew: bool = False
    """Whether `caCertificates` should be written anew, without what is of no use."""
    domains: tuple[str, ...] = ()
    """Trust domains of others that its proxies should accept."""
    settings: JSON = field(default_factory=dict)
    """Other settings of its mesh configuration, as they should be."""

    def __bool__(self) -> bool:
        return bool(self.env or self.changes_mesh)

    @property
    def changes_mesh(self) -> bool:
        """Whether the mesh configuration changes."""
        return bool(self.agent or self.anchors or self.domains or self.settings)

    @property
    def anchors(self) -> bool:
        """Whether `caCertificates` changes."""
        return bool(self.roots or self.anew)

    def mesh(self, place: Field, otherwise: Field) -> JSON:
        """What to merge into a mesh configuration that stands at a place.

        A list is replaced as a whole, so it holds what is there, or else what applies today.
        """
        patch: dict[str, Any] = dict(self.settings)
        if self.anchors:
            listed = named(place, "caCertificates")
            patch["caCertificates"] = self._anchors(
                listed if listed.held else named(otherwise, "caCertificates")
            )
        if self.agent:
            patch = merged(patch, {"defaultConfig": {"proxyMetadata": {XDS_AGENT: "true"}}})
        if self.domains:
            aliases = named(place, ALIASES)
            usable = bool(aliases.held) and not aliases.gap
            kept = (aliases if usable else named(otherwise, ALIASES)).held or []
            patch[ALIASES] = list(dict.fromkeys((*kept, *self.domains)))
        return patch

    def variables(self, place: Field) -> list[Any]:
        """A list of variables with those that are wanted at its end."""
        held = place.held if isinstance(place.held, list) else []
        kept = [it for it in held if not (isinstance(it, Mapping) and it.get("name") in self.env)]
        return [*kept, *({"name": name, "value": value} for name, value in self.env.items())]

    def _anchors(self, listed: Field) -> list[Any]:
        """What is of use in the items, and one item for each root that is wanted."""
        kept: dict[str, Any] = {}
        for name, item in anchors_in(listed).each(self._kept).so_far:
            kept.setdefault(name, item)
        return [*kept.values(), *({"pem": root.pem} for root in self.roots)]

    def _kept(self, anchor: Anchor) -> Iterator[tuple[str, Any]]:
        """A good item as it is; of another what can be used, one certificate an item.

        Each with what tells it from others: a fingerprint, or the endpoint.
        """
        whole = not any(anchor.problems(self.now)) and not anchor.holds_several
        if whole and anchor.url:
            yield str(anchor.url.value), anchor.item.held
            return
        replaced = {root.key for root in self.roots}
        text = "\n".join(line.strip() for line in str(anchor.pem.value or "").splitlines())
        for found in certificates(anchor.pem.holding(text)).so_far:
            usable = found.is_authority and found.may_sign and found.holds(self.now)
            if usable and found.key not in replaced:
                alone = {**anchor.item.held, "pem": found.pem}
                yield found.fingerprint, anchor.item.held if whole else alone


def effects(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> tuple[Consequence, ...]:
    """What becomes of the objects of a control plane once its installer was told."""
    return (*_of_istiods(plane, wanted), *_of_configs(cluster, plane, wanted))


def _of_istiods(plane: ControlPlane, wanted: Wanted) -> Iterator[Consequence]:
    if not wanted.env:
        return
    said = ", ".join(f'{name}="{value}"' for name, value in wanted.env.items())
    for instance in plane.instances.so_far:
        thing = instance.thing
        text = f"{thing.ref} then has {said} and starts its pods anew"
        variables = wanted.variables(discovery(thing).at("env"))
        yield Consequence(thing.ref, with_variables(thing, discovery(thing), variables), text)


def with_variables(thing: Obj, container: Field, variables: list[Any]) -> JSON:
    """The change of an object that gives one of its containers other variables."""
    *_, of, index = container.path
    held = list(pod_template(thing).at("spec", of).held)
    held[int(index)] = {**container.held, "env": variables}
    spec: JSON = {"spec": {of: held}}
    return spec if thing.kind == POD else {"spec": {"template": spec}}


def _of_configs(cluster: Cluster, plane: ControlPlane, wanted: Wanted) -> Iterator[Consequence]:
    if not wanted.changes_mesh:
        return
    for config in cluster.model(MESH_CONFIGS).of(plane).so_far:
        mesh = mesh_after(config, wanted)
        if not any(mistyped(config.text.holding(mesh))):
            text = f"{config.text.ref} then holds it in data.mesh, and istiod reads it at once"
            yield Consequence(config.text.ref, {"data": {"mesh": json.dumps(mesh)}}, text)


def mesh_after(config: MeshConfig, wanted: Wanted) -> JSON:
    """A whole mesh configuration with what is wanted, its texts in quotes where they need it."""
    held = parsed(config.text).held
    whole = _quoted(held) if isinstance(held, Mapping) else {}
    here = config.text.holding(whole)
    return merged(whole, wanted.mesh(here, config.at()))


def _quoted(config: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every value of `proxyMetadata` as the text that was meant."""
    metadata = config.get("defaultConfig")
    metadata = metadata.get("proxyMetadata") if isinstance(metadata, Mapping) else None
    if not isinstance(metadata, Mapping):
        return dict(config)
    return merged(config, {"defaultConfig": {"proxyMetadata": in_quotes(metadata)}})
