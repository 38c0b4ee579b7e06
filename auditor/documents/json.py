"""Documents of JSON: one, several after each other, or one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NoReturn

from auditor.documents.collector import paused_collector
from auditor.documents.document import Document, Ease, Located, Malformed, Remark, as_it_is
from auditor.documents.limits import DEEPEST, MOST_ITEMS, TOO_DEEP, TOO_MANY_ITEMS
from auditor.documents.remarks import before_json, remarked
from auditor.documents.roots import Pair, has_items, repeated
from auditor.documents.text import Places, without_surrogates
from auditor.documents.values import Refused, float_of_json, integer_of_json

_CONTAINERS = frozenset((dict, list))

_SPACE = re.compile("[ \t\r\n\ufeff]*")
_START = re.compile(r'\{\s*["}]|\[\s*(?:[\[{"\]0-9-]|true|false|null)')
_BRACKET = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[\[{]|([\]}])', re.DOTALL)
_NEXT_LINE = re.compile(r"\n(?=[{\[])")

# Every escape, so that a backslash after a backslash begins none; the group is half of a pair of
# surrogates without the other half.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def starts(text: str) -> bool:
    """Whether a text is JSON by its first characters, after remarks if there are any."""
    index = skipped(text, 0)
    while (said := before_json(text, index)) is not None:
        index = skipped(text, index + len(said))
    return _START.match(text, index) is not None


def entries(
    text: str, places: Places, ease: Ease = as_it_is
) -> Iterator[Document | Remark | Malformed]:
    """The documents and remarks of a text of JSON; after damage it goes on at the next line."""
    reader = Reader(text, places, ease)
    index = 0
    while (index := skipped(text, index)) < len(text):
        if (said := before_json(text, index)) is not None:
            yield from remarked(said, reader.line(index))
            index += len(said)
            continue
        try:
            with paused_collector():
                document, end = reader.document(index)
        except Malformed as error:
            damage = error
        else:
            yield document
            if document.cut is None:
                index = end
                continue
            damage = document.cut
        yield damage
        following = _NEXT_LINE.search(text, max(index, reader.damaged_at - 1))
        index = following.end() if following else len(text)


def skipped(text: str, index: int) -> int:
    """Where the white space ends that may stand here."""
    if " " < text[index : index + 1] < "\ufeff":
        return index
    space = _SPACE.match(text, index)
    return space.end() if space else index


def _refuse(constant: str) -> NoReturn:
    raise Refused(f"{constant}, which is not JSON")


def _end_of(text: str, index: int) -> int:
    """Where a value ends that was given up, so that nothing is looked for in it once more."""
    if text[index] not in "{[":
        return index
    depth = 0
    for bracket in _BRACKET.finditer(text, index):
        if bracket[0][0] != '"':
            depth += -1 if bracket[1] else 1
        if depth <= 0:
            return bracket.end()
    return len(text)


def _as_go_reads_it(text: str) -> str:
    """The same text, character for character, with U+FFFD for halves of surrogate pairs."""
    text = without_surrogates(text)
    if "\\ud" in text or "\\uD" in text:
        return _ESCAPE.sub(lambda escape: r"\ufffd" if escape[1] else escape[0], text)
    return text


class Reader:
    """Reads documents of one text, and knows where in it each possible Kubernetes object is.

    Only the containers around such objects are walked here; what they hold is decoded in C.
    """

    def __init__(self, text: str, places: Places, ease: Ease = as_it_is) -> None:
        self._text = _as_go_reads_it(text)
        self._places = places
        self._ease = ease
        self._decode = json.JSONDecoder(
            parse_float=float_of_json, parse_int=integer_of_json, parse_constant=_refuse
        ).raw_decode
        self._cut: Malformed | None = None
        self.damaged_at = 0

    def line(self, index: int) -> int:
        """The line of a character."""
        return self._places.at(index)[0]

    def document(self, index: int) -> tuple[Document, int]:
        """The document that starts at this index and where it ends; or `Malformed`.

        A document that is `cut` comes with the items before the damage.
        """
        self._cut = None
        place = self._places.at(index)
        repeats: tuple[str, ...] = ()
        try:
            if self._text[index] == "{":
                pairs, end = self._pairs(index, 1)
                root: Any = self._located(pairs, place, end)
                repeats = repeated(pairs)
            elif self._text[index] == "[":
                root, end = self._array(index, 1)
            else:
                raise self._malformed("text that is not JSON, beside JSON", index)
        except RecursionError:
            damage = self._malformed(TOO_DEEP, index)
        else:
            return Document(root, place[0], self._cut, repeats), end
        raise damage

    def _value(self, index: int, depth: int, open_: bool) -> tuple[Any, int]:
        opening = self._text[index : index + 1] if open_ else ""
        if opening not in ("{", "["):
            return self._decoded(index, depth)
        if depth > DEEPEST:
            raise self._malformed(TOO_DEEP, index)
        if opening == "[":
            return self._array(index, depth)
        place = self._places.at(index)
        pairs, end = self._pairs(index, depth)
        return self._located(pairs, place, end), end

    def _pairs(self, start: int, depth: int) -> tuple[list[Pair], int]:
        """The keys and values of a possible object, as far as they matter before damage."""
        text = self._text
        found: list[Pair] = []
        try:
            index = skipped(text, start + 1)
            while text[index : index + 1] != "}":
                key_index = self._after(",", index) if found else index
                if text[key_index : key_index + 1] != '"':
                    raise self._malformed("a key in double quotes is missing", key_index)
                key, index = self._decoded(key_index, depth)
                index = self._after(":", skipped(text, index))
                could_be_items = key == "items" and text[index : index + 1] == "["
                value, index = self._value(index, depth + 1, could_be_items)
                found.append(Pair(key, value, key_index))
                if self._cut is not None:
                    return found, index
                index = skipped(text, index)
        except Malformed as damage:
            if not has_items(found):
                raise
            self._cut = damage
            return found, self.damaged_at
        return found, index + 1

    def _array(self, start: int, depth: int) -> tuple[list[Any], int]:
        """The elements of a list of possible objects, those before damage if it comes."""
        text = self._text
        found: list[Any] = []
        try:
            index = skipped(text, start + 1)
            while text[index : index + 1] != "]":
                index = self._after(",", index) if found else index
                if len(found) >= MOST_ITEMS:
                    raise self._malformed(TOO_MANY_ITEMS, index)
                value, index = self._value(index, depth + 1, True)
                found.append(value)
                if self._cut is not None:
                    return found, index
                self._ease(value)
                index = skipped(text, index)
        except Malformed as damage:
            self._cut = damage
            return found, self.damaged_at
        return found, index + 1

    def _located(self, pairs: list[Pair], place: tuple[int, int], end: int) -> Located:
        fields = ((pair.key, pair.value) for pair in pairs)
        line, column = place
        return Located(fields, line=line, column=column, last=self._places.last_line(end))

    def _after(self, mark: str, index: int) -> int:
        if self._text[index : index + 1] != mark:
            raise self._malformed(f"a {mark!r} is missing", index)
        return skipped(self._text, index + 1)

    def _decoded(self, index: int, depth: int) -> tuple[Any, int]:
        try:
            value, end = self._decode(self._text, index)
        except json.JSONDecodeError as error:
            what = f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
            damage = self._malformed(what.removesuffix(" at").removesuffix(" starting"), error.pos)
        except Refused as refusal:
            damage = self._malformed(refusal.what, index, _end_of(self._text, index))
        except RecursionError:
            damage = self._malformed(TOO_DEEP, index, _end_of(self._text, index))
        else:
            if not self._too_deep(value, index, end, depth):
                return value, end
            damage = self._malformed(TOO_DEEP, index, end)
        raise damage

    def _too_deep(self, value: Any, index: int, end: int, depth: int) -> bool:
        if value.__class__ not in _CONTAINERS:
            return False
        brackets = self._text.count("{", index, end) + self._text.count("[", index, end)
        if brackets + depth <= DEEPEST:
            return False
        level = [value]
        for _ in range(DEEPEST - depth):
            children = chain.from_iterable(
                parent.values() if parent.__class__ is dict else parent for parent in level
            )
            level = [child for child in children if child.__class__ in _CONTAINERS]
            if not level:
                return False
        return True

    def _malformed(self, what: str, index: int, end: int | None = None) -> Malformed:
        """Damage at this index, `end` being where what it spoils ends, if that is known."""
        self.damaged_at = index if end is None else end
        return Malformed(what, *self._places.at(index))
