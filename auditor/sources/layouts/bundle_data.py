"""What a support bundle's spec asked of single ConfigMaps and Secrets: their data, and no object.

It says of each whether it exists, and has its values in clear where the spec asked for them.
(troubleshoot: pkg/collect/{configmap,secret}.go)
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from auditor.keeps import projected
from auditor.kinds import CONFIG_MAP, SECRET, Kind
from auditor.objects import Obj
from auditor.private import without_private_keys
from auditor.sources.findings import Findings, Version
from auditor.sources.layouts.tree import Tree
from auditor.sources.origin import AtLine
from auditor.sources.redaction import redacted

FOLDERS: Mapping[str, tuple[Kind, str]] = {
    "configmaps": (CONFIG_MAP, "configMapExists"),
    "secrets": (SECRET, "secretExists"),
}

_FILE = re.compile(r"(?P<folder>configmaps|secrets)/[^/]+/(?:[^/]+/)?[^/]+\.json")


def picked_data(tree: Tree) -> Findings:
    """The objects that such files show a part of; they list nothing."""
    data: dict[tuple[Kind, str, str], dict[str, Any]] = {}
    files: dict[tuple[Kind, str, str], str] = {}
    for path in sorted(tree.files):
        found = _FILE.fullmatch(path)
        said = tree.value(path) if found else None
        if not found or not isinstance(said, Mapping):
            continue
        kind, exists = FOLDERS[found["folder"]]
        namespace, name = said.get("namespace"), said.get("name")
        if said.get(exists) is not True or not _is_name(namespace) or not _is_name(name):
            continue
        place = kind, str(namespace), str(name)
        data.setdefault(place, {}).update(_values(said))
        files.setdefault(place, tree.files[path].name)
    shown = Findings(tree.top or "it")
    for (kind, namespace, name), values in data.items():
        if values:
            origin = AtLine(files[kind, namespace, name], 1)
            thing = _thing(kind, namespace, name, values, origin)
            shown.objects.append(Version(thing, False, None, stands_in=True))
    return shown


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _values(said: Mapping[str, Any]) -> dict[str, str]:
    """The values that a file has: all of them, or that of one key."""
    held = said.get("data")
    values = dict(held) if isinstance(held, Mapping) else {}
    if said.get("key") and "value" in said:
        values[said["key"]] = said["value"]
    return {str(key): it for key, it in values.items() if isinstance(it, str)}


def _thing(kind: Kind, namespace: str, name: str, values: dict[str, str], origin: AtLine) -> Obj:
    """The object as far as it is known. A Secret has its values in base64, and here in clear."""
    fields = {
        "apiVersion": "v1",
        "kind": kind.name,
        "metadata": {"name": name, "namespace": namespace},
        "data": redacted(values),
    }
    if kind == SECRET:
        fields["data"] = {
            key: b64encode(it.encode()).decode() if isinstance(it, str) else it
            for key, it in redacted(values).items()
        }
    return Obj(kind, without_private_keys(projected(fields, kind.projection)), origin)
