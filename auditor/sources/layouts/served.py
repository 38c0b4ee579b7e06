"""Which custom resources an API server did not serve when a dump was taken, and so has none of.

Several collectors keep what the server says it serves. That proves absence where no list can:
there is no IstioControlPlane in a cluster that does not know the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.documents import Document, Malformed, documents
from auditor.sources.files import Content
from auditor.sources.findings import Findings
from auditor.sources.layouts.pages import CUSTOM

ALWAYS = "apps"
"""A group that every server has: what does not name it is no list of all groups."""


def unserved(contents: Iterable[Content]) -> Findings:
    """That there are none of the kinds that none of these files, all of one cluster, names."""
    groups: set[str] = set()
    served: dict[str, set[str]] = {}
    found = Findings("")
    for content in contents:
        found.file = found.file or content.name
        for group, plurals in _groups(_root(content)):
            groups.add(group)
            if plurals is not None:
                served.setdefault(group, set()).update(plurals)
    if ALWAYS in groups:
        unknown = (it for it in CUSTOM if it.group not in groups)
        others = (it for it in CUSTOM if it.plural not in served.get(it.group, {it.plural}))
        found.lists.update(unknown, others)
    return found


def _root(content: Content) -> object:
    """All that is in a file; None where it was cut, since what was lost may name any group."""
    try:
        roots = [it.root for it in documents(content.data()) if isinstance(it, Document)]
    except (Malformed, OSError):
        return None
    return roots[0] if len(roots) == 1 else None


def _groups(root: object) -> Iterator[tuple[str, set[str] | None]]:
    """Each group, and what it has where that is told.

    client-go writes lists of resources, or of groups alone; newer servers give both as one.
    """
    listed = root.get("items") or root.get("groups") if isinstance(root, Mapping) else root
    for entry in _mappings(listed):
        if isinstance(version := entry.get("groupVersion"), str):
            yield version.rpartition("/")[0], set(_named(entry.get("resources"), "name"))
        elif isinstance(metadata := entry.get("metadata"), Mapping):
            versions = _mappings(entry.get("versions"))
            plurals = {it for of in versions for it in _named(of.get("resources"), "resource")}
            yield str(metadata.get("name") or ""), plurals
        elif isinstance(name := entry.get("name"), str):
            yield name, None


def _named(listed: object, key: str) -> Iterator[str]:
    return (str(it.get(key)) for it in _mappings(listed))


def _mappings(listed: object) -> Iterator[Mapping[str, object]]:
    return (it for it in (listed if isinstance(listed, list) else ()) if isinstance(it, Mapping))
