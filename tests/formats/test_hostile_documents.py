from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

from tests.formats import hostile_documents
from tests.formats.hostile_documents import hostile_documents as every_document

FEW = 40


@pytest.mark.parametrize(
    "made",
    [
        hostile_documents.deep_in_brackets(FEW),
        hostile_documents.deep_in_braces(FEW),
        hostile_documents.deep_by_indentation(FEW),
        hostile_documents.deep_by_dashes(FEW),
        hostile_documents.deep_json_arrays(FEW),
        hostile_documents.deep_json_objects(FEW),
    ],
)
def test_they_are_well_formed_where_they_are_shallow(made: str) -> None:
    value = yaml.safe_load(made)
    assert value["apiVersion"] == "v1"
    assert deepest(value) > FEW


def deepest(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(deepest, inner), default=0)


def test_deep_json_is_too_deep_for_python() -> None:
    with pytest.raises(RecursionError):
        json.loads(hostile_documents.deep_json_arrays())


@pytest.mark.parametrize("name", ["brackets.yaml", "braces.yaml", "dashes.yaml"])
def test_deep_yaml_is_refused_or_kills_the_interpreter(name: str) -> None:
    load = "import sys, yaml; yaml.load(sys.stdin.read(), yaml.CSafeLoader)"
    made = every_document()[name].encode()
    done = subprocess.run(
        [sys.executable, "-c", load], input=made, capture_output=True, check=False
    )
    assert done.returncode != 0


def test_few_levels_of_a_merge_bomb_can_be_loaded() -> None:
    loaded = yaml.safe_load(hostile_documents.merge_bomb(3))
    assert loaded["data"]["a2"] == {"x": 1}


def test_an_alias_bomb_is_large_when_it_is_printed() -> None:
    loaded = yaml.safe_load(hostile_documents.alias_bomb(4))
    assert len(json.dumps(loaded)) > 10**4


def test_a_cycle_holds_itself() -> None:
    loaded = yaml.safe_load(hostile_documents.cycle())
    assert loaded["data"]["b"] is loaded["data"]


def test_a_number_is_too_long_for_python() -> None:
    with pytest.raises(ValueError, match="integer string conversion"):
        json.loads(hostile_documents.long_number())
