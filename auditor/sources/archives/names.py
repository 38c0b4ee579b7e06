"""Names of members: which may be taken for a place in the archive, and which order they have."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Sequence

LONGEST_NAME = 4096
LONGEST_OF_A_FILE = 255
"""No file system takes longer ones."""
BELOW = "\0\1"
"""A folder in a folder, which sorts behind the files there, whose mark is two of the first."""
DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class Outside(Exception):
    """A name that leads out of its archive: in words that can follow the name."""


def place_of(name: str) -> str:
    """The path of a member from the top of its archive. Raises `Outside` where it leads out.

    Nothing is ever written to disk; but whoever made such a name wanted something else than to
    show a cluster.
    """
    if name.startswith(("/", "\\")) or DRIVE.match(name):
        raise Outside("has a name that begins at the root of a disk; it was not read")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts:
        raise Outside("a file without a name; it was not read")
    if ".." in parts:
        raise Outside("has a name that leads out of the archive; it was not read")
    if len(name) > LONGEST_NAME or any(len(part) > LONGEST_OF_A_FILE for part in parts):
        raise Outside("has a name longer than any path; it was not read")
    return "/".join(parts)


def leads_to(place: str, target: str) -> str | None:
    """The place that a symbolic link of an archive leads to; None where that is outside."""
    if target.startswith("/"):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(place), target))
    return None if path.startswith("..") else path


def is_a_folder(target: str | None, places: Sequence[str]) -> bool:
    """Whether files lie in there, by the places of all files in their alphabetical order."""
    if target is None:
        return False
    if target == ".":
        return bool(places)
    following = bisect_left(places, f"{target}/")
    return following < len(places) and places[following].startswith(f"{target}/")


def walking_order(place: str) -> str:
    """The files of a folder, then what its folders hold, as a directory is walked.

    It is one text, not one for each folder: an archive of a few hundred kilobytes may have a
    thousand folders in the name of each of its files.
    """
    folders, _, file = place.rpartition("/")
    within = f"\1{folders.replace('/', BELOW)}" if folders else ""
    return f"{within}\0\0{file}"
