"""What is equal although two hands write it otherwise, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.models.written_values import alike, as_variable, leaves
from auditor.objects import Field, Ref


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1m30s", "90s"),
        ("100ms", "0.1s"),
        (2, "2"),
        (2.0, 2),
        (True, "true"),
        (False, None),
        ({"a": {"b": ""}}, None),
        ({"access_log_file": "x"}, {"accessLogFile": "x"}),
        ("one\r\ntwo\n", "one\ntwo"),
        (["a", 1], ["a", "1"]),
    ],
)
def test_these_come_to_the_same(one: Any, other: Any) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("90s", "9s"),
        ("false", None),
        ("0", None),
        (True, "True"),
        (["a", "b"], ["b", "a"]),
        (["a"], []),
        ({"a": "x"}, {"a": "x", "b": "y"}),
        (1, 1.5),
    ],
)
def test_these_do_not(one: Any, other: Any) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (50, "50"), (0, "0"), (1.5, "1.5"), ("x", "x"), (None, "")],
)
def test_a_variable_is_a_text(value: Any, text: str) -> None:
    assert as_variable(value) == text


def test_names_of_texts_stay_as_they_are() -> None:
    held = {"default_config": {"proxyMetadata": {"my_key": "a"}, "drain_duration": "5s"}, "x": []}
    place = Field(Ref("IstioOperator", "mesh"), ("spec", "meshConfig"), held)

    assert {path: field.value for path, field in leaves(place)} == {
        ("defaultConfig", "proxyMetadata", "my_key"): "a",
        ("defaultConfig", "drainDuration"): "5s",
        ("x",): [],
    }
