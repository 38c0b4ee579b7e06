"""Values of YAML, built from the events of its grammar as Go builds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from auditor.documents.anchors import Allowance, Anchors
from auditor.documents.document import Ease, Located, Malformed, as_it_is
from auditor.documents.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
    parser,
    said_of,
)
from auditor.documents.limits import DEEPEST, MOST_ITEMS, TOO_DEEP, TOO_MANY_ITEMS
from auditor.documents.roots import Pair, has_items
from auditor.documents.text import FORBIDDEN, Places
from auditor.documents.values import MERGE_TAG, Refused, Remembered, Scalar, key, plain, tagged
from auditor.withheld import Withheld

WITHHELD_TAG = "!withheld"

# Stands for the key `<<`. No plain scalar can be the same, since none can hold a NUL.
_MERGE = "\0<<"

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _end(event: Any) -> int:
    return int(event.end_mark.index)


class Builder:
    """Builds the values of one text, document by document; all that can go wrong is `Malformed`.

    A list whose elements could be Kubernetes objects is *open*: it is kept as far as it was whole
    when damage comes, which then stands in `cut`, and nothing can be read any more. go-yaml prints
    a key `<<` as it is, though it reads it as another thing: in what was `printed` it is a key.
    """

    def __init__(
        self,
        text: str,
        places: Places,
        allowance: Allowance,
        ease: Ease = as_it_is,
        *,
        withheld: bool,
        printed: bool,
    ) -> None:
        self._text, self._end = text, len(text)
        self._places, self._ease = places, ease
        self._withheld, self._printed = withheld, printed
        self._forbidden = False
        if forbidden := FORBIDDEN.search(text):
            # libyaml refuses it from afar, and what stands before it with it. A directive where
            # none may be is an error at the very place.
            self._forbidden = True
            self._end = forbidden.start()
            text = text[: self._end] + "\n%"
        self._slashes = "\\/" in text
        self._next, self._anchors = parser(text), Anchors(allowance)
        self._plain = Remembered[Scalar](plain)
        self._keys = Remembered[str](lambda text: _MERGE if text == "<<" else key(text))
        self.cut: Malformed | None = None

    def next_root(self) -> Any:
        """The event that begins the next document's root; None at the end of the text."""
        try:
            while (event := self._next()).__class__ is not DocumentStartEvent:
                if event.__class__ is StreamEndEvent:
                    break
            else:
                self._anchors.forget()
                return self._next()
        except YAMLError as error:
            damage = self._damage(error, None)
        else:
            if not self._forbidden:
                return None
            damage = self.malformed("", self._end)
        raise damage

    def root(self, start: Any) -> Any:
        """The value of a root, whatever it is."""
        try:
            return self._node(start, 0, True)
        except Refused as refusal:
            damage = self._damage(refusal, start)
        raise damage

    def end_document(self) -> None:
        """Read what ends a document, to make sure that nothing else follows its root."""
        try:
            self._next()
            return
        except YAMLError as error:
            damage = self._damage(error, None)
        raise damage

    def pairs(self, start: Any, depth: int = 1) -> tuple[list[Pair], int]:
        """The keys and values of a mapping that could be a Kubernetes object, and where it ends."""
        found: list[Pair] = []
        event = start
        if start.anchor is not None:
            self._anchors.begin(start.anchor)
        try:
            while (event := self._next()).__class__ is not MappingEndEvent:
                index = event.start_mark.index
                name = self._key(event)
                event = self._next()
                if name is _MERGE and self._printed and event.__class__ is ScalarEvent:
                    name = "<<"
                if name is _MERGE:
                    merged = self._merged(event, depth)
                    found += [Pair(name, value, index) for name, value in merged.items()]
                    continue
                could_be_items = name == "items" and event.__class__ is not MappingStartEvent
                found.append(Pair(name, self._node(event, depth, could_be_items), index))
                if self.cut is not None:
                    return found, self._end
            return found, _end(event)
        except (Refused, Malformed, YAMLError) as error:
            damage = self._damage(error, event)
        if not has_items(found):
            raise damage
        self.cut = damage
        return found, self._end

    def place(self, index: int) -> tuple[int, int]:
        """The line and column of a character, fast when asked in order."""
        return self._places.at(index)

    def located(self, pairs: Sequence[Pair], line: int, column: int, end: int) -> Located:
        """The mapping of some pairs; of equal keys the last one counts."""
        last = self._places.last_line(end)
        fields = ((pair.key, pair.value) for pair in pairs)
        return Located(fields, line=line, column=column, last=last)

    def malformed(self, what: str, index: int) -> Malformed:
        """What is wrong at a character, or the forbidden one that the text was cut at."""
        if self._forbidden and index >= self._end:
            what, index = "a control character, or bytes that are no text", self._end
        return Malformed(what, *self._places.at(index))

    def _damage(self, error: Refused | Malformed | YAMLError, event: Any) -> Malformed:
        if isinstance(error, Malformed):
            return error
        if isinstance(error, Refused):
            return self.malformed(error.what, event.start_mark.index)
        what, index = said_of(error)
        return self.malformed(what, self._end if index is None else index)

    def _node(self, event: Any, depth: int, open_: bool) -> Any:
        kind = event.__class__
        if kind is AliasEvent:
            value = self._anchors.value(event.anchor)
            return self._located_alias(value, event) if open_ else value
        if event.anchor is not None:
            self._anchors.begin(event.anchor)
        if kind is ScalarEvent:
            value = self._scalar(event)
        elif depth >= DEEPEST:
            raise Refused(TOO_DEEP)
        elif kind is SequenceStartEvent:
            value = self._sequence(event, depth + 1, open_)
        elif open_:
            place = self._places.at(event.start_mark.index)
            pairs, end = self.pairs(event, depth + 1)
            value = self.located(pairs, *place, end)
        else:
            value = self._mapping(event, depth + 1)
        if event.anchor is not None:
            self._anchors.finish(event.anchor, value)
        return value

    def _mapping(self, start: Any, depth: int) -> dict[str, Any]:
        next_event, keys, plain = self._next, self._keys, self._plain
        found: dict[str, Any] = {}
        event = start
        try:
            while (event := next_event()).__class__ is not MappingEndEvent:
                if (
                    event.__class__ is ScalarEvent
                    and not event.style
                    and event.tag is event.anchor is None
                ):
                    name = keys[event.value]
                else:
                    name = self._key(event)
                event = next_event()
                if name is _MERGE and self._printed and event.__class__ is ScalarEvent:
                    name = "<<"
                if name is _MERGE:
                    found.update(self._merged(event, depth))
                elif (
                    event.__class__ is ScalarEvent
                    and not event.style
                    and event.tag is event.anchor is None
                ):
                    found[name] = plain[event.value]
                else:
                    found[name] = self._node(event, depth, False)
            return found
        except Refused as refusal:
            damage = self._damage(refusal, event)
        raise damage

    def _sequence(self, start: Any, depth: int, open_: bool) -> list[Any]:
        next_event, plain = self._next, self._plain
        found: list[Any] = []
        event = start
        try:
            while (event := next_event()).__class__ is not SequenceEndEvent:
                if (
                    event.__class__ is ScalarEvent
                    and not event.style
                    and event.tag is event.anchor is None
                ):
                    found.append(plain[event.value])
                else:
                    if len(found) >= MOST_ITEMS:
                        raise Refused(TOO_MANY_ITEMS)
                    found.append(self._node(event, depth, open_))
                    if self.cut is not None:
                        break
                    if open_ and event.anchor is None:
                        self._ease(found[-1])
            return found
        except (Refused, Malformed, YAMLError) as error:
            damage = self._damage(error, event)
        if not open_:
            raise damage
        self.cut = damage
        return found

    def _scalar(self, event: Any) -> Scalar | Withheld:
        self._refuse_escaped_slash(event)
        text: str = event.value
        if event.tag is None:
            return text if event.style else self._plain[text]
        if self._withheld and event.tag == WITHHELD_TAG:
            return Withheld(text)
        return tagged(text, event.tag)

    def _key(self, event: Any) -> str:
        kind = event.__class__
        if kind is AliasEvent:
            value = self._anchors.value(event.anchor)
            if value is None or isinstance(value, dict | list | Withheld):
                raise Refused("an alias as a key, of what no key can be")
            return value if isinstance(value, str) else key(str(value))
        if kind is not ScalarEvent:
            raise Refused("a key that is a mapping or a list")
        self._refuse_escaped_slash(event)
        text: str = event.value
        if event.anchor is not None:
            self._anchors.finish(event.anchor, self._scalar(event))
        if text == "<<" and (event.implicit[0] or event.tag == MERGE_TAG):
            return _MERGE
        if event.tag is None:
            return text if event.style else self._keys[text]
        return key(text, event.tag)

    def _refuse_escaped_slash(self, event: Any) -> None:
        """Libyaml takes this escape for the sake of JSON; go-yaml does not."""
        if self._slashes and event.style == '"':
            written = self._text[event.start_mark.index : event.end_mark.index]
            if "/" in _ESCAPED.findall(written):
                raise Refused("an escaped slash in double quotes")

    def _merged(self, event: Any, depth: int) -> dict[str, Any]:
        """What a merge key brings in; it replaces what was there before, as in go-yaml 2."""
        value = self._node(event, depth, False)
        if isinstance(value, dict):
            return value
        if event.__class__ is SequenceStartEvent and all(isinstance(it, dict) for it in value):
            return {name: held for source in reversed(value) for name, held in source.items()}
        raise Refused("a merge key with a value that is no mapping, and no list of mappings")

    def _located_alias(self, value: Any, event: Any) -> Any:
        """What an alias stands for where it could be Kubernetes objects, placed at the alias."""
        if isinstance(value, list):
            return [self._located_alias(element, event) for element in value]
        if type(value) is not dict:
            return value
        line, column = self._places.at(event.start_mark.index)
        return Located(value, line=line, column=column, last=line)
