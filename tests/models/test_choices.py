"""Which proxy a pod is given: the truth table, and a second implementation beside ours."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from hypothesis import given as varied
from hypothesis import settings
from hypothesis import strategies as st

from auditor.cluster import Cluster
from auditor.kinds import DEPLOYMENT, KINDS, Kind
from auditor.models.askings import asking_of
from auditor.models.choices import CHOICES, Choice
from auditor.models.selectors import labels_for, selects
from auditor.objects import Field, Obj, Ref
from auditor.seen import Seen
from auditor.snapshot import Snapshot
from tests.models import by_hand
from tests.models.webhooks import (
    INJECT,
    LEGACY,
    NEVER,
    REV,
    Labels,
    asks,
    entries,
    injector,
    istiod,
    namespace,
    workload,
)

S, U, D = "icp.sdm-system", "1-20", "default"
SDM_INJECTOR = injector(
    "istio-sidecar-injector-icp-sdm", S, ("istiod-icp", "sdm-system"), entries(S)
)
UPSTREAM = injector("istio-sidecar-injector-1-20", U, ("istiod-1-20", "mesh"), entries(U))
DEFAULT_TAG = injector(
    "istio-revision-tag-default", U, ("istiod-1-20", "mesh"), entries(D, default=True), tag=D
)
EVERYWHERE = injector(
    "istio-revision-tag-default",
    U,
    ("istiod-1-20", "mesh"),
    entries(D, default=True, everywhere=True),
    tag=D,
)
ISTIODS = [
    istiod("istiod-icp", "sdm-system", S, "1.15.3"),
    istiod("istiod-1-20", "mesh", U, "1.20.3"),
]


def snapshot(*objects: dict[str, Any]) -> Snapshot:
    """A cluster of which everything was seen."""
    kinds: dict[Kind, list[Obj]] = {kind: [] for kind in KINDS.values()}
    for raw in objects:
        kind = KINDS[raw["apiVersion"].rpartition("/")[0], raw["kind"]]
        kinds[kind].append(Obj(kind, raw))
    return Snapshot({kind: Seen(tuple(things)) for kind, things in kinds.items()})


def choose(configurations: list[Any], around: Any, pods: Any, istiods: list[Any]) -> Choice:
    """What the pods of a workload are given."""
    seen = snapshot(*configurations, *istiods, around, pods)
    thing = next(it for it in seen.seen(DEPLOYMENT).so_far if it.name == pods["metadata"]["name"])
    return Cluster(seen, [CHOICES]).model(CHOICES).of(asking_of(thing))


BOTH = {LEGACY: "enabled", REV: S}
OFF = {LEGACY: "disabled"}
YES = {INJECT: "true"}


class Row(NamedTuple):
    """What is there, what is asked, and whose proxy the pods are given."""

    name: str
    tags: list[Any]
    around: Labels
    labels: Labels
    annotations: Labels
    host: bool
    expected: str | None


TABLE = [
    Row("1 nothing asks", [DEFAULT_TAG], {}, {}, {}, False, None),
    Row("1 everywhere", [EVERYWHERE], {}, {}, {}, False, U),
    Row("2", [DEFAULT_TAG], {REV: S}, {}, {}, False, S),
    Row("2 pod asks for another", [DEFAULT_TAG], {REV: S}, {REV: U}, {}, False, S),
    Row("2 inject", [DEFAULT_TAG], {REV: S}, YES, {}, False, S),
    Row("3", [DEFAULT_TAG], {REV: U}, {}, {}, False, U),
    Row("3 pod asks for another", [DEFAULT_TAG], {REV: U}, {REV: S}, {}, False, U),
    Row("4", [DEFAULT_TAG], {LEGACY: "enabled"}, {}, {}, False, U),
    Row("4 the pod's revision is dead", [DEFAULT_TAG], {LEGACY: "enabled"}, {REV: S}, {}, False, U),
    Row("4 no default", [], {LEGACY: "enabled"}, {REV: S}, {}, False, None),
    Row("5", [DEFAULT_TAG], BOTH, {}, {}, False, U),
    Row("5 no default", [], BOTH, {}, {}, False, None),
    Row("6", [DEFAULT_TAG], OFF, {REV: S}, {}, False, None),
    Row("6 inject", [DEFAULT_TAG], {**OFF, REV: S}, YES, {}, False, None),
    Row("7", [DEFAULT_TAG], {}, {REV: S}, {}, False, S),
    Row("8", [DEFAULT_TAG], {}, YES, {}, False, U),
    Row("8 never SDM", [], {}, YES, {}, False, None),
    Row("9", [DEFAULT_TAG], {}, {REV: S, **YES}, {}, False, S),
    Row("10", [DEFAULT_TAG], {REV: D}, {}, {}, False, U),
    Row("11", [DEFAULT_TAG], {REV: "1-12"}, {REV: S}, {}, False, None),
    Row("13", [DEFAULT_TAG], {REV: S}, {INJECT: "false"}, {}, False, None),
    Row("14", [DEFAULT_TAG], {REV: S}, {}, {INJECT: "false"}, False, None),
    Row("15", [DEFAULT_TAG], {REV: S}, {}, {}, True, None),
]


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_the_truth_table(row: Row) -> None:
    """The rows of istio.io's page on injection and of the selectors that both meshes render."""
    shop = namespace("shop", row.around)
    web = workload("web", "shop", row.labels, row.annotations, row.host)
    choice = choose([SDM_INJECTOR, UPSTREAM, *row.tags], shop, web, ISTIODS)

    assert (choice.outcome or (None,))[0] == row.expected
    assert bool(choice.refused_by) == (row.name in ("14", "15"))


