"""How to put settings of a custom resource where they are read."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from auditor.cluster import Cluster
from auditor.models.anchors import anchors_in
from auditor.models.installers import IGNORED
from auditor.models.placement import Misplaced, Move, Path
from auditor.objects import Obj
from auditor.remedies.carrying_out import once_carried_out
from auditor.remedy import Command, Patch, Remedy, merged

MESH_CONFIGS = (("meshConfig",), ("values", "meshConfig"))
LIST = "caCertificates"
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def put_right(resource: Obj, faults: Iterable[Misplaced], cluster: Cluster) -> Remedy:
    """One change of a resource that mends all that can be told from it alone, and what its
    operator then makes of it.

    For rules that read MESHES and what `once_carried_out` takes.
    """
    faults = tuple(faults)
    title = f"put the settings of {resource.ref} where they are read"
    by_hand = [fault for fault in faults if not fault.moves]
    recorded = resource.annotation(IGNORED).held == "true"
    if by_hand or recorded or resource.at("spec").gap:
        text = "mend the file that it came from, and apply that again"
        return Remedy(title, (Command(text, f"kubectl edit {resource.ref.target}"),))
    after: dict[str, Any] = copy.deepcopy({"spec": resource.at("spec").held})
    for fault in faults:
        for move in fault.moves:
            _moved(after, move)
    refused = [_without_refused(resource, after, *place) for place in MESH_CONFIGS]
    if any(refused):
        title += ", but for what holds no certificate"
    patch = _difference({"spec": resource.at("spec").held}, after)
    mended = replace(resource, raw=merged(resource.raw, patch))
    return Remedy(title, (Patch(resource.ref, patch), *once_carried_out(mended, cluster)))


def _without_refused(resource: Obj, after: dict[str, Any], *path: str) -> bool:
    """Takes out of a list that moves what istiod would not come up with, as it reads it by then,
    and whatever stands beside a certificate, such as a key. Says whether there was such a thing.
    """
    moved: Any = after["spec"]
    for step in path:
        moved = moved.get(step) if isinstance(moved, Mapping) else None
    before = resource.at("spec", *path, LIST).held
    listed = moved.get(LIST) if isinstance(moved, dict) else None
    if not isinstance(listed, list) or listed == before:
        return False
    anchors = anchors_in(resource.at("spec", *path).holding({LIST: listed}).at(LIST)).so_far
    kept = [it.item.held for it in anchors if not it.refusal]
    alone = [_certificates_alone(it) for it in kept]
    moved[LIST] = alone
    return alone != listed


def _certificates_alone(item: Any) -> Any:
    text = item.get("pem") if isinstance(item, Mapping) else None
    if not isinstance(text, str) or "PRIVATE KEY" not in text:
        return item
    return {**item, "pem": "".join(f"{it}\n" for it in CERTIFICATE.findall(text))}


def _moved(whole: dict[str, Any], move: Move) -> None:
    source, to, value = move
    if source:
        _holder(whole, source).pop(source[-1], None)
    if to:
        place, there = _holder(whole, to), to[-1]
        old = place[there] if _has(place, there) else None
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            value = merged(value, old)
        place[there] = value


def _has(place: Any, step: str | int) -> bool:
    return isinstance(place, list) or step in place


def _holder(whole: dict[str, Any], path: Path) -> Any:
    """What holds the last step of a path; mappings that are not there are made."""
    place: Any = whole
    for step in path[:-1]:
        listed = isinstance(place, list)
        place = place[int(step)] if listed else place.setdefault(step, {})
    return place


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The merge patch from one to the other."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            if inner := _difference(old, value):
                patch[key] = inner
        elif value != old or type(value) is not type(old):
            patch[key] = value
    return patch
