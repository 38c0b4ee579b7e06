"""Sources of kustomize, in which patches look like whole objects.

An overlay is not built here: whoever took its patch for an object, with the few fields that it
changes, would judge what nobody declared. (kustomize: api/types/kustomization.go)
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from auditor.documents import Document, Malformed, documents
from auditor.sources.files import Content

NAMES = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
PATCH = "is a patch of kustomize; `kubectl kustomize` of its folder gives what it makes"
LISTS = ("patches", "patchesStrategicMerge", "patchesJson6902", "transformers", "generators")


def patches(contents: Iterable[Content]) -> set[str]:
    """The names of the files that are no objects of their own."""
    found: set[str] = set()
    for content in contents:
        folder, _, file = content.name.rpartition("/")
        if file in NAMES:
            found.update(posixpath.normpath(f"{folder}/{it}").lstrip("/") for it in _named(content))
    return found


def _named(content: Content) -> Iterator[str]:
    try:
        roots = [it.root for it in documents(content.data()) if isinstance(it, Document)]
    except (Malformed, OSError):
        return
    for root in roots:
        for key in LISTS if isinstance(root, Mapping) else ():
            listed = root.get(key)
            for entry in listed if isinstance(listed, list) else ():
                path = entry.get("path") if isinstance(entry, Mapping) else entry
                if isinstance(path, str) and "\n" not in path:
                    yield path
