"""Documents of YAML, as Kubernetes would read them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from auditor.documents.anchors import Allowance
from auditor.documents.builder import Builder
from auditor.documents.collector import paused_collector
from auditor.documents.document import Document, Ease, Malformed, Remark, as_it_is
from auditor.documents.events import MappingStartEvent
from auditor.documents.limits import MOST_DIRECTIVES, TOO_MANY_DIRECTIVES
from auditor.documents.remarks import cut_from_yaml
from auditor.documents.roots import ends_in_its_items, repeated, separated, without_last_item
from auditor.documents.text import Places


def entries(
    text: str,
    first_line: int,
    allowance: Allowance,
    *,
    withheld: bool,
    passed: Callable[[int], None] | None = None,
    ease: Ease = as_it_is,
) -> Iterator[Document | Remark | Malformed]:
    """The remarks in a text of YAML, its documents, and what ended them if it was damage."""
    text, remarks = cut_from_yaml(text, first_line)
    yield from remarks
    if text.count("\n%") > MOST_DIRECTIVES:
        yield Malformed(TOO_MANY_DIRECTIVES, first_line, 0)
        return
    places = Places(text, first_line, passed)
    builder = Builder(text, places, allowance, ease, withheld=withheld, printed=True)
    try:
        while builder.cut is None and (start := builder.next_root()) is not None:
            with paused_collector():
                documents = _documents(builder, start)
            for document in documents:
                yield document
                if document.cut is not None:
                    yield document.cut
    except Malformed as damage:
        yield damage


def value(text: str) -> Any:
    """The first document of a text that another object holds, as Go would unmarshal it."""
    allowance = Allowance(len(text))
    builder = Builder(text, Places(text, 1), allowance, withheld=False, printed=False)
    start = builder.next_root()
    if start is None:
        return None
    found = builder.root(start)
    if builder.cut is not None:
        raise builder.cut
    builder.end_document()
    return found


def _documents(builder: Builder, start: Any) -> list[Document]:
    """The documents that were written as this one; none if it is blank."""
    place = builder.place(start.start_mark.index)
    if start.__class__ is not MappingStartEvent:
        root = builder.root(start)
        return [] if root is None else [Document(root, place[0], builder.cut)]
    pairs, end = builder.pairs(start)
    documents: list[Document] = []
    roots = list(separated(pairs))
    for written, following in pairwise([*roots, ()]):
        if documents:
            place = builder.place(written[0].at)
        border = following[0].at if following else end
        cut = None if following else builder.cut
        whole = written
        if cut is None and not start.flow_style and ends_in_its_items(written):
            cut = builder.malformed("the text ends inside of a list", border)
            whole = without_last_item(written)
        root = builder.located(whole, *place, border)
        documents.append(Document(root, place[0], cut, repeated(whole)))
    return documents
