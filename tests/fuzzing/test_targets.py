from __future__ import annotations

import pytest

from tests.fuzzing.targets import TARGETS, damaged


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_seeds_and_damaged_ones(name: str) -> None:
    target = TARGETS[name]
    taken = 0
    for seed in target.seeds:
        for data in (seed, *damaged(seed)):
            target.read(data)
            taken += 1
    assert taken > 10
