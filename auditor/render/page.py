"""What a report is printed on, and how its lines get there."""

from __future__ import annotations

import enum
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.objects import in_the_middle, with_short_fingerprints
from auditor.visible import visible

ARGUMENT = re.compile(r"""(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+|\S""")

LONGEST_WORD = 1100
"""Longer than any name. Lines can be so long, words that somebody reads cannot."""
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD},}}")


@dataclass(frozen=True)
class Page:
    """What a report is printed on.

    `width` is a terminal's number of columns, None for a file or a pipe, where nothing is
    wrapped. `again` is the command line that audits the same sources again; where they are no
    `live` cluster, a reader may add files to it.
    """

    width: int | None = None
    colour: bool = False
    verbose: bool = False
    again: str = "mesh-auditor audit SOURCE"
    live: bool = False


class Tone(enum.Enum):
    """The colour of a label, as a terminal is told it. It says nothing that words do not."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    INFO = "1;36"
    UNKNOWN = "1;35"
    GOOD = "1;32"


@dataclass(frozen=True)
class Line:
    """One line of a report: a label, which may be coloured, and a text of any origin.

    `hang` is how much further in the text goes on where it is wrapped. A `command` is
    wrapped between its arguments, so that it can still be pasted; a `fixed` line never is.
    """

    text: str = ""
    indent: int = 0
    label: str = ""
    tone: Tone = Tone.STRONG
    hang: int = 2
    command: bool = False
    fixed: bool = False


def paint(lines: Iterable[Line], page: Page) -> str:
    """The lines as text. Whatever they hold, only visible characters leave here."""
    return "".join(f"{row}\n" for line in lines for row in _rows(line, page))


def _rows(line: Line, page: Page) -> Iterator[str]:
    margin = " " * line.indent
    text, label = visible(line.text), visible(line.label)
    if line.command:
        yield from _command_rows(text, line.indent, page.width)
        return
    text = _LONG_WORD.sub(lambda word: in_the_middle(word[0]), with_short_fingerprints(text))
    whole = f"{margin}{label} {text}" if label and text else f"{margin}{label or text}"
    rows = [whole.rstrip()]
    if page.width and len(whole) > page.width and not line.fixed:
        rows = textwrap.wrap(
            whole,
            page.width,
            subsequent_indent=margin + " " * line.hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
    if page.colour and label and line.tone.value:
        painted = f"\x1b[{line.tone.value}m{label}\x1b[0m"
        rows[0] = rows[0].replace(label, painted, 1)
    yield from rows


def _command_rows(command: str, indent: int, width: int | None) -> Iterator[str]:
    """A command, wrapped as a shell lets it be: never inside a quoted argument."""
    margin = " " * indent
    if not width or indent + len(command) <= width:
        yield margin + command
        return
    row = ""
    for argument in ARGUMENT.findall(command):
        longer = f"{row} {argument}" if row else margin + argument
        if row and len(longer) + len(" \\") > width:
            yield f"{row} \\"
            longer = f"{margin}  {argument}"
        row = longer
    yield row


def paragraphs(text: str, indent: int, label: str = "") -> Iterator[Line]:
    """Text of a rule's page as lines. What is a list or code stays as it was written."""
    hang = len(label) + 1 if label else 0
    for number, block in enumerate(re.split(r"\n\s*\n", text.strip())):
        first = label if number == 0 else ""
        if re.search(r"^(?: {4}|\s*(?:[-*|]|\d+\.|```))", block, flags=re.MULTILINE):
            if first:
                yield Line(label=first, indent=indent)
            for row in block.splitlines():
                yield Line(row.rstrip(), indent + hang, fixed=True)
        else:
            flowing = " ".join(block.split())
            yield Line(flowing, indent if first else indent + hang, first, hang=hang)
