"""The same cluster, written otherwise: every verdict must be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

from tests.whole_clusters import Files, Root, files, in_json, in_yaml, roots

LATER = 10_000
"""By so much may the resourceVersion of a second reading differ."""


def as_json(cluster: str, chance: Random) -> Files:
    """As kubectl prints JSON, each file for itself."""
    return {_in(name, "json"): in_json(held) for name, held in roots(cluster).items()}


def as_one_list(cluster: str, chance: Random) -> Files:
    """All objects in one List, beside the lists that are empty."""
    full, empty = _full_and_empty(cluster)
    one = {"apiVersion": "v1", "items": [it for held in full for it in held["items"]]}
    every = {**one, "kind": "List", "metadata": {"resourceVersion": ""}}
    return {"all.yaml": in_yaml([every]), "nothing.yaml": in_yaml(empty)}


def as_one_file(cluster: str, chance: Random) -> Files:
    """All lists behind one another, in an order of their own."""
    every = [it for held in roots(cluster).values() for it in held]
    return {"all.yaml": in_yaml(chance.sample(every, len(every)))}


def one_file_for_each_object(cluster: str, chance: Random) -> Files:
    """A List of one object in each file, in folders, in YAML or JSON."""
    full, empty = _full_and_empty(cluster)
    dump: dict[str, str | bytes] = {"nothing.yaml": in_yaml(empty)}
    for number, thing in enumerate(it for held in full for it in held["items"]):
        form, write = chance.choice((("yaml", in_yaml), ("json", in_json)))
        each = {"apiVersion": "v1", "items": [thing], "kind": "List", "metadata": {}}
        dump[f"{thing['kind']}/{number}.{form}"] = write([each])
    return dump


def listed_by_kind(cluster: str, chance: Random) -> Files:
    """A list of its own for each kind, whose items do not say what they are."""
    full, empty = _full_and_empty(cluster)
    kinds: dict[tuple[str, str], list[Root]] = {}
    for thing in (it for held in full for it in held["items"]):
        of = thing.pop("apiVersion"), thing.pop("kind")
        kinds.setdefault(of, []).append(thing)
    dump: dict[str, str | bytes] = {"nothing.json": in_json(empty)}
    for (version, kind), things in kinds.items():
        each = {"apiVersion": version, "items": things, "kind": f"{kind}List", "metadata": {}}
        dump[f"{kind}.{version.replace('/', '.')}.json"] = in_json([each])
    return dump


def shuffled(cluster: str, chance: Random) -> Files:
    """Files, lists, objects and fields in another order."""
    held = [(_in(f"{chance.random()}-{name}", "json"), it) for name, it in roots(cluster).items()]
    for _, lists in held:
        chance.shuffle(lists)
        for each in lists:
            chance.shuffle(each["items"])
    return {name: in_yaml(_in_another_order(lists, chance)) for name, lists in held}


def read_twice(cluster: str, chance: Random) -> Files:
    """The same objects once more, some with an older and some with a newer resourceVersion."""
    again = roots(cluster)
    for thing in (it for held in again.values() for each in held for it in each["items"]):
        version = int(thing["metadata"].get("resourceVersion", LATER))
        thing["metadata"]["resourceVersion"] = str(version + chance.randrange(-LATER, LATER))
    second = {f"{chance.choice('az')}/{name}": in_yaml(held) for name, held in again.items()}
    return {**{f"m/{name}": text for name, text in files(cluster).items()}, **second}


FORMS: Mapping[str, Callable[[str, Random], Files]] = {
    form.__name__.replace("_", " "): form
    for form in (
        *(as_json, as_one_list, as_one_file, one_file_for_each_object),
        *(listed_by_kind, shuffled, read_twice),
    )
}


def _in(name: str, form: str) -> str:
    return f"{name.rpartition('.')[0]}.{form}"


def _full_and_empty(cluster: str) -> tuple[list[Root], list[Root]]:
    every = [it for held in roots(cluster).values() for it in held]
    return [it for it in every if it["items"]], [it for it in every if not it["items"]]


def _in_another_order(value: Any, chance: Random) -> Any:
    """The same value, the fields of its mappings in another order."""
    if isinstance(value, Mapping):
        keys = chance.sample(list(value), len(value))
        return {key: _in_another_order(value[key], chance) for key in keys}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_in_another_order(it, chance) for it in value]
    return value
