"""YAML and JSON, printed as the tools that are written in Go print them.

Nearly every dump is written by Go code: kubectl, client-go and what is built on them. Their JSON
escapes what HTML could mistake; their YAML comes from go-yaml version 2, a port of libyaml, which
orders keys in a way of its own, does not indent lists, folds at 80 columns, and quotes a string
only where it would read as something else.
(kubernetes-sigs/yaml: goyaml.v2/{encode,sorter,resolve}.go; go: src/encoding/json/encode.go)
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import yaml

from tests.formats.words import words

_IN_HTML = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_ESCAPED = re.compile("|".join(_IN_HTML))
_WORDS = frozenset(
    words(
        "y Y yes Yes YES n N no No NO true True TRUE false False FALSE on On ON off Off OFF"
        " ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF"
    )
) | {""}
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_TIME = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[Tt](\d{1,2}:\d{1,2}:\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)"
    r"| (\d{1,2}:\d{1,2}:\d{1,2})(?:[.,]\d+)?)?"
)
_END = "...\n"  # libyaml ends a text that ends in empty lines so, and Go does not
_TEXT = "tag:yaml.org,2002:str"


def go_json(value: Any, indent: int | None = None) -> str:
    """JSON of one value, without a line's end; keys stay in the order they have.

    Four spaces are kubectl's indent, two are that of most other tools, and none is what an API
    server sends.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return _ESCAPED.sub(lambda found: _IN_HTML[found[0]], text)


def in_order(value: Any) -> Any:
    """A value with all keys sorted, as Go prints a map."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    return [in_order(item) for item in value] if isinstance(value, list) else value


def go_yaml(value: Any) -> str:
    """YAML of one value, with its last line's end."""
    text: str = yaml.dump(
        _in_yaml_order(value),
        Dumper=_Printer,
        default_flow_style=False,
        allow_unicode=True,
        width=80,
        sort_keys=False,
    )
    return text[: -len(_END)] if text.endswith(f"\n{_END}") else text


class _Printer(yaml.CSafeDumper):
    """libyaml's emitter, with the choices that Go makes before it."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        """No scalar needs a tag: `_scalar` says whether it stands in quotes."""
        if kind is yaml.ScalarNode:
            return _TEXT
        return yaml.resolver.Resolver.resolve(self, kind, value, implicit)  # type: ignore[no-untyped-call]  # the stubs lack it


def _scalar(printer: _Printer, value: Any) -> yaml.ScalarNode:
    style = None
    if isinstance(value, str):
        style = "|" if "\n" in value else '"' if reads_as_another_type(value) else None
        text = value
    elif value is None:
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = _shortest(value) if isinstance(value, float) else str(value)
    return printer.represent_scalar(_TEXT, text, style=style)


def _shortest(number: float) -> str:
    """A float in the fewest digits, as Go's format `g` writes it."""
    _, digits, power = Decimal(repr(number)).normalize().as_tuple()
    exponent = len(digits) + int(power) - 1
    if -4 <= exponent < 6:
        return repr(number).removesuffix(".0")
    fraction = "".join(map(str, digits[1:]))
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[0]}{'.' if fraction else ''}{fraction}e{exponent:+03d}"


for _type in (str, bool, int, float, type(None)):
    _Printer.add_representer(_type, _scalar)


def reads_as_another_type(text: str) -> bool:
    """Whether Go puts a string in quotes, since it would read as a number, a time and so on."""
    if text in _WORDS or _SEXAGESIMAL.fullmatch(text):
        return True
    if text[0] == ".":
        return _FLOAT.fullmatch(text) is not None
    if not re.match(r"[-+0-9]", text):
        return False
    digits = text.replace("_", "")
    numeric = _INTEGER.fullmatch(digits) or _FLOAT.fullmatch(digits)
    return numeric is not None or _is_time(text)


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    day, clock, plain_clock = found.groups()
    try:
        datetime.strptime(f"{day} {clock or plain_clock or '0:0:0'}", "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return False
    return True


def _in_yaml_order(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=cmp_to_key(_compared))
        return {key: _in_yaml_order(value[key]) for key in keys}
    return [_in_yaml_order(item) for item in value] if isinstance(value, list) else value


def _compared(one: str, other: str) -> int:
    """Go's order of keys: letters behind all else, and numbers by their value."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left == right:
            continue
        letters = left.isalpha(), right.isalpha()
        if all(letters):
            return ord(left) - ord(right)
        if any(letters):
            return -1 if letters[1] else 1
        return _numbers_compared(one, other, at) or ord(left) - ord(right)
    return len(one) - len(other)


def _numbers_compared(one: str, other: str, at: int) -> int:
    ones = _digits(one, at), _digits(other, at)
    lead = ""
    if "0" in (one[at], other[at]):
        before = re.search(r"\d*$", one[:at])
        lead = "1" if before and before[0].strip("0") else ""
    values = [int(lead + digits) if lead + digits else 0 for digits in ones]
    return values[0] - values[1] or len(ones[0]) - len(ones[1])


def _digits(text: str, at: int) -> str:
    found = re.match(r"\d*", text[at:])
    return found[0] if found else ""
