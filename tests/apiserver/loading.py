"""Puts the objects of a fixture cluster into a real API server."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

from auditor.facts.crds import shipped_by
from auditor.facts.releases import release_of
from auditor.facts.render import render_crd
from auditor.facts.versions import Version
from auditor.models.crd_owners import CHART_VERSION, SDM_REVISION, WRITTEN_VERSION

from .connection import Connection, Refused
from .resources import Discovery
from .server import wait_for

Manifest = dict[str, Any]

CLUSTERS = Path(__file__).parent.parent.parent / "fixtures" / "clusters"
SET_BY_SERVER = ("uid", "resourceVersion", "creationTimestamp", "generation")
"""What a server puts into metadata whatever it is sent: a loaded object is as old as its load."""

_ANYTHING = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
_WRITTEN = (SDM_REVISION, WRITTEN_VERSION, CHART_VERSION)
"""The labels in which installers say of which release a CRD is."""
_DEFINITION = "CustomResourceDefinition"
_NOBODY: list[Manifest] = [{}]


def objects_in(place: Path) -> list[Manifest]:
    """The objects in one file of a fixture cluster, or in all files of its folder."""
    files = [place] if place.is_file() else sorted(place.glob("*.yaml"))
    return [
        item
        for file in files
        for document in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for item in document["items"]
    ]


def complete(it: Manifest) -> None:
    """Give a CRD without schemas those of the release that its labels name: no server takes it
    without. Where no label tells, or the release does not ship it, it takes anything.
    """
    if it["kind"] == _DEFINITION:
        schemas = _schemas(it)
        for version in it["spec"]["versions"]:
            version.setdefault("schema", schemas.get(version["name"], _ANYTHING))


def _schemas(it: Manifest) -> dict[str, Manifest]:
    labels = it["metadata"].get("labels", {})
    said = next((labels[label] for label in _WRITTEN if label in labels), "")
    release = release_of(Version.parse(said))
    if release is None or it["metadata"]["name"] not in shipped_by(release):
        return {}
    rendered = render_crd(it["metadata"]["name"], release)
    return {version["name"]: version["schema"] for version in rendered["spec"]["versions"]}


def copied(cluster: Path, folder: Path) -> Path:
    """The files of a fixture cluster as a server has it, with a schema in each CRD."""
    for file in sorted(cluster.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        documents = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
        for document in documents:
            for it in document["items"]:
                complete(it)
        with (folder / file.name).open("w", encoding="utf-8") as copy_of_it:
            yaml.dump_all(documents, copy_of_it, Dumper=yaml.CSafeDumper, sort_keys=False)
    return folder


def load(connection: Connection, objects: list[Manifest]) -> None:
    """Create objects, or change those that the server made by itself into them.

    Afterwards they are in the server as they are given, but for what a server sets: uids
    are its own, and references to them follow. An object that does not say who wrote it
    has no managed fields in the server either. CRDs without schemas get those of their
    release. Raises Refused where the server does not take an object.
    """
    _Loader(connection).load(objects)


class _Loader:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._discovery = Discovery(connection)
        self._uids: dict[str, str] = {}

    def load(self, objects: list[Manifest]) -> None:
        definitions = [it for it in objects if it["kind"] == _DEFINITION]
        for namespace in (it for it in objects if it["kind"] == "Namespace"):
            self._put(namespace)
            self._put_what_others_write(namespace)
        for definition in definitions:
            self._put(definition)
        self._wait_until_served(definitions)
        for definition in definitions:
            self._put_what_others_write(definition)
        for it in _owners_first(objects):
            if it["kind"] not in {"Namespace", _DEFINITION}:
                self._put(it)
                self._put_what_others_write(it)

    def _put(self, it: Manifest) -> None:
        metadata = it["metadata"]
        resource = self._discovery.resource(it["apiVersion"], it["kind"])
        collection = resource.collection(metadata.get("namespace", ""))
        body = self._as_sent(it)
        try:
            made = self._connection.post(collection, body)
        except Refused as error:
            if error.code != 409:
                raise
            made = self._connection.merge(f"{collection}/{metadata['name']}", body)
        self._uids[metadata["uid"]] = made["metadata"]["uid"]

    def _as_sent(self, it: Manifest) -> Manifest:
        sent = copy.deepcopy(it)
        for name in (*SET_BY_SERVER, "managedFields"):
            sent["metadata"].pop(name, None)
        complete(sent)
        with_uids: Manifest = renamed(sent, self._uids)
        return with_uids

    def _put_what_others_write(self, it: Manifest) -> None:
        """The status, which is taken only by itself, and then who wrote what, of which the
        server kept its own account so far.
        """
        metadata = it["metadata"]
        resource = self._discovery.resource(it["apiVersion"], it["kind"])
        path = f"{resource.collection(metadata.get('namespace', ''))}/{metadata['name']}"
        if "status" in it and resource.has_status:
            self._connection.merge(f"{path}/status", {"status": it["status"]})
        writers = metadata.get("managedFields", _NOBODY)
        self._connection.merge(path, {"metadata": {"managedFields": writers}})

    def _wait_until_served(self, definitions: list[Manifest]) -> None:
        for definition in definitions:
            group, kind = definition["spec"]["group"], definition["spec"]["names"]["kind"]
            for version in definition["spec"]["versions"]:
                if version["served"]:
                    self._wait_for(f"{group}/{version['name']}", kind)

    def _wait_for(self, api_version: str, kind: str) -> None:
        wait_for(f"{kind} is served", lambda: self._discovery.serves(api_version, kind))


def renamed(value: Any, uids: dict[str, str]) -> Any:
    """A value in which references follow objects to their new uids."""
    if isinstance(value, dict):
        return {
            key: uids.get(it, it) if key == "uid" else renamed(it, uids)
            for key, it in value.items()
        }
    if isinstance(value, list):
        return [renamed(it, uids) for it in value]
    return value


def _owners_first(objects: list[Manifest]) -> Iterator[Manifest]:
    """Objects in an order in which whatever is referred to by its uid comes before."""
    by_uid = {it["metadata"]["uid"]: it for it in objects}
    order = {uid: set(_uids_in(it)) & by_uid.keys() - {uid} for uid, it in by_uid.items()}
    return (by_uid[uid] for uid in TopologicalSorter(order).static_order())


def _uids_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, it in value.items():
            if key == "uid":
                yield it
            else:
                yield from _uids_in(it)
    elif isinstance(value, list):
        for it in value:
            yield from _uids_in(it)
