"""The clusters of the fixtures, for every writer to write."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

from auditor.documents import Document, documents
from auditor.kinds import KINDS
from tests.formats.cluster_state import ClusterState, Manifest, Resource, namespace_of

FOLDER = Path(__file__).parents[2] / "fixtures" / "clusters"
FEW = 2


@cache
def fixture(name: str) -> ClusterState:
    """A cluster of the fixtures. Some have lost the definition of what is in them."""
    things = tuple(_objects(FOLDER / name))
    custom = {
        Resource(kind.group, version, kind.name, kind.plural, kind.namespaced, is_custom=True)
        for group, _, version, name in {
            (*it["apiVersion"].rpartition("/"), it["kind"]) for it in things
        }
        if (kind := KINDS.get((group, name))) and kind.is_custom
    }
    return ClusterState(things, also_served=tuple(sorted(custom)))


@cache
def small(name: str, namespaces: tuple[str, ...]) -> ClusterState:
    """A few objects of each kind, in a few namespaces, so that many dumps of it can be read."""
    kept: list[Manifest] = []
    many: Counter[tuple[str, str]] = Counter()
    for thing in fixture(name).objects:
        metadata = {key: it for key, it in thing["metadata"].items() if key != "managedFields"}
        if thing["kind"] == "Namespace":
            wanted = metadata["name"] in namespaces
        else:
            place = namespace_of(thing)
            many[thing["kind"], place] += 1
            wanted = many[thing["kind"], place] <= FEW and place in ("", *namespaces)
        if wanted:
            kept.append({**thing, "metadata": metadata})
    return ClusterState(tuple(kept), also_served=fixture(name).custom)


def _objects(folder: Path) -> list[Manifest]:
    found: list[Manifest] = []
    for path in sorted(folder.iterdir()):
        for entry in documents(path.read_bytes()):
            assert isinstance(entry, Document)
            found += json.loads(json.dumps(entry.root["items"]))
    return found
