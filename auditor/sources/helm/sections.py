"""`helm get all`, `helm install --dry-run` and `helm get values`: texts with sections.

Only the section of the manifest holds objects, and what stands around it is no YAML. The hooks are
left out: they run once, and the release does not keep them. (helm 3.14: cmd/helm/status.go)
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from auditor.documents import Malformed, value
from auditor.sources.contents import is_wide

MANIFEST = "MANIFEST"
VALUES = ("USER-SUPPLIED VALUES", "COMPUTED VALUES")
NO_MANIFEST = "holds the values of a Helm release and no object; helm get all has both"
FIRST_LINES = 10
ESCAPED = "surrogateescape"

_TRACES = tuple(f"{title}:".encode() for title in (MANIFEST, *VALUES))
_TITLE = re.compile(
    r"^(NAME|LAST DEPLOYED|NAMESPACE|STATUS|REVISION|CHART|VERSION|APP_VERSION|TEST SUITE|NOTES"
    r"|DESCRIPTION|RESOURCES|USER-SUPPLIED VALUES|COMPUTED VALUES|HOOKS|MANIFEST):(.*)$",
    re.MULTILINE,
)
_RELEASE = re.compile(r"^NAME: \S+ *\r?\n(?=LAST DEPLOYED:)", re.MULTILINE)
_VISIBLE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True)
class Section:
    """A release in such a text: what its head says of it, and the lines that it is on."""

    release: dict[str, Any] = field(repr=False)
    first: int
    last: int
    has_manifest: bool


def sections(data: bytes) -> tuple[bytes, list[Section]]:
    """The text with all blanked but the manifests, so that places stay; and its releases.

    Any other text is given back as it is, and no release.
    """
    wide = is_wide(data)
    if not wide and not any(trace in data for trace in _TRACES):
        return data, []
    try:
        text = data.decode("utf-16", "surrogatepass") if wide else data.decode("utf-8", ESCAPED)
    except UnicodeDecodeError:
        return data, []
    if not _begins(text):
        return data, []
    starts = [found.start() for found in _RELEASE.finditer(text)]
    borders = [0, *starts[1:], len(text)]
    blanked, found = [], []
    for start, end in pairwise(borders):
        part, section = _section(text[start:end], text.count("\n", 0, start) + 1)
        blanked.append(part)
        found.append(section)
    whole = "".join(blanked)
    if wide:
        return codecs.BOM_UTF16_LE + whole.encode("utf-16-le", "surrogatepass"), found
    return whole.encode("utf-8", ESCAPED), found


def _begins(text: str) -> bool:
    """Whether one of the first lines is one of Helm's; kubectl's warnings may come before."""
    head = "\n".join(text.split("\n", FIRST_LINES)[:FIRST_LINES])
    return bool(_RELEASE.search(head)) or any(f"{it}:" in head for it in VALUES)


def _section(text: str, line: int) -> tuple[str, Section]:
    said: dict[str, str] = {}
    start = end = len(text)
    titles = list(_titles(text))
    for place, (title, found) in enumerate(titles):
        after = titles[place + 1][1].start() if place + 1 < len(titles) else len(text)
        said[title] = found[2].strip() or text[found.end() : after]
        if title == MANIFEST:
            start, end = found.end(), after
    blanked = _blank(text[:start]) + text[start:end] + _blank(text[end:])
    last = line + text.count("\n")
    return blanked, Section(_release(said, text[start:end]), line, last, start < end)


def _titles(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The titles of the sections, each once; notes are the last, whatever they hold."""
    seen: set[str] = set()
    for found in _TITLE.finditer(text):
        if found[1] not in seen:
            seen.add(found[1])
            yield found[1], found
        if found[1] == "NOTES":
            return


def _release(said: dict[str, str], manifest: str) -> dict[str, Any]:
    """The release as Helm would store it, as far as the text tells."""
    chart = {"name": said.get("CHART"), "version": said.get("VERSION")}
    revision = said.get("REVISION", "")
    return {
        "name": said.get("NAME"),
        "namespace": said.get("NAMESPACE"),
        "version": int(revision) if revision.isdigit() and len(revision) < FIRST_LINES else None,
        "info": {"status": said.get("STATUS")},
        "chart": {"metadata": {key: it for key, it in chart.items() if it}},
        "config": _values(said.get(VALUES[0], "")),
        "manifest": manifest,
    }


def _values(text: str) -> Any:
    try:
        return value(text)
    except Malformed:
        return None


def _blank(text: str) -> str:
    return _VISIBLE.sub(lambda said: " " * len(said[0].encode("utf-8", ESCAPED)), text)
