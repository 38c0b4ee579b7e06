"""Whether an object fits a schema, told place by place."""

from typing import Any

import pytest

from auditor.facts.crds import shipped_by
from auditor.facts.fields import Field
from auditor.facts.objects import misfits
from auditor.facts.releases import release_of

NUMBER = Field({"type": "integer", "minimum": 1, "maximum": 9})
NAME = Field({"type": "string", "minLength": 1})


def an_object(**fields: Field) -> Field:
    return Field({"type": "object"}, fields)


def found(value: Any, field: Field) -> list[tuple[str, str]]:
    return [(".".join(map(str, it.path)), it.what) for it in misfits(value, field)]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({}, Field({"type": "object"})),
        ([], Field({"type": "array"})),
        ("", Field({"type": "string"})),
        (True, Field({"type": "boolean"})),
        (3.0, NUMBER),
        (0.5, Field({"type": "number"})),
        ("80%", Field({"type": "int-or-string"})),
        (80, Field({"type": "int-or-string"})),
        (None, Field({"type": "any"})),
        (None, Field({"type": "integer", "nullable": True})),
        ({"what": "ever"}, Field({"type": "object", "keep": True})),
        ({"what": "ever"}, Field({"type": "object"}, values=NAME)),
        ("STRICT", Field({"type": "string", "enum": ("DISABLE", "STRICT")})),
        ({"a": 1}, Field({"type": "object", "one_of": ("a|b",), "keep": True})),
        ({}, Field({"type": "object", "one_of": ("?a|b",), "keep": True})),
    ],
)
def test_what_fits(value: Any, field: Field) -> None:
    assert not found(value, field)


@pytest.mark.parametrize(
    ("value", "field", "what"),
    [
        ([], Field({"type": "object"}), "type"),
        (True, NUMBER, "type"),
        (1.5, NUMBER, "type"),
        (float("inf"), NUMBER, "type"),
        (None, Field({"type": "string"}), "type"),
        (1.5, Field({"type": "int-or-string"}), "type"),
        (0, NUMBER, "limit"),
        (10, NUMBER, "limit"),
        ("", NAME, "limit"),
        ([1, 2], Field({"type": "array", "maxItems": 1}), "limit"),
        ({}, Field({"type": "object", "minProperties": 1}), "limit"),
        ("…", Field({"type": "string", "enum": ("DISABLE", "STRICT")}), "enum"),
        ({"a": 1, "b": 2}, Field({"type": "object", "one_of": ("?a|b",), "keep": True}), "one_of"),
        ({}, Field({"type": "object", "one_of": ("a|b",), "keep": True}), "one_of"),
    ],
)
def test_what_does_not(value: Any, field: Field, what: str) -> None:
    assert found(value, field) == [("", what)]


def test_the_place_is_told() -> None:
    match = an_object(port=NUMBER)
    route = an_object(match=Field({"type": "array"}, items=match), name=NAME)
    field = Field({"type": "object", "required": ("hosts",)}, {"http": route})

    assert found({"http": {"match": [{"port": 1}, {"port": 0}], "more": 1}}, field) == [
        ("hosts", "required"),
        ("http.match.1.port", "limit"),
        ("http.more", "unknown"),
    ]


def test_a_virtual_service_of_another_product_does_not_fit() -> None:
    release = release_of("1.7.1")
    assert release
    crd = shipped_by(release)["virtualservices.networking.istio.io"]
    route = {"appendHeaders": {"K-Original-Host": "…"}, "route": [{"destination": {"host": "…"}}]}

    assert found({"spec": {"hosts": ["…"], "http": [route]}}, crd.versions["v1beta1"].schema) == [
        ("spec.http.0.appendHeaders", "unknown")
    ]
