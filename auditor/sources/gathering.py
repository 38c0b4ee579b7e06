"""All files that a person pointed at, archives opened and logs left aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from auditor.snapshot import Remark
from auditor.sources.archives import Budget, Member, opened
from auditor.sources.files import Content, InMemory, Left, OnDisk, contents, named
from auditor.sources.junk import uselessness


def gathered(
    pointed: str, stdin: BinaryIO, alone: bool, budget: Budget
) -> Iterator[Content | Remark]:
    """The files of a path, or of `-`: what is in a directory, or in an archive.

    An archive that was pointed at `alone` names its members by their path in there, like a
    directory.
    """
    top = named(pointed)
    for content in contents(pointed, stdin, alone):
        if isinstance(content, Remark):
            yield content
        elif content.name == top:
            yield from opened(content, "" if alone else f"{top}/", budget)
        elif why := uselessness(content.name, size_of(content)):
            yield Left(content.name, why, hides=False)
        else:
            yield content


def size_of(content: Content | Remark) -> int:
    """How many bytes are to be read of it, 0 where nobody can tell."""
    if isinstance(content, Member):
        return content.size
    if isinstance(content, InMemory):
        return len(content.held)
    try:
        return content.path.stat().st_size if isinstance(content, OnDisk) else 0
    except OSError:
        return 0
