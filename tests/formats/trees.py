"""Files and links by their paths: what a tool leaves on a disk or puts into an archive."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class File:
    """What a file holds, and its mode."""

    content: bytes
    mode: int = 0o644


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


Tree: TypeAlias = dict[str, File | Link]


def text(content: str, mode: int = 0o644) -> File:
    return File(content.encode(), mode)


def below(folder: str, tree: Mapping[str, File | Link]) -> Tree:
    """A tree, one folder deeper."""
    return {f"{folder}/{path}": entry for path, entry in tree.items()}


def contents(tree: Mapping[str, File | Link]) -> dict[str, bytes]:
    """What the files of a tree hold, without its links."""
    return {path: it.content for path, it in tree.items() if isinstance(it, File)}


def write(tree: Mapping[str, File | Link], folder: Path) -> Path:
    """Puts a tree on the disk, and gives the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, entry in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entry, Link):
            os.symlink(entry.target, place)
        else:
            place.write_bytes(entry.content)
            place.chmod(entry.mode)
    return folder
