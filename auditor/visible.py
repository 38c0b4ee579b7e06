"""Text of unknown origin, made safe to print.

Names and values of a dump may hold anything: escape sequences that repaint a terminal,
marks that turn the direction of writing, characters that no XML may hold.
"""

from __future__ import annotations

import json


def visible(text: str) -> str:
    r"""The text on one line, each character that would not show written as JSON writes it.

    An escape character becomes `\u001b`, a line feed `\n`. What JSON text already holds in
    that form stays the same, so a patch in a command keeps its meaning.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
