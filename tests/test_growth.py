"""Twice as large a cluster is twice the work for every rule, and no more, but for each two meshes
and each two injectors that stand beside each other: these cost little.

What is counted are calls of functions, which tells the same on every machine. A loop that calls
nothing goes unseen; none of ours is one.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from cProfile import Profile
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import pytest

from auditor.cluster import Built, Cluster, kinds_of
from auditor.engine import judge
from auditor.keeps import projected
from auditor.kinds import KINDS
from auditor.objects import Obj
from auditor.packs import load
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from benchmarks.dump import Manifest, large
from tests.many import injectors, meshes

RULES = load()
KINDS_READ = kinds_of(source for rule in RULES for source in rule.reads)
PODS = 120
MORE_THAN_TWICE = 2.1
"""A part that grows with the square makes four times of it, however small it begins."""
OF_A_PAIR = 150
"""Calls that a rule may spend on two meshes, or injectors, only because both are there."""
OF_A_SUBJECT = 700
"""Calls that a rule may spend on two of which it tells an outcome."""
OF_A_ROOT = 450
"""Calls that a rule may spend on the root of one mesh that is pasted into another."""


def as_it_is(thing: Manifest) -> Manifest:
    return thing


def without_a_revision(thing: Manifest) -> Manifest:
    """Namespaces that choose no mesh, so that every pod runs with what it should not."""
    if thing["kind"] != "Namespace":
        return thing
    labels = {k: v for k, v in thing["metadata"]["labels"].items() if k != "istio.io/rev"}
    return {**thing, "metadata": {**thing["metadata"], "labels": labels}}


def asking_for_another(thing: Manifest) -> Manifest:
    """Workloads that ask for a mesh which their namespace does not give them."""
    if thing["kind"] != "Deployment":
        return thing
    template = thing["spec"]["template"]
    metadata = template["metadata"]
    labels = {**metadata.get("labels", {}), "istio.io/rev": "1-13-9"}
    template = {**template, "metadata": {**metadata, "labels": labels}}
    return {**thing, "spec": {**thing["spec"], "template": template}}


def as_a_gateway(thing: Manifest) -> Manifest:
    """Objects that select pods in any namespace, and find none."""
    if thing["kind"] != "EnvoyFilter":
        return thing
    spec = {"selector": {"app": "nothing"}, "servers": []}
    gateway = {"apiVersion": "networking.istio.io/v1beta1", "kind": "Gateway", "spec": spec}
    return {**thing, **gateway}


def in_one_namespace(thing: Manifest) -> Manifest:
    """Everything in one namespace, under names of its own."""
    place = thing["metadata"].get("namespace", "")
    if not place.startswith(("bookshop-", "kafka-")) or thing["kind"] == "ConfigMap":
        return thing
    name = f"{thing['metadata']['name']}-{place}"
    return {**thing, "metadata": {**thing["metadata"], "name": name, "namespace": "bookshop-0"}}


def failing_in_one_namespace(thing: Manifest) -> Manifest:
    return in_one_namespace(without_a_revision(thing))


class Work(NamedTuple):
    calls: Counter[str]
    """How many functions each rule calls, with the models that it is the first to ask for."""
    subjects: Counter[str]
    """Of how many each rule tells an outcome."""


def snapshot(things: Iterable[Manifest]) -> Snapshot:
    kinds: dict[str, list[Obj]] = {}
    for thing in things:
        group = thing["apiVersion"].rpartition("/")[0]
        if kind := KINDS.get((group, thing["kind"])):
            kept = projected(thing, kind.projection)
            kinds.setdefault(kind.name, []).append(Obj(kind, kept))
    return Snapshot({kind: Seen(tuple(kinds.get(kind.name, ()))) for kind in KINDS_READ})


def work(things: Iterable[Manifest]) -> Work:
    seen, built = snapshot(things), Built(datetime(2023, 6, 1, tzinfo=UTC))
    done = Work(Counter(), Counter())
    for rule in RULES:
        profile = Profile(builtins=False)
        result = profile.runcall(judge, rule, Cluster(seen, rule.reads, built))
        done.calls[rule.id] = sum(it.callcount for it in profile.getstats())
        done.subjects[rule.id] = len(result.outcomes)
    return done


@pytest.mark.parametrize(
    "change",
    [
        as_it_is,
        without_a_revision,
        asking_for_another,
        as_a_gateway,
        in_one_namespace,
        failing_in_one_namespace,
    ],
)
def test_twice_as_much_is_twice_the_work(change: Callable[[Manifest], Manifest]) -> None:
    def calls(pods: int) -> Counter[str]:
        return work(map(change, large(pods))).calls

    calls(0)  # what is remembered for good, such as patterns, belongs to nobody
    small, twice, again = (calls(PODS * times) for times in (1, 2, 4))
    grown = {
        rule: (again[rule] - twice[rule]) / (twice[rule] - small[rule])
        for rule in again
        if twice[rule] > small[rule]
    }

    assert grown
    assert {rule: more for rule, more in grown.items() if more > MORE_THAN_TWICE} == {}


def beyond(small: int, twice: int, again: int) -> int:
    """How much of it grows with the square, in some unit: nothing, where twice is twice."""
    return (again - twice) - 2 * (twice - small)


@pytest.mark.parametrize(
    ("make", "count", "roots_of_a_pair"),
    [
        pytest.param(partial(injectors, by_namespace=False), 10, 0, id="injectors"),
        pytest.param(partial(injectors, by_namespace=True), 10, 0, id="injectors-for-all"),
        pytest.param(partial(meshes, accepting=False), 8, 0, id="meshes"),
        pytest.param(partial(meshes, accepting=True), 8, 2, id="meshes-that-accept-each-other"),
    ],
)
def test_each_two_cost_little(
    make: Callable[[int], list[Manifest]], count: int, roots_of_a_pair: int
) -> None:
    work(make(2))
    sizes = [count, 2 * count, 4 * count]
    done = [work(make(size)) for size in sizes]
    pairs = beyond(*(size * (size - 1) // 2 for size in sizes))
    dear = {}
    for rule in RULES:
        spent = beyond(*(it.calls[rule.id] for it in done)) / pairs
        told_of = beyond(*(it.subjects[rule.id] for it in done)) / pairs
        if spent > OF_A_PAIR + OF_A_SUBJECT * told_of + OF_A_ROOT * roots_of_a_pair:
            dear[rule.id] = spent

    assert dear == {}, "calls for each two"
