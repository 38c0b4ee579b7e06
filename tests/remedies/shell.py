"""A line as a shell takes it apart."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"")
SPECIAL = re.compile(r"[$`*?()\[\]{}!#;<~\\]")
"""What a shell would not leave as it is."""
SIGNS = "|&>"


@dataclass(frozen=True)
class Simple:
    """One program that a line runs, with its arguments, and the file that it writes."""

    words: tuple[str, ...]
    into: str = ""


class Unsafe(Exception):
    """A line of which a shell would make something else than it seems to say."""


def programs(line: str) -> Iterator[Simple]:
    """The programs that a line runs one after the other. Raises `Unsafe`."""
    if "\n" in QUOTED.sub("", line) or (found := SPECIAL.search(QUOTED.sub("", line))):
        raise Unsafe(f"not quoted: {line if chr(10) in line else found and found[0]}")
    lexer = shlex.shlex(line, posix=True, punctuation_chars=SIGNS)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    into, target = "", False
    for word in lexer:
        if word in ("|", "&&"):
            yield Simple(tuple(words), into)
            words, into = [], ""
        elif word in (">", ">>"):
            target = True
        elif set(word) <= set(SIGNS):
            raise Unsafe(f"{word} is no sign that a remedy needs")
        elif target:
            into, target = word, False
        else:
            words.append(word)
    yield Simple(tuple(words), into)
