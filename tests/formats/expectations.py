"""What a format shows of each kind, said so that a test can hold a reader to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.formats.cluster_state import ClusterState, Resource, identity, namespace_of
from tests.formats.trees import Tree

Identity = tuple[str, str, str, str]


class How(StrEnum):
    """How far a format shows a kind."""

    LISTED = "listed"
    """A list, a file or a folder is there for the kind, empty or not: there are no others."""
    ASSUMED = "assumed"
    """Objects of it occur, and nothing says whether they are all."""
    TABLE = "table"
    """Only as text without labels: no object can be read."""
    NOT_COLLECTED = "not collected"
    FAILED = "failed"
    """It was asked for, and the dump itself says that it could not be had."""
    CUT = "cut"
    """Its list is there in part only."""
    DECLARED = "declared"
    """As somebody wrote it, not as the cluster has it."""


READABLE = {How.LISTED, How.ASSUMED, How.CUT, How.DECLARED}


@dataclass(frozen=True)
class Coverage:
    """What a format shows of one kind.

    `namespaces` are those that `how` is true of, None for all (and for what has none); of others
    the kind was not collected. `names` are those of the only objects that are there, where a
    format takes a few. `withheld` are the paths at which the dump may have other values than the
    cluster. `why` is the reason that the dump gives for a failure.
    """

    how: How
    namespaces: frozenset[str] | None = None
    names: frozenset[str] | None = None
    withheld: tuple[str, ...] = ()
    why: str = ""

    def shows(self, namespace: str, name: str) -> bool:
        """Whether an object of a namespace (empty: of the whole cluster) can be read."""
        if self.how not in READABLE or (self.names is not None and name not in self.names):
            return False
        return not namespace or self.namespaces is None or namespace in self.namespaces


Expected = Mapping[str, Coverage]
NOT_COLLECTED = Coverage(How.NOT_COLLECTED)
LISTED = Coverage(How.LISTED)
TABLE = Coverage(How.TABLE)


def covering(
    state: ClusterState, covered: Mapping[str, Coverage], others: Coverage = NOT_COLLECTED
) -> Expected:
    """What is expected of every resource that is served, by its key."""
    return {it.key: covered.get(it.key, others) for it in state.resources}


def listing(
    state: ClusterState, keys: Iterable[str], namespaces: Iterable[str] | None = None
) -> Expected:
    """Some resources listed, those with namespaces only in some of them, and no others."""
    chosen = None if namespaces is None else frozenset(namespaces)
    by_key = {it.key: it for it in state.resources}
    return covering(state, {key: _listed(by_key[key], chosen) for key in keys if key in by_key})


def occurring(state: ClusterState, how: How = How.ASSUMED) -> Expected:
    """Only what occurs is shown, and is all there is to go by."""
    present = {state.resource_of(it).key for it in state.objects}
    return covering(state, dict.fromkeys(present, Coverage(how)))


def shown(state: ClusterState, expected: Expected) -> set[Identity]:
    """The objects that a reader of the format finds, no more and no less."""
    return {
        identity(it)
        for it in state.objects
        if expected[state.resource_of(it).key].shows(namespace_of(it), it["metadata"]["name"])
    }


def _listed(resource: Resource, namespaces: frozenset[str] | None) -> Coverage:
    return Coverage(How.LISTED, namespaces if resource.namespaced else None)


@dataclass(frozen=True)
class Format:
    """One way in which a cluster reaches an auditor.

    `write` gives the bytes of one file, or a tree of files; `expected_coverage` says what can be
    read from it; `source` is where the tool's own code or manual says so.
    """

    name: str
    write: Callable[[ClusterState], bytes | Tree]
    expected_coverage: Callable[[ClusterState], Expected]
    source: str
    suffix: str = ""
    """What the name of the file ends in, where `write` gives one."""
    besides: frozenset[Identity] = frozenset()
    """Whole objects that are in it too, though they are not of the cluster."""
