"""The files of one dump, by their paths below its top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from auditor.documents import Document, Malformed, documents
from auditor.sources.archives import Member
from auditor.sources.files import Content

FEW = 1024 * 1024
"""As much as is read of a file that only tells something about the dump."""


@dataclass(frozen=True)
class Tree:
    """A dump: its top, as a path from the top of what was pointed at, and all files below."""

    top: str
    files: Mapping[str, Content] = field(repr=False)

    def below(self, folder: str) -> Iterator[tuple[str, Content]]:
        """The files below a folder, by their paths in there."""
        for path, content in self.files.items():
            if path.startswith(folder):
                yield path.removeprefix(folder), content

    def text(self, path: str) -> str:
        """The beginning of a file; empty where it is not there or cannot be read."""
        content = self.files.get(path)
        if content is None:
            return ""
        try:
            return content.part(0, FEW).decode("utf-8", "replace")
        except OSError:
            return ""

    def value(self, path: str) -> object:
        """The first document of a small file; None where it is not there or cannot be read."""
        try:
            roots = (it.root for it in documents(self.text(path)) if isinstance(it, Document))
            return next(roots, None)
        except Malformed:
            return None

    @property
    def modified(self) -> datetime | None:
        """When the newest file was written, by an archive that kept the times."""
        times = [
            it.modified for it in self.files.values() if isinstance(it, Member) and it.modified
        ]
        return max(times, default=None)
