"""The kinds of change that the history of Istio's CRDs shows seldom or never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.facts.changes import IMPACT_OF, Impact
from auditor.facts.compare import compare
from auditor.facts.compare_fields import differences
from auditor.facts.compare_values import Difference
from auditor.facts.definition import Crd, CrdVersion
from auditor.facts.fields import Field, Value


def value(kind: str = "string", **constraints: Value) -> Field:
    return Field({"type": kind, **constraints})


def record(*names: str, **constraints: Value) -> Field:
    return Field({"type": "object", **constraints}, {name: value() for name in names})


def crd(schema: Field, *versions: str, **facets: bool) -> Crd:
    served = {
        name: CrdVersion(name, served=True, storage=name == versions[0], status=True, schema=schema)
        for name in versions or ("v1",)
    }
    return Crd("things.example.org", "Thing", "Namespaced", facets.get("prunes", True), served)


def spec(of: Field) -> Field:
    return Field({"type": "object"}, {"spec": of})


def found(
    old: Field, new: Field, *, old_prunes: bool = True, new_prunes: bool = True
) -> list[tuple[str, str]]:
    told = list(differences(old, new, old_prunes=old_prunes, new_prunes=new_prunes))
    assert {it.what for it in told} <= IMPACT_OF.keys()
    return [(it.what, it.path) for it in told]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (value("object"), value("string"), "type_changed"),
        (value("boolean"), value("string"), "type_changed"),
        (value("integer"), value("number"), "type_widened"),
        (value("string"), value("int-or-string"), "type_widened"),
        (value("boolean"), value("any"), "type_widened"),
        (value("number"), value("integer"), "type_narrowed"),
        (value("int-or-string"), value("string"), "type_narrowed"),
        (value("any"), value("object"), "type_narrowed"),
        (value(), value(enum=("A",)), "enum_introduced"),
        (value(enum=("A",)), value(), "enum_ended"),
        (value(enum=("A", "B")), value(enum=("A",)), "enum_value_removed"),
        (value(enum=("A",)), value(enum=("A", "B")), "enum_value_added"),
        (value(nullable=True), value(), "nullable_removed"),
        (value(), value(nullable=True), "nullable_added"),
        (value(maxLength=9), value(maxLength=8), "limit_tightened"),
        (value(maxLength=8), value(maxLength=9), "limit_relaxed"),
        (value(minLength=1), value(minLength=2), "limit_tightened"),
        (value(minLength=2), value(minLength=1), "limit_relaxed"),
        (value(), value(maxLength=8), "limit_tightened"),
        (value(minLength=8), value(), "limit_relaxed"),
        (value("number"), value("number", exclusiveMinimum=True), "limit_tightened"),
        (value("number", multipleOf=4), value("number", multipleOf=2), "limit_tightened"),
        (value(), value(format="date-time"), "format_tightened"),
        (value(format="date-time"), value(), "format_changed"),
        (value(), value(format="string"), "format_changed"),
        (value(), value(pattern="ab"), "pattern_added"),
        (value(pattern="ab"), value(pattern="cd"), "pattern_changed"),
        (value(pattern="ab"), value(), "pattern_removed"),
        (value(), value(cel=("ab",)), "cel_added"),
        (value(cel=("ab",)), value(cel=("cd",)), "cel_changed"),
        (value(cel=("ab", "cd")), value(cel=("cd",)), "cel_removed"),
        (value("array"), value("array", list_type="set"), "list_type_tightened"),
        (value("array", list_type="set"), value("array", list_type="map:a"), "list_type_tightened"),
        (value("array", list_type="set"), value("array"), "list_type_relaxed"),
        (value(), value(logic=("ab",)), "logic_changed"),
        (value(logic=("ab",)), value(), "logic_changed"),
        (record("a"), record("a", keep=True), "unknown_fields_kept"),
        (record("a", keep=True), record("a"), "unknown_fields_pruned"),
    ],
)
def test_a_change_of_one_field(old: Field, new: Field, expected: str) -> None:
    assert found(spec(old), spec(new)) == [(expected, "spec")]


@pytest.mark.parametrize(
    ("old", "new", "prunes", "expected"),
    [
        (record("a"), record(), (True, True), "field_removed"),
        (record("a"), record(), (True, False), "field_untyped"),
        (record("a"), record(keep=True), (True, False), "field_untyped"),
        (record(), record("a"), (True, True), "field_added"),
        (record(), record("a"), (False, True), "field_typed"),
        (record(keep=True), record("a", keep=True), (True, True), "field_typed"),
    ],
)
def test_what_becomes_of_a_field_depends_on_pruning(
    old: Field, new: Field, prunes: tuple[bool, bool], expected: str
) -> None:
    told = found(old, new, old_prunes=prunes[0], new_prunes=prunes[1])
    assert (expected, "a") in told


def test_a_map_that_is_closed_loses_its_values() -> None:
    open_map = Field({"type": "object"}, values=value())
    assert found(spec(open_map), spec(record())) == [("map_closed", "spec{}")]
    assert found(spec(record()), spec(open_map)) == [("map_opened", "spec{}")]


def test_a_value_of_another_type_loses_nothing_more() -> None:
    assert found(spec(record("a", "b")), spec(value())) == [("type_changed", "spec")]


def test_fields_that_go_are_counted() -> None:
    [gone] = differences(
        spec(Field({"type": "object"}, {"a": record("b", "c")})),
        spec(record()),
        old_prunes=True,
        new_prunes=True,
    )
    assert gone == Difference("field_removed", "spec.a", 3)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((), ("?a|b",), ["one_of_tightened"]),
        ((), ("a|b",), ["one_of_tightened"]),
        (("?a|b",), ("a|b",), ["one_of_tightened"]),
        (("a|b",), ("?a|b",), ["one_of_relaxed"]),
        (("?a|b",), (), ["one_of_relaxed"]),
        (("?a|b",), ("?a|b|new",), []),
        (("a|b",), ("a|b|new",), ["one_of_relaxed"]),
        ((), ("?a|new",), []),
        ((), ("a|new",), ["one_of_tightened"]),
        (("?a|b|c",), ("?a|b",), ["one_of_relaxed"]),
        (("a|b|c",), ("a|b",), ["one_of_tightened", "one_of_relaxed"]),
    ],
)
def test_fields_that_exclude_each_other(
    old: tuple[str, ...], new: tuple[str, ...], expected: list[str]
) -> None:
    before = record("a", "b", "c", one_of=old)
    after = record("a", "b", "c", "new", one_of=new)
    assert [what for what, _ in found(before, after) if what != "field_added"] == expected


def test_a_version_that_is_listed_but_not_served_cannot_be_read() -> None:
    own = replace(crd(spec(record("a")), "v1", "v1beta1"), read_as="v1beta1")
    unserved = replace(own.versions["v1beta1"], served=False)
    other = replace(own, versions={**own.versions, "v1beta1": unserved})
    told = [(it.what, it.versions, it.impact) for it in compare(own, other)]
    assert told == [
        ("version_unserved", ("v1beta1",), Impact.BREAKING),
        ("read_version_unserved", ("v1beta1",), Impact.BREAKING),
    ]


def test_a_storage_version_that_is_no_longer_listed() -> None:
    own, other = crd(spec(record("a")), "v1", "v2"), crd(spec(record("a")), "v2")
    assert [it.what for it in compare(own, other)] == ["version_unserved", "storage_dropped"]
    other = crd(spec(record("a")), "v2", "v1")
    assert [(it.what, it.old, it.new) for it in compare(own, other)] == [
        ("storage_changed", "v1", "v2")
    ]


def test_scope_and_kind_and_subresource() -> None:
    own = crd(spec(record("a")), "v1")
    bare = {"v1": replace(own.versions["v1"], status=False)}
    other = replace(own, kind="Other", scope="Cluster", versions=bare)
    told = [it.what for it in compare(own, other)]
    assert told == ["scope_changed", "kind_changed", "status_subresource_removed"]
    assert [it.what for it in compare(other, own)][-1] == "status_subresource_added"


def test_pruning_matters_where_something_can_be_dropped() -> None:
    own, other = crd(spec(record("a")), "v1", prunes=False), crd(spec(record("a")), "v1")
    assert [it.what for it in compare(own, other)] == ["pruning_introduced"]
    assert [it.what for it in compare(other, own)] == ["pruning_ended"]
    kept = spec(record("a", keep=True))
    assert list(compare(crd(kept, "v1", prunes=False), crd(kept, "v1"))) == []


def test_versions_that_differ_are_told_apart() -> None:
    own = crd(spec(record("a")), "v1", "v2")
    poorer = replace(own.versions["v2"], schema=spec(record()))
    other = replace(own, versions={**own.versions, "v2": poorer})
    told = [(it.what, it.path, it.versions) for it in compare(own, other)]
    assert told == [("field_removed", "spec.a", ("v2",))]
    other = crd(spec(record()), "v1", "v2")
    told = [(it.what, it.path, it.versions) for it in compare(own, other)]
    assert told == [("field_removed", "spec.a", ("v1", "v2"))]


def test_a_loss_in_the_status_is_a_notice() -> None:
    own = crd(Field({"type": "object"}, {"status": record("a"), "statuses": record("a")}), "v1")
    other = crd(Field({"type": "object"}, {"status": record(), "statuses": record()}), "v1")
    told = {it.path: it.impact for it in compare(own, other)}
    assert told == {"status.a": Impact.NOTICE, "statuses.a": Impact.LOSSY}
