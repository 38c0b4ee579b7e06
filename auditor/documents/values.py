"""What scalars mean to Go, and what stands where a value was taken out.

Kubernetes reads YAML with sigs.k8s.io/yaml: go-yaml version 2 gives each scalar a type, the
result becomes JSON, and the JSON is read with integers of 64 bits. The values here are those that
come out at the end of that road, which neither YAML 1.1 nor 1.2 describes: `0o17` is 15, `1:20`
and dates are strings, `y` is true, and `1.0e+3` is the integer 1000.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from auditor.documents.text import without_surrogates

Value = TypeVar("Value")
Scalar = str | int | float | bool | None

_TAG = "tag:yaml.org,2002:"
MERGE_TAG = f"{_TAG}merge"

_WORDS: Mapping[str, bool | float | None] = {
    **dict.fromkeys(
        ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True
    ),
    **dict.fromkeys(
        ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False
    ),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGERS = (
    (re.compile(r"[-+]?(?:0|[1-9][0-9]*)"), 10),
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), 16),
    (re.compile(r"[-+]?0[oO]?[0-7]+"), 8),
    (re.compile(r"[-+]?0[bB][01]+"), 2),
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])_(?=[0-9])")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9]{1,2}:[0-9:.]\S*)?")

_DIGITS_OF_64_BITS = 20


class Refused(Exception):
    """Go would not take this; whoever knows the place makes it a `Malformed`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Remembered(dict[str, Value]):
    """What texts mean, so that equal ones are looked at once and share one object."""

    _MOST = 200_000

    def __init__(self, meaning: Callable[[str], Value]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, text: str) -> Value:
        value = self._meaning(text)
        if len(self) < self._MOST:
            self[text] = value
        return value


def plain(text: str) -> Scalar:
    """What Go reads in a scalar without quotes or tag; raises `Refused` for infinities and NaN."""
    return _through_json(_resolved(text))


def tagged(text: str, tag: str) -> Scalar:
    """What Go reads in a scalar with a tag; unknown tags leave the text as it is."""
    return _through_json(_resolved_as(text, tag))


def key(text: str, tag: str = "") -> str:
    """What Go makes of a scalar as a key of a mapping: always a string, or `Refused`."""
    found = _resolved_as(text, tag) if tag else _resolved(text)
    if isinstance(found, str):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float):
        return _short_float(found)
    if found is None or not _fits(found):
        raise Refused("a key that is null or a number of more than 64 bits")
    return str(found)


def integer_of_json(digits: str) -> int | float:
    """What Kubernetes reads in an integer of JSON: a float beyond what 64 bits can hold."""
    if len(digits) <= _DIGITS_OF_64_BITS and _fits(number := int(digits)):
        return number
    return float_of_json(digits)


def float_of_json(digits: str) -> float:
    """What Kubernetes reads in another number of JSON; raises `Refused` where it is too large."""
    number = float(digits)
    if math.isinf(number):
        raise Refused("a number too large for a float")
    return number


def _resolved(text: str) -> Scalar:
    """The type that go-yaml sees by the looks of a scalar; an unsigned one may have 64 bits."""
    first = text[:1]
    if first in "yYnNtTfFoO~":
        return _WORDS.get(text, text)
    if first not in "0123456789+-.":
        return text
    if text in _WORDS:
        return _WORDS[text]
    digits = _BETWEEN_DIGITS.sub("", text) if first == "." else text.replace("_", "")
    if (number := _integer(digits)) is not None:
        return number
    if _FLOAT.fullmatch(digits) and math.isfinite(fraction := float(digits)):
        return fraction
    return text


def _integer(digits: str) -> int | None:
    for pattern, base in _INTEGERS:
        if pattern.fullmatch(digits):
            if base == 10 and len(digits) > _DIGITS_OF_64_BITS:
                return None
            number = int(digits, base)
            unsigned = digits[0] not in "+-" and 0 <= number < 1 << 64
            return number if unsigned or _fits(number) else None
    return None


def _resolved_as(text: str, tag: str) -> Scalar:
    name = tag.removeprefix(_TAG) if tag.startswith(_TAG) else ""
    if name == "binary":
        return _decoded(text)
    if name == "timestamp":
        if _TIMESTAMP.fullmatch(text):
            return text
        raise Refused("a scalar that is not what its tag says")
    if name not in ("bool", "int", "float", "null"):
        return text
    found = _resolved(text)
    if name == "float" and type(found) is int and _fits(found):
        return float(found)
    if {bool: "bool", int: "int", float: "float", type(None): "null"}.get(type(found)) != name:
        raise Refused("a scalar that is not what its tag says")
    return found


def _decoded(text: str) -> str:
    digits = re.sub(r"[\r\n]", "", text)
    try:
        if len(digits) % 4:
            raise ValueError
        data = base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("a binary value that is not base64") from None
    return without_surrogates(data.decode("utf-8", "surrogateescape"))


def _through_json(found: Scalar) -> Scalar:
    """The value after JSON, which writes a float in the fewest digits, `1000` for `1e3`."""
    if isinstance(found, float):
        if not math.isfinite(found):
            raise Refused("an infinity or NaN, which JSON cannot say")
        return whole if found.is_integer() and _fits(whole := int(Decimal(repr(found)))) else found
    if type(found) is int and not _fits(found):
        return float(found)
    return found


def _fits(number: int) -> bool:
    return -(1 << 63) <= number < 1 << 63


def _short_float(number: float) -> str:
    """A float as a key: Go writes the fewest digits that tell 32-bit floats apart."""
    if math.isnan(number):
        return ".nan"
    try:
        [short] = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        short = math.copysign(math.inf, number)
    if math.isinf(short):
        return ".inf" if number > 0 else "-.inf"
    for precision in range(9):
        written = f"{short:.{precision}e}"
        if struct.pack("f", float(written)) == struct.pack("f", short):
            break
    exponent = int(written.partition("e")[2])
    return f"{short:.{max(precision - exponent, 0)}f}" if -4 <= exponent < 6 else written
