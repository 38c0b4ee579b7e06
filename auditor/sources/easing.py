"""What a list need not hold of its items until it ends.

A list is read whole before anything is made of its items, since what it says of itself comes after
them. Most of what it holds is of kinds that nobody reads, or was never asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.documents import Located
from auditor.keeps import projected
from auditor.kinds import Kind
from auditor.sources.declared import says
from auditor.sources.unpacking import LIST
from auditor.sources.versions import kind_of

SAYS_WHAT_IT_IS = frozenset(("apiVersion", "kind", "metadata", "items"))
STATUS = "Status"
"""What an API server answers instead of an object."""


def eased(item: object) -> None:
    """Take out of an item of a list what is not kept of its kind, all its fields staying there.

    What does not say what it is, or is a list itself, stays as it is.
    """
    if not isinstance(item, Located):
        return
    api_version, name = item.get("apiVersion"), item.get("kind")
    if not isinstance(api_version, str) or not isinstance(name, str):
        return
    if kind := kind_of(api_version, name):
        _ease(item, kind)
    elif not name.endswith(LIST) and name != STATUS:
        item.update(dict.fromkeys(item.keys() - SAYS_WHAT_IT_IS))


def _ease(item: Located, kind: Kind) -> None:
    """Other values in the places of those that are large; aliases may share what was there."""
    kept = kind.projection
    if not isinstance(kept, Mapping):
        return
    metadata, spec, status = (item.get(part) for part in ("metadata", "spec", "status"))
    if isinstance(metadata, Mapping):
        item["metadata"] = projected(metadata, kept["metadata"], turning=False)
    if spec is not None and "spec" in kept:
        item["spec"] = projected(spec, kept["spec"], turning=False)
    if status is not None:
        left = projected(status, kept["status"], turning=False) if "status" in kept else None
        item["status"] = left if says(left) else status
