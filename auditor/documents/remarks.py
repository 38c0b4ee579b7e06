"""Lines that kubectl and its friends wrote to standard error, found among what they printed, and
what was typed to have it printed, where somebody pasted a terminal.

`kubectl get ... > file 2>&1` mixes the two. PyYAML takes `Warning: x is deprecated` for one more
key of the List; and an `Error from server (Forbidden)` is all that tells that a List is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.documents.document import Remark
from auditor.visible import visible

LONGEST = 1000
"""Characters of a line that are worth quoting; servers say less."""

# What stands before a command in a terminal: `$ `, `user@host:~$ `, `[user@host dir]# `.
_PROMPT = (
    r"(?:\$(?: (?=\S)|(?=[ \r]*(?:\n|\Z)))"
    r"|[\w.-]{1,64}@[\w.-]{1,64}:[^\s$#]{0,200}[$#](?=[ \r\n]|\Z)"
    r"|\[[\w.-]{1,64}@[\w.-]{1,64} [^\]\n]{0,200}\][$#](?=[ \r\n]|\Z))"
)
_SAID = (
    rf"(?:{_PROMPT}|(?:Warning|WARNING|[Ee]rror): (?=\S)"
    r"|Error from server(?=:| \()"
    r"|Unable to connect to the server|The connection to the server |No resources found"
    r"|[EWIF][01][0-9][0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} "
    r"|[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} )[^\n]*"
)
_TYPED = re.compile(_PROMPT)
_LINE = re.compile(_SAID)
# A literal line feed in front lets the engine look for line feeds alone, eight times as fast.
_LINE_BELOW = re.compile(rf"\n(?=[^ -])({_SAID})")

_JSON_OBJECT = re.compile(r'(?:\[\s*)?\{\s*"(?:apiVersion|items|kind|metadata)"\s*:')
_YAML_OBJECT = re.compile(r"apiVersion: [\w./-]+\s*\Z")


def before_json(text: str, index: int) -> str | None:
    """The remark that starts at this index, without a JSON document that is glued to its end."""
    if (said := _LINE.match(text, index)) is None:
        return None
    for brace in re.finditer(r"[{\[]", said[0]):
        if _JSON_OBJECT.match(text, index + brace.start()):
            return said[0][: brace.start()]
    return said[0]


def remarked(said: str, line: int) -> Iterator[Remark]:
    """What was said, fit to be shown on a terminal; not what was typed, which may be a secret."""
    if not _TYPED.match(said):
        yield remark(said, line)


def remark(said: str, line: int) -> Remark:
    """What was said, fit to be shown on a terminal."""
    text = said.rstrip()
    return Remark(visible(text if len(text) <= LONGEST else f"{text[:LONGEST]} …"), line)


def cut_from_yaml(text: str, first_line: int = 1) -> tuple[str, list[Remark]]:
    """The text with its remarks turned into comments, and the remarks.

    A comment keeps the count of lines, and ends a scalar that a remark fell into, which is then
    an error and not a wrong value. Where a command was typed the next document begins.
    """
    pieces = []
    remarks: list[Remark] = []
    end = 0
    line = first_line
    for said, start in _lines_said(text):
        line += text.count("\n", end, start)
        glued = _YAML_OBJECT.search(said)
        mark = "---" if _TYPED.match(said) else "#"
        pieces += [text[end:start], said[glued.start() :] if glued else mark]
        remarks += remarked(said[: glued.start()] if glued else said, line)
        end = start + len(said)
    return ("".join([*pieces, text[end:]]) if pieces else text), remarks


def _lines_said(text: str) -> Iterator[tuple[str, int]]:
    if first := _LINE.match(text):
        yield first[0], 0
    for said in _LINE_BELOW.finditer(text):
        yield said[1], said.start(1)
