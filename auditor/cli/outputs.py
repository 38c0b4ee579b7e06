"""Where the reports of one run go: each format to standard output or to a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from auditor.cli.console import Console
from auditor.cli.parser import Refused

STANDARD = "-"


@dataclass(frozen=True)
class Output:
    """A format, and the path it is written to; none for standard output."""

    format: str
    path: str = ""


def outputs(given: Sequence[str], formats: Iterable[str]) -> tuple[Output, ...]:
    """What the options `-o` ask for; the table on standard output where there is none.

    Raises `Refused` for a format that does not exist, a place that cannot be written to, and
    two reports that would run into each other.
    """
    formats = tuple(formats)
    asked = tuple(_output(each, formats) for each in given) or (Output("table"),)
    places = [os.path.realpath(each.path) if each.path else "" for each in asked]
    for place in places:
        if places.count(place) > 1:
            where = f"to {place}" if place else "to standard output"
            raise Refused(f"only one report can go {where}; write the other as -o FORMAT=PATH")
    return asked


def _output(text: str, formats: tuple[str, ...]) -> Output:
    format, _, path = text.partition("=")
    if format not in formats:
        raise Refused(f"-o {text}: no such format; there are {', '.join(formats)}")
    if "=" in text and not path:
        raise Refused(f"-o {text}: after the = a path is missing")
    if path == STANDARD or not path:
        return Output(format)
    refuse_unwritable(f"-o {text}", path)
    return Output(format, path)


def refuse_unwritable(asked: str, path: str) -> None:
    """Raises `Refused` for a path that cannot become a file, before anything is done for it."""
    folder = os.path.dirname(path) or os.curdir
    if not os.path.isdir(folder):
        raise Refused(f"{asked}: {folder} is no directory")
    if os.path.isdir(path):
        raise Refused(f"{asked}: {path} is a directory")


def write(text: str, output: Output, console: Console) -> None:
    """Write a report. A file is whole or as it was before. Raises `Refused` where it cannot."""
    if not output.path:
        console.say(text)
        return
    data = text.encode("utf-8")
    replace(f"-o {output.format}={output.path}", output.path, lambda file: file.write(data))


def replace(asked: str, path: str, fill: Callable[[BinaryIO], object]) -> None:
    """Write a file that is whole or as it was before. Raises `Refused` where it cannot be."""
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():  # a pipe or a device has nothing to keep
            with target.open("wb") as file:
                fill(file)
        else:
            _replace(target, fill)
    except OSError as error:
        raise Refused(f"{asked}: {error.strerror}") from error


def _replace(target: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Write beside the target, then take its place."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            fill(file)
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
