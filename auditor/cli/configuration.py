"""Options that stand in a file instead of on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.cli.parser import Parser, Refused

CONFIG = "config"


def add_config_option(parser: Parser) -> None:
    """The option that names the file."""
    parser.add_argument(
        f"--{CONFIG}",
        default="",
        metavar="FILE",
        help="take options from this YAML file, such as `fail-on: warning` or `ignore: [crd]`; "
        "those of the command line come after and add to lists",
    )


def with_configuration(parser: Parser, argv: list[str]) -> argparse.Namespace:
    """What the words of a command and the file that they name say together.

    Raises `Refused` for a file that cannot be read and for options that do not exist.
    """
    arguments = parser.parse_intermixed_args(argv)
    file = getattr(arguments, CONFIG, "")
    if not file:
        return arguments
    try:
        return parser.parse_intermixed_args([*_words(file, parser), *argv])
    except Refused as refused:
        raise Refused(f"--{CONFIG} {file}: {refused}") from refused


def _words(file: str, parser: Parser) -> Iterator[str]:
    """The options of a file, as they would stand on the command line."""
    known = {
        option.removeprefix("--"): action
        for action in parser.options
        for option in action.option_strings
        if option.startswith("--") and action.dest not in ("help", CONFIG)
    }
    for name, given in _read(file).items():
        if name not in known:
            raise Refused(f"there is no option {name}; there are {', '.join(sorted(known))}")
        several = isinstance(known[name].default, list)
        values = given if isinstance(given, list) and several else [given]
        for value in values:
            yield from _option(name, value, takes_value=known[name].nargs != 0)


def _option(name: str, value: object, *, takes_value: bool) -> Iterator[str]:
    if not takes_value:
        if not isinstance(value, bool):
            raise Refused(f"{name}: is true or false")
        yield from [f"--{name}"] if value else []
    elif isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(f"{name}: takes a text or a number, or a list of them where it may repeat")
    else:
        yield f"--{name}={value}"


def _read(file: str) -> Mapping[str, Any]:
    from auditor.documents import Malformed, value

    try:
        options = value(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise Refused("is no text in UTF-8") from error
    except Malformed as malformed:
        raise Refused(str(malformed)) from malformed
    if not isinstance(options, Mapping):
        raise Refused("holds no options; it takes one a line, such as `fail-on: warning`")
    return options
