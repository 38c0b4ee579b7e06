"""Reading a command line: a mistake in it is one line, and help is an answer like others."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

SOURCE = "a file, a directory, an archive, or -"


class Refused(Exception):
    """The command line, the configuration or an input cannot be used: one line that says why."""


class Answered(Exception):
    """Somebody asked for help: the text of it."""


class Parser(argparse.ArgumentParser):
    """A parser that raises what others print."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(add_help=False, allow_abbrev=False, **settings)
        self.add_argument("-h", "--help", action=Help, nargs=0, help="say this and stop")

    @property
    def options(self) -> Sequence[argparse.Action]:
        """All that it takes."""
        return self._actions

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}; `{self.prog} --help` tells more")


class Help(argparse.Action):
    """Answers with the help text of the command it stands at."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002, argparse calls an action with it
        values: str | Sequence[Any] | None,  # noqa: ARG002, the same
        option_string: str | None = None,  # noqa: ARG002, the same
    ) -> None:
        raise Answered(parser.format_help())


def add_rules_option(parser: Parser) -> None:
    """The option that several commands share: more rules."""
    parser.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="DIR",
        help="use the rules of this directory as well; may be repeated",
    )


def add_source_options(parser: Parser) -> None:
    """The options of the commands that read a cluster: what its source does not tell itself."""
    parser.add_argument(
        "--layout",
        default="",
        metavar="NAME",
        help="read a source as this format, such as must-gather or support-bundle; objects is for "
        "files that no collector made (default: told by what is there)",
    )
    parser.add_argument(
        "--cluster",
        default="",
        metavar="NAME",
        help="the cluster to take where a source holds several: the uid of its Namespace "
        "kube-system, or the folder that it is in",
    )


def add_selection_options(parser: Parser) -> None:
    """The options that several commands share: which rules of all."""
    for option, what in (("--select", "use only this"), ("--ignore", "leave this out")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="RULE|FAMILY",
            help=f"{what}, a rule or a family of them; may be repeated",
        )
    add_rules_option(parser)
