"""libyaml's events, or those of PyYAML's own parser where it was built without libyaml.

Events come one by one, from parsers that keep their own stack on the heap. It is PyYAML's composer
that overflows the C stack on a text of 25,000 open brackets, and it is not used here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = [
    "AliasEvent",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "StreamStartEvent",
    "YAMLError",
    "parser",
    "said_of",
]

libyaml: ModuleType | None
try:
    import yaml._yaml as libyaml
except ImportError:
    libyaml = None

# A text in quotes at the end of a message may come from the input; ':' and the like do not.
_QUOTED = re.compile(r",? ?(?:but (?:found|got) )?(?:'[^']{4,}'|\"[^\"]{4,}\")\Z")


LONGEST_AT_ONCE = 1 << 20
"""libyaml is given longer texts part by part: of a whole one it makes a copy of its own."""


class _Parts:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self, size: int) -> str:
        """The next characters."""
        part = self._text[self._at : self._at + size]
        self._at += size
        return part


class _PurePython(Reader, Scanner, Parser):
    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> Any:
        """The next event, without what this parser lets through or trips over."""
        mark = self.get_mark()
        try:
            event: Any = super().get_event()  # type: ignore[no-untyped-call]  # no stub for it
            if isinstance(event, ScalarEvent):
                event.value.encode()
        except ValueError:
            pass
        else:
            return event
        raise ScannerError(None, None, "found invalid Unicode character escape code", mark)


def parser(text: str) -> Callable[[], Any]:
    """A function that gives the next event of a text each time, and raises `YAMLError`."""
    events: Callable[[], Any]
    if libyaml is None:
        events = _PurePython(text).get_event
        return events
    events = libyaml.CParser(text if len(text) <= LONGEST_AT_ONCE else _Parts(text)).get_event
    return events


def said_of(error: YAMLError) -> tuple[str, int | None]:
    """What an error says, without what it quotes, and the index of the character it means."""
    if not isinstance(error, MarkedYAMLError) or error.problem is None:
        return "a character that YAML does not allow", None
    mark = error.problem_mark or error.context_mark
    said = [_QUOTED.sub("", error.problem), error.context or ""]
    return " ".join(said).strip(), mark.index if mark else None
