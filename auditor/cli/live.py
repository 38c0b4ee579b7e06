"""The options that choose a live cluster, and what is read of one."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.cli.conclusion import kinds_needed
from auditor.cli.console import Console
from auditor.cli.parser import Parser, Refused
from auditor.cli.parts import Parts, choice_of
from auditor.cli.progress import ReadingBar
from auditor.cli.status import Status

if TYPE_CHECKING:
    from auditor.kinds import Kind
    from auditor.rule import Rule
    from auditor.snapshot import Snapshot
    from auditor.sources import Choice
    from auditor.sources.live import Settings

TIMEOUT = 300.0
"""Seconds for everything together, where nothing else is said."""

TEXTS = ("kubeconfig", "context", "timeout")
FLAGS = ("no_secrets", "helm_releases")


def add_connection_options(
    parser: Parser, title: str = "a live cluster, where no SOURCE is named", *, reach: bool = True
) -> None:
    """The options that say which cluster is read, for how long and, with `reach`, how much."""
    group = parser.add_argument_group(title)
    group.add_argument(
        "--kubeconfig",
        metavar="FILE",
        help="the kubeconfig (default: those of KUBECONFIG, else ~/.kube/config, else that of "
        "the pod it runs in)",
    )
    group.add_argument("--context", metavar="NAME", help="a context of the kubeconfig")
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        help=f"for everything that is read together (default: {TIMEOUT:g})",
    )
    if reach:
        add_reach_options(group)
    else:
        parser.set_defaults(namespace=[], **dict.fromkeys(FLAGS, False))


def add_reach_options(group: argparse._ActionsContainer) -> None:
    """The options that say how much of a cluster is read."""
    group.add_argument(
        "--namespace",
        action="append",
        default=[],
        metavar="NAMESPACE",
        help="read only this namespace, and what lies in none; may be repeated",
    )
    group.add_argument(
        "--no-secrets",
        action="store_true",
        help="read no Secret; trust is then judged by what else shows it",
    )
    group.add_argument(
        "--helm-releases",
        action="store_true",
        help="list the Secrets in which Helm records its releases as well",
    )


def observed(
    arguments: argparse.Namespace, rules: tuple[Rule, ...], console: Console, parts: Parts
) -> Snapshot:
    """What the sources hold that were named; where none was, what the live cluster has."""
    if arguments.sources:
        refuse_beside(" ".join(arguments.sources), arguments)
        return of_files(arguments.sources, choice_of(arguments), console, parts)
    return surveyed(arguments, kinds_needed(rules, parts), console, parts)


def of_files(sources: Sequence[str], choice: Choice, console: Console, parts: Parts) -> Snapshot:
    """What files hold, with a bar for whoever waits at a terminal."""
    from auditor.sources.watching import watched

    with ReadingBar(console) as bar, watched(bar):
        return parts.read(sources, choice)


def surveyed(
    arguments: argparse.Namespace, kinds: Sequence[Kind], console: Console, parts: Parts
) -> Snapshot:
    """What the live cluster has of some kinds."""
    settings = _settings(arguments)
    with Status(console) as status:
        return parts.survey(settings, kinds, status.show)


def refuse_beside(named: str, arguments: argparse.Namespace) -> None:
    """Raises `Refused` where an option of a live cluster stands beside a source."""
    if given := next(_given(arguments), None):
        raise Refused(f"{given[0]} is about a live cluster, and {named} was named as the source")


def live_options(arguments: argparse.Namespace) -> list[str]:
    """The options of this run that choose the cluster and what is read of it."""
    return [word for words in _given(arguments) for word in words]


def _given(arguments: argparse.Namespace) -> Iterator[Sequence[str]]:
    """The options about a live cluster that were given, each with its value."""
    for name in TEXTS:
        if (value := getattr(arguments, name)) is not None:
            yield f"--{name}", value
    for namespace in arguments.namespace:
        yield "--namespace", namespace
    for name in FLAGS:
        if getattr(arguments, name):
            yield (f"--{name.replace('_', '-')}",)


def _settings(arguments: argparse.Namespace) -> Settings:
    from auditor.sources.live import Settings

    for name in ("kubeconfig", "context"):
        if getattr(arguments, name) == "":
            raise Refused(f"--{name}: its value is empty")
    return Settings(
        kubeconfig=arguments.kubeconfig or "",
        context=arguments.context or "",
        namespaces=tuple(dict.fromkeys(arguments.namespace)),
        timeout=_seconds(arguments.timeout),
        secrets=not arguments.no_secrets,
        helm_releases=arguments.helm_releases,
    )


def _seconds(text: str | None) -> float:
    """A number of seconds as a person gives it. Raises `Refused` for anything else."""
    if text is None:
        return TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise Refused(f"--timeout {text}: is no number of seconds above 0")
    return seconds
