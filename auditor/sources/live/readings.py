"""Reading the objects of one kind: a list page by page, or a few by their names."""

from __future__ import annotations

import http.client
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from auditor.keeps import projected
from auditor.kinds import Kind
from auditor.objects import Obj
from auditor.seen import Gap
from auditor.sources.live.asking import Asking
from auditor.sources.live.failures import Failed
from auditor.sources.live.gaps import unread
from auditor.sources.live.rights import Right
from auditor.sources.live.settings import Progress
from auditor.sources.versions import modern
from auditor.sources.wellformed import Amiss, wellformed

PAGE = 500
NOT_FOUND = "NotFound"
"""What an API server gives as the reason where it has no object of a name."""
STARTS = 4
"""How often a list is begun before it is given up for one that expires under our hands."""

Tell: TypeAlias = Callable[[Progress], None]


@dataclass
class Reading(ABC):
    """What is being read of one kind, in one namespace or in all. It has gaps until it is done."""

    kind: Kind
    path: str
    """The path of the API that serves the kind."""
    namespace: str = ""
    objects: dict[tuple[str, str], Obj] = field(default_factory=dict)
    failures: list[Failed] = field(default_factory=list)
    done: bool = False

    @property
    @abstractmethod
    def right(self) -> Right:
        """What one must be allowed to do for it."""

    @abstractmethod
    def _read(self, asking: Asking, tell: Tell) -> None:
        """Ask for all of it. Raises `Failed` where the whole cannot be had."""

    def read(self, asking: Asking, tell: Tell) -> None:
        """Ask for all of it; what fails is kept as a reason why there may be more."""
        try:
            self._read(asking, tell)
        except Failed as failed:
            self.failures.append(failed)
        self.done = True
        tell(self._progress(done=True))

    def gaps(self, late: Failed) -> list[Gap]:
        """Why there may be more than was seen: `late` is the reason where it is not done."""
        failures = list(self.failures) if self.done else [late]
        return [unread(self.kind, failed, self.namespace, self.right) for failed in failures]

    @property
    def _place(self) -> str:
        scope = f"/namespaces/{self.namespace}" if self.namespace else ""
        return f"{self.path}{scope}/{self.kind.plural}"

    def _progress(self, remaining: int | None = None, done: bool = False) -> Progress:
        return Progress(self.kind, self.namespace, len(self.objects), remaining, done)

    def _keep(self, fields: dict[str, Any]) -> None:
        """Keep of an object what its kind keeps; what is read of it later replaces it."""
        try:
            whole = wellformed(self.kind, modern(self.kind, fields))
        except Amiss as amiss:
            raise Failed(f"something that is no object was among them: {amiss}") from None
        thing = Obj(self.kind, projected(whole, self.kind.projection))
        self.objects[thing.namespace, thing.name] = thing


@dataclass
class Listing(Reading):
    """A list of a kind, all of it or what has some labels."""

    labels: str = ""
    page: int = PAGE

    @property
    def right(self) -> Right:
        return Right.to_list(self.kind)

    def _read(self, asking: Asking, tell: Tell) -> None:
        for _ in range(STARTS):
            self.objects = {}
            try:
                return self._pages(asking, tell)
            except Failed as failed:
                if failed.status != http.client.GONE:
                    raise
                last = failed
        raise Failed(f"{last.why} (the list expired before its end, {STARTS} times)", last.status)

    def _pages(self, asking: Asking, tell: Tell) -> None:
        query = {"limit": str(self.page)}
        if self.labels:
            query["labelSelector"] = self.labels
        while True:
            answer = asking.get(self._place, query)
            for fields in self._items(answer):
                self._keep(fields)
            metadata = answer.get("metadata")
            metadata = metadata if isinstance(metadata, dict) else {}
            more = metadata.get("continue")
            if not more:
                return
            if more == query.get("continue"):
                raise Failed("the API server gives the same page again and again")
            query["continue"] = str(more)
            remaining = metadata.get("remainingItemCount")
            tell(self._progress(remaining if isinstance(remaining, int) else None))

    def _items(self, answer: Any) -> Iterator[dict[str, Any]]:
        """The objects on a page, each with the version and the kind that only the page names."""
        said = answer.get("kind") if isinstance(answer, dict) else None
        if said != f"{self.kind.name}List":
            raise Failed(f"the answer is no {self.kind.name}List")
        version = str(answer.get("apiVersion"))
        items = answer.get("items")
        for item in items if isinstance(items, list) else () if items is None else (None,):
            if not isinstance(item, dict):
                raise Failed("something that is no object was among them")
            yield {**item, "apiVersion": version, "kind": self.kind.name}


@dataclass
class Named(Reading):
    """A few objects by their names. That one is not there is a witness that there is none."""

    names: Sequence[str] = ()
    refused: dict[str, Failed] = field(default_factory=dict)
    """The names about which nothing was learnt, and why."""

    @property
    def right(self) -> Right:
        return Right.to_get(self.kind, *self.names)

    def gaps(self, late: Failed) -> list[Gap]:
        """A gap for each reason, which hides the names that were not answered for it."""
        unanswered = self.refused.copy() if self.done else dict.fromkeys(self.names, late)
        reasons: dict[str | int, tuple[Failed, list[str]]] = {}
        for name, failed in unanswered.items():
            forbidden = failed.status == http.client.FORBIDDEN  # in other words each time
            reason = failed.status if forbidden else failed.why
            reasons.setdefault(reason, (failed, []))[1].append(name)
        return [
            replace(unread(self.kind, failed, self.namespace, self.right), names=tuple(names))
            for failed, names in reasons.values()
        ]

    def _read(self, asking: Asking, tell: Tell) -> None:
        del tell  # it is over at once
        for name in self.names:
            try:
                answer = asking.get(f"{self._place}/{name}")
                if not isinstance(answer, dict) or answer.get("kind") != self.kind.name:
                    raise Failed(f"the answer is no {self.kind.name}")
                self._keep(answer)
            except Failed as failed:
                if failed.reason != NOT_FOUND:
                    self.refused[name] = failed
