"""Selectors read once say what selectors asked step by step say, also of what is withheld."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as varied
from hypothesis import settings
from hypothesis import strategies as st

from auditor.models.known_selectors import Selector
from auditor.models.selectors import labels_for, selects
from auditor.objects import Field, Ref
from auditor.seen import Unseen
from auditor.withheld import Withheld

KEYS = ("istio.io/rev", "istio-injection", "app")
SAID = ("a", "b", "true")
hidden = Withheld("it was redacted")

known_value = st.sampled_from(SAID)
any_value = st.one_of(known_value, st.just(hidden), st.sampled_from((1, True, None)))


def selectors(value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    key = st.sampled_from(KEYS)
    bare = st.fixed_dictionaries(
        {"key": key, "operator": st.sampled_from(("Exists", "DoesNotExist"))}
    )
    listed = st.fixed_dictionaries(
        {
            "key": key,
            "operator": st.sampled_from(("In", "NotIn")),
            "values": st.lists(value, min_size=1, max_size=3),
        }
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "matchLabels": st.dictionaries(key, value, max_size=2),
            "matchExpressions": st.lists(st.one_of(bare, listed), max_size=3),
        },
    )


def as_field(value: object) -> Field:
    return Field(Ref("Test", "made-up"), (), value)


def told(answer: Callable[[], bool]) -> object:
    """An answer, or what it lacks."""
    try:
        return answer()
    except Unseen as unseen:
        return unseen.gaps


known = selectors(known_value)
odd = st.one_of(
    selectors(any_value),
    st.just(None),
    st.just(hidden),
    st.just({"matchExpressions": [{"key": "app", "operator": "Unheard", "values": ["a"]}]}),
    st.just({"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["a"]}]}),
    st.just({"matchLabels": hidden, "matchExpressions": [{"key": "app", "operator": "Exists"}]}),
)
labels = st.one_of(
    st.just(None), st.just(hidden), st.dictionaries(st.sampled_from(KEYS), any_value, max_size=3)
)


@settings(max_examples=300)
@varied(st.one_of(known, odd), labels)
def test_it_matches_as_when_it_is_asked_step_by_step(selector: object, carried: object) -> None:
    field, carries = as_field(selector), as_field(carried)

    assert told(lambda: Selector(field).matches(carries)) == told(lambda: selects(field, carries))


@settings(max_examples=300)
@varied(known, known)
def test_two_that_exclude_each_other_find_no_labels(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    first, second = Selector(as_field(one)), Selector(as_field(two))
    found = labels_for((first.field, second.field), dict.fromkeys(KEYS, True))
    alone = [labels_for((it.field,), dict.fromkeys(KEYS, True)) for it in (first, second)]

    if first.excludes(second):
        assert found is None
    elif None not in alone and all(len(it) <= 1 for it in (*_asked(first), *_asked(second))):
        assert found is not None, "where each asks once of a label, nothing else parts them"


def _asked(selector: Selector) -> list[tuple[object, ...]]:
    assert selector.known is not None
    return list(selector.known.values())


@pytest.mark.parametrize(
    "unclear", [hidden, {"matchLabels": {"app": hidden}}, {"matchExpressions": [{"key": "app"}]}]
)
def test_what_is_not_wholly_known_excludes_nothing(unclear: object) -> None:
    none = Selector(as_field({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}))
    some = Selector(as_field({"matchLabels": {"app": "a"}}))

    assert some.excludes(none)
    assert not Selector(as_field(unclear)).excludes(none)
    assert not none.excludes(Selector(as_field(unclear)))
    assert Selector(as_field(unclear)).content is None


def test_those_that_ask_for_the_same_have_one_content() -> None:
    one = {"matchLabels": {"app": "a"}, "matchExpressions": []}
    two = {"matchExpressions": [], "matchLabels": {"app": "a"}}

    assert Selector(as_field(one)).content == Selector(as_field(two)).content is not None
    assert Selector(as_field(one)).content != Selector(as_field({})).content
