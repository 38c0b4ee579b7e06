"""Whole files: one after the other of their documents, whatever each is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from auditor.documents import json, yaml
from auditor.documents.anchors import Allowance
from auditor.documents.document import Document, Ease, Malformed, Remark, as_it_is
from auditor.documents.limits import (
    MOST_DAMAGES,
    MOST_DOCUMENTS,
    MOST_IN_A_ROW,
    TOO_MANY_DAMAGES,
    TOO_MANY_DOCUMENTS,
)
from auditor.documents.text import Places, decoded

_BLANK = re.compile(r"(?:---)?[ \t\r\n]*\Z")


def documents(
    data: bytes | str,
    *,
    withheld: bool = False,
    passed: Callable[[int], None] | None = None,
    ease: Ease = as_it_is,
) -> Iterator[Document | Remark]:
    """Everything that can be read in a file, then `Malformed` if that was not all of it.

    The file is YAML or JSON, one document or many, in UTF-8 or UTF-16; blank documents are left
    out. A document that is damaged loses what follows in it, not the documents after it; the
    exception names its first place, and in `others` those after it, a few between two documents;
    in a text of very many, all that follows the last is lost. Remarks are the lines of
    standard error that were found among the documents; one may be all that tells that a list is
    not whole.

    With `withheld`, as for fixtures, `!withheld why` gives `Withheld("why")`. `passed` is told, as
    reading goes on, the index of the character that it is at. `ease` is given each item of a list
    as soon as it was read, and may take out of it what nobody will ask for.
    """
    damages: list[Malformed] = []
    count = counted = in_a_row = 0
    for entry in _entries(decoded(data), withheld, passed, ease):
        if isinstance(entry, Document):
            count += 1
            if count > MOST_DOCUMENTS:
                damages.append(Malformed(TOO_MANY_DOCUMENTS, entry.line, 0))
                break
        if not isinstance(entry, Malformed):
            yield entry
            continue
        if len(damages) == MOST_DAMAGES:
            damages.append(Malformed(TOO_MANY_DAMAGES, entry.line, entry.column))
            break
        in_a_row = in_a_row + 1 if count == counted else 1
        counted = count
        damage = entry.with_traceback(None)  # whose frames hold what was read, and the parser
        if in_a_row <= MOST_IN_A_ROW:
            damages.append(damage)
    if damages:
        first, *others = damages
        raise Malformed(first.what, first.line, first.column, tuple(others))


def value(text: str) -> Any:
    """What a text says that another object holds, like the mesh config in a ConfigMap.

    Only its first document counts, as for Go; None where it is blank. Raises `Malformed`, with
    places in this text.
    """
    return yaml.value(decoded(text))


def _entries(
    text: str, withheld: bool, passed: Callable[[int], None] | None, ease: Ease
) -> Iterator[Document | Remark | Malformed]:
    line, start = 1, 0
    allowance = Allowance(len(text))
    for part in _parts(text):
        at = partial(_told, passed, start) if passed else None
        if _BLANK.match(part):
            pass  # a parser of its own for each of a million would take its time
        elif json.starts(part):
            yield from json.entries(part, Places(part, line, at), ease)
        else:
            yield from yaml.entries(part, line, allowance, withheld=withheld, passed=at, ease=ease)
        line += part.count("\n")
        start += len(part)


def _told(passed: Callable[[int], None], start: int, index: int) -> None:
    passed(start + index)


def _parts(text: str) -> Iterator[str]:
    """The text, cut where a line begins with `---`, which no JSON and no scalar of YAML can hold.

    Kubernetes cuts there before it parses, so that damage stays within a document. Directives
    stay with the document they are for.
    """
    start = border = 0
    while (cut := text.find("\n---", border)) >= 0:
        directives = text.startswith("%", border) or text.find("\n%", border, cut) >= 0
        border = cut + 1
        if text[cut + 4 : cut + 5] in ("", " ", "\t", "\r", "\n") and not directives:
            yield text[start:border]
            start = border
    yield text[start:]
