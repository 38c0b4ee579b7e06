"""What the dump of a cluster may lack: files, pages, folders of namespaces, values, what was cut.

Each way gives one dump after another, for as long as it is asked; chance says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

from tests.formats import (
    bug_report,
    cluster_info_dump,
    collectors,
    must_gather,
    node_reports,
    support_bundle,
    support_bundle_eras,
    velero,
)
from tests.formats.cluster_state import ClusterState
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import Tree, contents
from tests.whole_clusters import Files, Root, files, in_json, in_yaml, is_refused, roots

Lacking = tuple[str, Files]
"""What was taken away, in words, and what is left."""

MARKS = ("***HIDDEN***", "***TOKEN_token_1***", "-----SCRUBBED BASE64 KEY-----")
IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))


def one_file(cluster: str, chance: Random) -> Iterator[Lacking]:
    """One file after another is not there."""
    names = list(files(cluster))
    for name in chance.sample(names, len(names)):
        yield f"without {name}", _without(files(cluster), name)


def some_files(cluster: str, chance: Random) -> Iterator[Lacking]:
    """Two files, or more, are not there."""
    names = list(files(cluster))
    while True:
        gone = chance.sample(names, min(chance.choice((2, 2, 3, 5)), len(names) - 1))
        yield f"without {', '.join(gone)}", _without(files(cluster), *gone)


def cut(cluster: str, chance: Random) -> Iterator[Lacking]:
    """A file ends where no one meant it to: within a line or after one, in YAML or in JSON."""
    while True:
        name = chance.choice(list(roots(cluster)))
        text = str(chance.choice((in_yaml, in_json))(roots(cluster)[name]))
        end = chance.randrange(len(text))
        if chance.random() < 0.5:
            end = text.rfind("\n", 0, end) + 1
        yield f"{name} cut at {end}", {**files(cluster), name: text[:end]}


def paged(cluster: str, chance: Random) -> Iterator[Lacking]:
    """Only the first page was saved of some lists."""
    while True:
        name = chance.choice(list(roots(cluster)))
        lists = roots(cluster)[name]
        for it in lists:
            if it["items"] and chance.random() < 0.7:
                it["items"] = it["items"][: chance.randrange(len(it["items"]))]
                it["metadata"]["continue"] = "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ"
        yield f"pages of {name}", {**files(cluster), name: in_yaml(lists)}


def redacted(cluster: str, chance: Random) -> Iterator[Lacking]:
    """A mark stands where a value was, or a part of one."""
    while True:
        name = chance.choice(list(roots(cluster)))
        lists = roots(cluster)[name]
        marked = [said for _ in range(chance.choice((1, 1, 3, 9))) for said in _mark(lists, chance)]
        if marked:
            yield f"marks at {'; '.join(marked)}", {**files(cluster), name: in_yaml(lists)}


def without_managed_fields(cluster: str, chance: Random) -> Iterator[Lacking]:
    """As kubectl prints objects that nobody asked the managedFields of."""
    lists = roots(cluster)
    for it in (it for held in lists.values() for each in held for it in each["items"]):
        it["metadata"].pop("managedFields", None)
    yield "without managedFields", {name: in_yaml(held) for name, held in lists.items()}


FORMS: Mapping[str, Callable[[ClusterState], Tree]] = {
    "a cluster-info dump": cluster_info_dump.directory,
    **{
        f"a bug-report of {era.name}": partial(bug_report.bug_report, era=era)
        for era in bug_report.ERAS
    },
    **{
        f"a bundle of {era.name}": partial(support_bundle.support_bundle, era=era)
        for era in support_bundle_eras.ERAS
    },
    "a backup": velero.backup,
    "a backup that tells": velero.backup_that_tells,
    "a sosreport": partial(node_reports.sosreport, everything=True),
    "crash-diagnostics": collectors.crash_diagnostics,
    "sonobuoy": collectors.sonobuoy,
}
LISTING = [form for form in FORMS if "bug-report" in form or "info" in form or "sos" in form]
"""The forms that list what is not there, too. Of the others nobody can tell a file that is gone
from one that never was: they write none for what a namespace has none of."""


def of_some_namespaces(cluster: str, chance: Random) -> Iterator[Lacking]:
    """A collector was sent to some namespaces, or lost what it had of one."""
    if is_refused(cluster):
        return  # a collector that was refused writes it elsewhere, each in its own way
    state = fixture(cluster)
    while True:
        some = chance.sample(state.namespaces, chance.randrange(1, len(state.namespaces)))
        yield f"a backup of {', '.join(some)}", contents(velero.backup(state, some))
        yield f"an inspection of {', '.join(some)}", contents(must_gather.inspect(state, some))
        form, gone = chance.choice(LISTING), chance.choice(state.namespaces)
        left = {
            path: text
            for path, text in contents(FORMS[form](state)).items()
            if gone not in path.replace(".", "/").split("/")
        }
        yield f"{form} without {gone}", left


def collected(cluster: str, chance: Random) -> Iterator[Lacking]:
    """A collector's dump, as it is, without some of its files, or beside some of kubectl's."""
    if is_refused(cluster):
        return  # a collector that was refused writes it elsewhere, each in its own way
    state = fixture(cluster)
    while True:
        form = chance.choice(list(FORMS))
        whole = contents(FORMS[form](state))
        yield form, whole
        if form in LISTING:
            gone = chance.sample(list(whole), min(len(whole) - 1, chance.randrange(1, 4)))
            yield f"{form} without {', '.join(gone)}", _without(whole, *gone)
        some = chance.sample(list(files(cluster)), chance.randrange(1, 5))
        beside = {f"kubectl/{name}": files(cluster)[name] for name in some}
        yield f"{form} beside {', '.join(some)}", {**whole, **beside}


WAYS: Mapping[str, Callable[[str, Random], Iterator[Lacking]]] = {
    way.__name__.replace("_", " "): way
    for way in (
        *(one_file, some_files, cut, paged, redacted),
        *(without_managed_fields, of_some_namespaces, collected),
    )
}


def _without(dump: Files, *names: str) -> Files:
    return {name: text for name, text in dump.items() if name not in names}


def _mark(lists: list[Root], chance: Random) -> Iterator[str]:
    """Put a mark over a value of one object, if chance leads to one that is a text."""
    things = [it for each in lists for it in each["items"]]
    thing = chance.choice(things) if things else {}
    path: tuple[Any, ...] = ()
    inside: Any = thing
    while inside and isinstance(inside, dict | list):
        holder, steps = inside, list(inside if isinstance(inside, dict) else range(len(inside)))
        path = (*path, chance.choice(steps))
        inside = holder[path[-1]]
    if isinstance(inside, str) and path not in IDENTITY:
        holder[path[-1]] = _marked(inside, chance)
        yield f"{thing['kind']} {thing['metadata']['name']} {'.'.join(map(str, path))}"


def _marked(text: str, chance: Random) -> str:
    mark = chance.choice(MARKS)
    if chance.random() < 0.7 or not text:
        return mark
    start, end = sorted(chance.choices(range(len(text) + 1), k=2))
    return text[:start] + mark + text[end:]
