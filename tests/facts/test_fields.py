"""Trees of fields, and the ranges in which the facts file writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.fields import HASHED, Field
from auditor.facts.ranges import holds, range_of, snapshots_in, value_at

TEXT = Field({"type": "string"})
TREE = Field(
    {"type": "object", "required": ("hosts",), "cel": ("0123456789",)},
    fields={
        "hosts": Field({"type": "array"}, items=TEXT),
        "labels": Field({"type": "object"}, values=Field({"type": "string", "pattern": "ab"})),
    },
)


def test_a_tree_is_walked_with_its_paths() -> None:
    assert [path for path, _ in TREE.walk()] == ["", "hosts", "hosts[]", "labels", "labels{}"]
    assert TREE.size == 5


def test_a_fingerprint_depends_on_every_demand_at_its_place() -> None:
    others = [
        Field({"type": "object", "required": ("hosts",), "cel": ("0123456789",)}),
        Field({**TREE.constraints, "cel": ("9876543210",)}, TREE.fields),
        Field(TREE.constraints, {"hosts": TREE.fields["hosts"]}),
        Field(TREE.constraints, {**TREE.fields, "labels": TEXT}),
    ]
    assert len({TREE.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_without_hashes_two_schemas_that_differ_in_rules_are_the_same() -> None:
    other = Field({**TREE.constraints, "cel": ("9876543210",)}, TREE.fields)
    assert other.fingerprint != TREE.fingerprint
    assert other.without(HASHED).fingerprint == TREE.without(HASHED).fingerprint
    left = {key for _, field in TREE.without(HASHED).walk() for key in field.constraints}
    assert left == {"type", "required"}


@given(st.sets(st.integers(0, 60)))
def test_a_range_names_just_its_snapshots(snapshots: set[int]) -> None:
    assert snapshots_in(range_of(snapshots)) == snapshots


@pytest.mark.parametrize(
    ("text", "snapshot", "version", "expected"),
    [
        ("3-10,12", 10, "v1", True),
        ("3-10,12", 11, "v1", False),
        ("", 0, "v1", False),
        ("v1@20-22;v1beta1@3-22", 5, "v1beta1", True),
        ("v1@20-22;v1beta1@3-22", 5, "v1", False),
        ("v1@20-22;v1beta1@3-22", 5, "v1alpha3", False),
    ],
)
def test_a_range_holds_for_snapshots_and_versions(
    text: str, snapshot: int, version: str, expected: bool
) -> None:
    assert holds(text, snapshot, version) is expected


def test_a_value_holds_everywhere_or_by_range() -> None:
    assert value_at(False, 7) is False
    assert value_at({"0-3": "old", "5-9": "new"}, 7) == "new"
    assert value_at({"0-3": "old", "5-9": "new"}, 4) is None
