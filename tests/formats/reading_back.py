"""Objects of a dump, read in the plainest way there is: to see that the writers wrote them.

It knows what it reads, and neither hurries nor defends itself: no model for a reader of dumps.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import yaml

from tests.formats.cluster_state import ClusterState, Manifest, identity
from tests.formats.expectations import Identity
from tests.formats.trees import File, Tree

_LOGS = re.compile(
    r"==== START logs for (?P<of>container \S+ of pod \S+) ====\n.*?"
    r"(?:==== END logs for (?P=of) ====\n|\Z)",
    re.DOTALL,
)
_REMARKS = re.compile(
    r"^(?:Warning:|E\d{4} |[Ee]rror|[A-Z][A-Z -_]+:).*?(?=\{\"|\{\n|\n|\Z)\n?", re.MULTILINE
)
_TYPES_BY_FOLDER = re.compile(r"(?:^|/)(?:config/)(?P<plural>\w+)/[^/]+\.json$")
_CRDS = "custom-resource-definitions.json"


def found_in(state: ClusterState, content: bytes | Tree) -> set[Identity]:
    """Which objects of kinds that the cluster serves are in a file, or in the files of a tree."""
    if isinstance(content, bytes):
        return _served(state, _things(content, ""))
    files = ((path, it) for path, it in content.items() if isinstance(it, File))
    things = (
        thing
        for path, it in files
        if not re.search(r"\.(log|html|md)$|logs\.txt$|^podlogs/", path)
        for thing in (*_things(it.content, path), *_by_folder(state, it.content, path))
    )
    return _served(state, things)


def _served(state: ClusterState, things: Iterator[Any] | Any) -> set[Identity]:
    found: set[Identity] = set()
    for thing in things:
        try:
            state.resource_of(thing)
            found.add(identity(thing))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


def _things(content: bytes, path: str) -> Iterator[Manifest]:
    for document in documents(content):
        yield from _expanded(document, path)


def _expanded(value: Any, path: str, kind: str = "", version: str = "") -> Iterator[Manifest]:
    if isinstance(value, list):
        for item in value:
            yield from _expanded(item, path, kind, version)
    elif isinstance(value, dict) and "items" in value:
        listed = str(value.get("kind", "CustomResourceDefinitionList" * path.endswith(_CRDS)))
        of = value.get("apiVersion", "apiextensions.k8s.io/v1")
        yield from _expanded(value["items"] or [], path, listed.removesuffix("List"), of)
    elif isinstance(value, dict):
        yield from _released(value)
        defaults = {"kind": kind, "apiVersion": version} if kind else {}
        yield {**defaults, **value}


def _released(value: Manifest) -> Iterator[Manifest]:
    """What a release of Helm's declares, as it is printed or as the cluster keeps it."""
    data = value.get("data")
    if isinstance(data, dict) and data.get("release"):
        yield from _released(json.loads(gzip.decompress(b64decode(b64decode(data["release"])))))
    elif "kind" not in value and isinstance(value.get("manifest"), str):
        for document in _yaml(value["manifest"]):
            yield from _expanded(document, "")


def _by_folder(state: ClusterState, content: bytes, path: str) -> Iterator[Manifest]:
    """An object without a kind, of which the folder says it (Insights)."""
    found = _TYPES_BY_FOLDER.search(path)
    if not found:
        return
    word = found["plural"].removesuffix("s")
    kinds = [it for it in state.resources if it.plural.removesuffix("s") == word]
    for thing in documents(content):
        if "kind" not in thing and kinds:
            yield {**thing, "kind": kinds[0].kind, "apiVersion": kinds[0].api_version}


def documents(content: bytes) -> Iterator[Any]:
    """The documents of a text, of JSON or of YAML, that can be read at all."""
    encoding = "utf-16" if content.startswith(b"\xff\xfe") else "utf-8-sig"
    text = content.decode(encoding, "replace").replace("\r\n", "\n")
    text = re.sub(r"^NOTES:.*", "", text, flags=re.MULTILINE | re.DOTALL)
    text = _REMARKS.sub("", _LOGS.sub("---\n" * ("items:\n" in text[:400]), text)).lstrip()
    if text[:1] in ("{", "["):
        yield from _json(text)
    else:
        yield from _yaml(text)


def _json(text: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield value
        at = re.compile(r"\s*").match(text, at).end()  # type: ignore[union-attr]  # matches all


def _yaml(text: str) -> Iterator[Any]:
    """Documents, also those that only a repeated key sets apart."""
    for part in re.split(
        r"^---.*\n|^(?=apiVersion: [^\n]*\n(?:items|kind):)", text, flags=re.MULTILINE
    ):
        try:
            yield yaml.load(part, yaml.CBaseLoader)
        except yaml.YAMLError:
            continue
