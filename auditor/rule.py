"""Rules: a check, what it judges and reads, and the page that explains it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from auditor.cluster import Cluster, Source
from auditor.objects import Ref
from auditor.outcome import Outcome, Severity
from auditor.seen import Seen

SECTIONS = ("Why", "Pass", "Fail", "Unknown", "Fix")
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Subject(Protocol):
    """Anything a rule may judge: an object, a control plane, a mesh, a pair of meshes."""

    @property
    def ref(self) -> Ref: ...


S = TypeVar("S", bound=Subject)


class BadRule(Exception):
    """A rule file, or a pack of them, breaks the authoring contract."""


@dataclass(frozen=True)
class Rule:
    """A check with the metadata that the engine, the reports and the catalogue share."""

    id: str
    family: str
    severity: Severity
    over: Callable[[Cluster], Seen[Any]]
    reads: tuple[Source, ...]
    references: tuple[str, ...]
    check: Callable[[Any, Cluster], Outcome]
    title: str
    page: Mapping[str, str]
    """The sections of its page, by heading."""


def rule(
    *,
    id: str,
    family: str,
    severity: Severity,
    over: Callable[[Cluster], Seen[S]],
    reads: Iterable[Source],
    references: Iterable[str],
) -> Callable[[Callable[[S, Cluster], Outcome]], Rule]:
    """Make a rule of a check, which judges one of the subjects that `over` gives.

    The docstring of its module becomes the rule's page. Raises `BadRule` where the page
    lacks a section, no authority is named, or an id is not in kebab case.
    """

    def make(check: Callable[[S, Cluster], Outcome]) -> Rule:
        title, page = read_page(inspect.cleandoc(sys.modules[check.__module__].__doc__ or ""))
        missing = [section for section in SECTIONS if not page.get(section)]
        if not title or missing:
            raise BadRule(f"{id}: the module docstring lacks {', '.join(missing) or 'a title'}")
        if not IDENTIFIER.fullmatch(id) or not IDENTIFIER.fullmatch(family):
            raise BadRule(f"{id}: its id and its family must be words in kebab case")
        if not references:
            raise BadRule(f"{id}: it names no authority in `references`")
        return Rule(id, family, severity, over, tuple(reads), tuple(references), check, title, page)

    return make


def read_page(text: str) -> tuple[str, dict[str, str]]:
    """Split a page into its title and its `## Heading` sections."""
    head, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    sections = {name.strip(): body.strip() for name, body in zip(parts[::2], parts[1::2])}
    return head.strip().splitlines()[0] if head.strip() else "", sections
