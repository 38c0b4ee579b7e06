"""A fixture cluster comes back from a real API server as its files have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.apiserver.connection import Connection, Refused
from tests.apiserver.loading import CLUSTERS, SET_BY_SERVER, Manifest, load, objects_in, renamed
from tests.apiserver.resources import Discovery
from tests.apiserver.server import ApiServer, started

OTHERS = ("canary-upgrade", "two-upstream-meshes-by-helm", "upstream-too-new-for-the-crds")


def test_every_object_comes_back(api_server: ApiServer) -> None:
    assert _differences(api_server.admin, objects_in(CLUSTERS / "sdm-first")) == []


@pytest.mark.parametrize("name", OTHERS)
def test_every_object_of_other_clusters_comes_back(assets: Path, name: str) -> None:
    objects = objects_in(CLUSTERS / name)
    with started(assets) as server:
        load(server.admin, objects)

        assert _differences(server.admin, objects) == []


def test_references_follow_the_objects_to_their_new_uids(api_server: ApiServer) -> None:
    listed = api_server.admin.get("/apis/apps/v1/replicasets")["items"]
    uids = {it["metadata"]["uid"] for it in listed}

    pods = api_server.admin.get("/api/v1/pods")["items"]
    assert pods
    for pod in pods:
        assert pod["metadata"]["ownerReferences"][0]["uid"] in uids
    ids_of_pods = {it["metadata"]["uid"] for it in pods}
    slices = api_server.admin.get("/apis/discovery.k8s.io/v1/endpointslices")["items"]
    targets = [it["targetRef"]["uid"] for slice_ in slices for it in slice_["endpoints"]]
    assert targets
    assert set(targets) <= ids_of_pods


def test_nothing_of_the_load_is_told_by_managed_fields(api_server: ApiServer) -> None:
    """Who wrote an object is evidence, and the loader is not part of the cluster."""
    objects = objects_in(CLUSTERS / "sdm-first")
    for wanted, found in _pairs(api_server.admin, objects):
        assert ("managedFields" in wanted["metadata"]) == ("managedFields" in found["metadata"])


def test_what_the_server_does_not_take_is_told(api_server: ApiServer) -> None:
    wrong = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "Not a name", "namespace": "default", "uid": "1"},
    }

    with pytest.raises(Refused, match=r"POST .*/configmaps: 422"):
        load(api_server.admin, [wrong])


def test_a_kind_without_its_definition_is_told(api_server: ApiServer) -> None:
    stray = {"apiVersion": "a.test/v1", "kind": "Stray", "metadata": {"name": "it", "uid": "1"}}

    with pytest.raises(LookupError, match=r"the server has no Stray in a\.test/v1"):
        load(api_server.admin, [stray])


def test_only_uids_that_are_known_are_renamed() -> None:
    before = {"uid": "a", "name": "a", "owners": [{"uid": "b"}, {"uid": "c"}]}

    after = renamed(before, {"a": "1", "b": "2"})

    assert after == {"uid": "1", "name": "a", "owners": [{"uid": "2"}, {"uid": "c"}]}


def _pairs(connection: Connection, objects: list[Manifest]) -> Iterator[tuple[Manifest, Manifest]]:
    """Each object of a fixture with what the server has of it."""
    discovery = Discovery(connection)
    for it in objects:
        metadata = it["metadata"]
        resource = discovery.resource(it["apiVersion"], it["kind"])
        collection = resource.collection(metadata.get("namespace", ""))
        yield it, connection.get(f"{collection}/{metadata['name']}")


def _differences(connection: Connection, objects: list[Manifest]) -> list[str]:
    """What the server has not or has otherwise, but for what it sets itself."""
    found: list[str] = []
    uids: dict[str, str] = {}
    pairs = list(_pairs(connection, objects))
    for wanted, it in pairs:
        uids[wanted["metadata"]["uid"]] = it["metadata"]["uid"]
    for wanted, it in pairs:
        expected = renamed(wanted, uids)
        for name in SET_BY_SERVER:
            expected["metadata"].pop(name, None)
        where = f"{wanted['kind']} {wanted['metadata']['name']}"
        found += _changes(expected, it, where)
    return found


def _changes(wanted: Any, found: Any, where: str) -> Iterator[str]:
    """Where a value differs, or lacks something. What the server fills in may be more."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            if key in found:
                yield from _changes(value, found[key], f"{where}.{key}")
            elif value != "":  # a server leaves empty texts out
                yield f"{where}.{key} is gone"
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for at, pair in enumerate(zip(_ordered(wanted, where), _ordered(found, where))):
            yield from _changes(*pair, f"{where}[{at}]")
    elif wanted != found:
        yield f"{where} is {found!r}, not {wanted!r}"


def _ordered(values: list[Any], where: str) -> list[Any]:
    """Managed fields in an order of their own, since a server sorts them as it likes."""
    if not where.endswith(".managedFields"):
        return values
    return sorted(values, key=lambda it: (it["manager"], it["time"], it.get("subresource", "")))
