"""What makes a mapping an object: a name, and metadata of the types that the API takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.kinds import Kind
from auditor.withheld import Withheld

LONGEST_NAME = 1024
"""Most names may have 253 characters, those of roles as many as the path of a request."""


class Amiss(Exception):
    """The API would not take this object; what it would object to."""


def wellformed(kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
    """The object as the API reads it. Raises `Amiss` where it would take none of it.

    A name or a label that is a number is refused, as the API does; a label that is null is
    empty, and the namespace of an object of the whole cluster is dropped.
    """
    metadata = fields.get("metadata")
    if not isinstance(metadata, Mapping):
        raise Amiss("its metadata is no mapping" if metadata else "it has no metadata")
    name = metadata.get("name")
    if not isinstance(name, str) or not name:
        raise Amiss("it has no name" if name in (None, "") else "its name is no text")
    namespace = metadata.get("namespace")
    if namespace is not None and not isinstance(namespace, str):
        raise Amiss("its namespace is no text")
    if max(len(name), len(namespace or "")) > LONGEST_NAME:
        raise Amiss("its name is longer than any of Kubernetes")
    texts = {key: _texts(metadata.get(key), key) for key in ("labels", "annotations")}
    changed = {key: value for key, value in texts.items() if value != metadata.get(key)}
    alike = {**metadata, **changed}
    if not kind.namespaced:
        alike.pop("namespace", None)
    return {**fields, "metadata": alike}


def _texts(found: object, what: str) -> object:
    if found is None or isinstance(found, Withheld):
        return found
    if not isinstance(found, Mapping):
        raise Amiss(f"its {what} are no mapping")
    if not all(isinstance(value, str | Withheld | None) for value in found.values()):
        raise Amiss(f"its {what} are not all text")
    return {key: "" if value is None else value for key, value in found.items()}
