"""Where the reports of one run go: each format to standard output or to a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

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
    folder = os.path.dirname(path) or os.curdir
    if not os.path.isdir(folder):
        raise Refused(f"-o {text}: {folder} is no directory")
    if os.path.isdir(path):
        raise Refused(f"-o {text}: {path} is a directory")
    return Output(format, path)


def write(text: str, output: Output, console: Console) -> None:
    """Write a report. A file is whole or as it was before. Raises `Refused` where it cannot."""
    if not output.path:
        console.say(text)
        return
    target = Path(os.path.realpath(output.path))
    try:
        if target.exists() and not target.is_file():  # a pipe or a device has nothing to keep
            target.write_text(text, "utf-8", newline="\n")
        else:
            _replace(target, text)
    except OSError as error:
        raise Refused(f"-o {output.format}={output.path}: {error.strerror}") from error


def _replace(target: Path, text: str) -> None:
    """Write beside the target, then take its place."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