def test_row_12_a_webhook_is_called_though_its_istiod_is_gone() -> None:
    shop, web = namespace("shop", {REV: U}), workload("web", "shop", {}, {}, False)

    assert choose([SDM_INJECTOR, UPSTREAM], shop, web, ISTIODS[:1]).outcome == (U, "mesh")


def test_a_deactivated_injector_is_never_called() -> None:
    off = dict.fromkeys(entries(D, default=True), (NEVER, NEVER))
    plain = injector("istio-sidecar-injector", U, ("istiod-1-20", "mesh"), off)
    shop, web = namespace("shop", {LEGACY: "enabled"}), workload("web", "shop", YES, {}, False)
    choice = choose([plain, DEFAULT_TAG], shop, web, ISTIODS)

    assert [it.configuration.name for it in choice.called] == ["istio-revision-tag-default"]


def test_the_last_by_name_wins() -> None:
    of_member = (asks(("maistra.io/member-of", "In", "ossm")), asks((INJECT, "NotIn", "false")))
    ossm = injector("istiod-basic-ossm", "basic", ("istiod-basic", "ossm"), {"": of_member})
    shop = namespace("shop", {REV: S, "maistra.io/member-of": "ossm"})
    choice = choose([ossm, SDM_INJECTOR], shop, workload("web", "shop", {}, {}, False), ISTIODS)

    assert choice.outcome == ("basic", "ossm")
    assert len(choice.called) == 2


KEYS = (REV, INJECT, LEGACY, "app")
VALUES = ("a", "b", "true", "false", "enabled", S, U, D)
some_labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))
expression = st.one_of(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(("Exists", "DoesNotExist"))).map(list),
    st.tuples(
        st.sampled_from(KEYS),
        st.sampled_from(("In", "NotIn")),
        st.lists(st.sampled_from(VALUES), min_size=1, max_size=3),
    ).map(lambda it: [*it[:2], *it[2]]),
)
some_selector = st.builds(
    lambda wanted, asked: {"matchLabels": wanted, **asks(*map(tuple, asked))},
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2),
    st.lists(expression, max_size=3),
)


def as_field(value: object) -> Field:
    return Field(Ref("Test", "made-up"), (), value)


@varied(some_selector, some_labels)
def test_a_selector_matches_as_a_second_implementation_says(
    selector: dict[str, Any], labels: Labels
) -> None:
    assert selects(as_field(selector), as_field(labels)) == by_hand.matches(selector, labels)


@settings(max_examples=300)
@varied(some_selector, some_selector, st.lists(some_labels, max_size=20))
def test_labels_that_two_selectors_match_are_found_where_there_are_some(
    one: dict[str, Any], two: dict[str, Any], tried: list[Labels]
) -> None:
    found = labels_for((as_field(one), as_field(two)), dict.fromkeys(KEYS, True))

    if found is None:
        assert not [it for it in tried if by_hand.matches(one, it) and by_hand.matches(two, it)]
    else:
        assert by_hand.matches(one, found)
        assert by_hand.matches(two, found)


inject_values = st.sampled_from(("true", "false", "yes", "on", "Y", "", "maybe", "True"))
pod_labels = st.builds(
    lambda rev, inject: {**rev, **inject},
    st.dictionaries(st.just(REV), st.sampled_from((S, U, D, "gone"))),
    st.dictionaries(st.just(INJECT), inject_values),
)
around_labels = st.builds(
    lambda rev, legacy: {**rev, **legacy},
    st.dictionaries(st.just(REV), st.sampled_from((S, U, D, "gone"))),
    st.dictionaries(st.just(LEGACY), st.sampled_from(("enabled", "disabled", "odd"))),
)
legacy_everywhere = injector(
    "a-legacy-injector",
    U,
    ("istiod-1-20", "mesh"),
    {"": (asks((LEGACY, "NotIn", "disabled"), (REV, "DoesNotExist")), {})},
)
some_injectors = st.lists(
    st.sampled_from((SDM_INJECTOR, UPSTREAM, DEFAULT_TAG, legacy_everywhere)),
    unique_by=json.dumps,
)


places = st.builds(
    namespace, st.sampled_from(("shop", "kube-system", "kube-node-lease")), around_labels
)
webs = st.builds(
    workload,
    st.just("web"),
    st.just(""),
    pod_labels,
    st.dictionaries(st.just(INJECT), inject_values),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@varied(some_injectors, places, webs, st.sampled_from((8, 9, 11, 12, 20, 26, 27, 30)))
def test_the_whole_decision_is_that_of_a_second_implementation(
    configurations: list[Any], place: Any, web: Any, minor: int
) -> None:
    istiods = [
        istiod("istiod-icp", "sdm-system", S, f"1.{minor}.3"),
        istiod("istiod-1-20", "mesh", U, f"1.{minor}.0"),
    ]
    web["metadata"]["namespace"] = place["metadata"]["name"]
    choice = choose(configurations, place, web, istiods)
    template = web["spec"]["template"]

    assert (choice.outcome or (None,))[0] == by_hand.chosen(
        configurations, {S: minor, U: minor}, place, template
    )
