"""Whatever was not collected, the meshes that were seen are listed."""

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.cluster import Cluster, kinds_of
from auditor.kinds import DEPLOYMENT, POD, Kind
from auditor.models.inventory import INVENTORY
from auditor.snapshot import Snapshot
from auditor.sources import read

CLUSTERS = Path(__file__).parents[2] / "fixtures" / "clusters"
WHOLE = read([str(CLUSTERS / "sdm-first")])
MESHES = ["istio.istio-system", "sdm.sdm-istio-system"]


def ids(snapshot: Snapshot) -> list[str]:
    return [mesh.id for mesh in Cluster(snapshot, [INVENTORY]).model(INVENTORY).meshes]


def without(*kinds: Kind) -> Snapshot:
    return replace(WHOLE, kinds={k: v for k, v in WHOLE.kinds.items() if k not in kinds})


@pytest.mark.parametrize("kind", kinds_of([INVENTORY]), ids=str)
def test_a_kind_that_was_not_collected_hides_no_mesh(kind: Kind) -> None:
    assert ids(without(kind)) == MESHES


def test_with_next_to_nothing_what_runs_is_still_there() -> None:
    left = (DEPLOYMENT,)

    assert ids(without(*(kind for kind in WHOLE.kinds if kind not in left))) == MESHES


def test_pods_alone_show_the_meshes_too() -> None:
    assert ids(without(*(kind for kind in WHOLE.kinds if kind is not POD))) == MESHES
