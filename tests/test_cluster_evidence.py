"""Whatever a dump of a fixture cluster lacks, no verdict of any rule turns into another.

A verdict stays or becomes unknown, and a subject goes only where an unknown about the whole says
that there may be more. Each cluster is tried with what its name chooses; `--thorough` tries far
more, which takes hours.
"""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from auditor import sources
from auditor.testing import Loss, losses
from tests.cluster_losses import WAYS
from tests.whole_clusters import KINDS, amiss, every_cluster, read, whole

DUMPS, THOROUGH_DUMPS = 1, 60
"""So many dumps are tried of each way to lack something."""
PLACES, VALUES = 2, 3
"""So many kinds, or namespaces of one, and so many values are taken from what was read."""
SETS, THOROUGH_SETS = 1, 300
"""So many times are several of these taken."""


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--thorough"))


@every_cluster
def test_a_kind_a_namespace_or_a_value(cluster: str, thorough: bool) -> None:
    chance, taken = Random(cluster), list(losses(whole(cluster), KINDS))
    values = [loss for loss in taken if loss.is_value]
    places = [loss for loss in taken if not loss.is_value]
    if not thorough:
        taken = chance.sample(places, PLACES) + chance.sample(values, VALUES)
    found = [f"{loss}: {said}" for loss in taken for said in amiss(cluster, loss.less())]

    assert not found, "\n".join(found)


@every_cluster
def test_several_of_them(cluster: str, thorough: bool) -> None:
    chance, found = Random(cluster), []
    for _ in range(THOROUGH_SETS if thorough else SETS):
        snapshot, taken = whole(cluster), []
        for _ in range(chance.choice((2, 2, 3, 4, 6))):
            loss = _any(list(losses(snapshot, KINDS)), chance)
            snapshot = loss.less()
            taken.append(str(loss))
        found += [f"{'; '.join(taken)}: {said}" for said in amiss(cluster, snapshot)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("way", WAYS)
@every_cluster
def test_of_the_files(cluster: str, way: str, thorough: bool) -> None:
    found = []
    lacking = WAYS[way](cluster, Random(f"{cluster} {way}"))
    for said, dump in islice(lacking, THOROUGH_DUMPS if thorough else DUMPS):
        try:
            snapshot = read(dump)
        except sources.Unusable:
            continue  # nothing at all is concluded from it
        found += [f"{said}: {it}" for it in amiss(cluster, snapshot)]

    assert not found, "\n".join(found)


def _any(taken: list[Loss], chance: Random) -> Loss:
    """A value or a place, one as often as the other: there are many more values."""
    is_value = chance.random() < 0.5
    return chance.choice([loss for loss in taken if loss.is_value == is_value] or taken)
