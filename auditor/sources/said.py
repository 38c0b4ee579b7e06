"""What kubectl and the server said between the objects of a file, and what is missing by it."""

from __future__ import annotations

from collections.abc import Iterable

from auditor import documents
from auditor.snapshot import Remark, gap
from auditor.sources.findings import Findings
from auditor.sources.refusals import gaps_of, is_failure

MOST_FAILURES = 200
FIRST_UNTOLD = MOST_FAILURES + 1
"""How many different failures in one file are told in the words of whoever told them."""
MOST_PLACES = 5000
"""How many may each say in which namespace alone something is missing."""
MORE_FAILURES = "more failures, each said in other words"
MOST_REMARKS = 5
"""How many warnings in one file are told, beside those that say what was not given."""


def told_by_tools(said: Iterable[documents.Remark], found: Findings) -> None:
    """Note what was refused, by the lines that say so, and what else tools wrote for people."""
    first: dict[str, documents.Remark] = {}
    for line in said:
        first.setdefault(line.text, line)
    told = failed = 0
    for line in first.values():
        if is_failure(line.text):
            failed += 1
            _failed(line, failed, found)
        elif found.kubernetes:
            told += 1
            if told <= MOST_REMARKS:
                found.remarks.append(Remark(f"{found.file}:{line.line}", line.text))
    if told > MOST_REMARKS:
        what = f"{told - MOST_REMARKS} more lines that tools wrote for people"
        found.remarks.append(Remark(found.file, what))


def _failed(said: documents.Remark, number: int, found: Findings) -> None:
    """Note one failure; of very many, that there are more."""
    where = f"{found.file}:{said.line}"
    many = number > MOST_FAILURES
    why = f"{found.file}: {MORE_FAILURES}" if many else said.text
    gaps = gaps_of(said.text, why)
    if gaps is None:
        gaps = [(kind, gap(kind, why)) for kind in sorted(found.lists | found.loose)]
    elif number > MOST_PLACES:  # of whatever namespace, or there would be as many as lines
        gaps = [(kind, gap(kind, why)) for kind, _ in gaps]
    found.gaps += gaps
    if number == FIRST_UNTOLD:
        found.remarks.append(Remark(where, MORE_FAILURES))
    elif not many and (gaps or found.kubernetes):
        found.remarks.append(Remark(where, said.text))
