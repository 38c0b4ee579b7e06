"""What the API server did not serve the cluster has none of, where a dump tells that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from auditor.kinds import ISTIO_CONTROL_PLANE, SAIL_ISTIO, SERVICE_MESH_CONTROL_PLANE, Kind
from auditor.snapshot import Snapshot
from tests.formats import collectors, must_gather, support_bundle, support_bundle_eras
from tests.formats.cluster_state import ClusterState
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import contents
from tests.sources.dumps import whys

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
Files = dict[str, bytes]
STATE = fixture("sdm-first")
BUNDLES = "cluster-resources/groups-resources-errors.json"


def inspection(state: ClusterState) -> Files:
    return contents(must_gather.inspect(state, state.busy))


def bundle(state: ClusterState) -> Files:
    era = support_bundle_eras.YEAR_2023
    return contents(support_bundle.without_crd_list(state, era=era))


def sonobuoy(state: ClusterState) -> Files:
    return contents(collectors.sonobuoy(state))


def is_unknown(snapshot: Snapshot, kind: Kind) -> bool:
    return bool(whys(snapshot, kind, "anywhere"))


@pytest.mark.parametrize("write", [inspection, bundle, sonobuoy])
def test_there_is_nothing_of_a_kind_that_nobody_serves(
    directory: Read, write: Callable[[ClusterState], Files]
) -> None:
    served = {it.key for it in STATE.resources}
    assert str(SAIL_ISTIO) not in served
    assert str(ISTIO_CONTROL_PLANE) in served
    snapshot = directory(write(STATE))
    assert not is_unknown(snapshot, SAIL_ISTIO)
    assert not is_unknown(snapshot, SERVICE_MESH_CONTROL_PLANE)
    assert is_unknown(snapshot, ISTIO_CONTROL_PLANE) or write is sonobuoy


@pytest.mark.parametrize("end", [0.5, 0.99])
def test_an_answer_that_was_cut_proves_nothing(directory: Read, end: float) -> None:
    files = inspection(STATE)
    [path] = [it for it in files if it.endswith("aggregated-discovery-apis.yaml")]
    cut = files[path][: int(len(files[path]) * end)] + b"\n  a: [b"
    assert is_unknown(directory({**files, path: cut}), SAIL_ISTIO)


def test_an_answer_that_was_not_whole_proves_nothing(directory: Read) -> None:
    files = bundle(STATE)
    top = next(iter(files)).partition("/")[0]
    snapshot = directory({**files, f"{top}/{BUNDLES}": b'["metrics.k8s.io/v1beta1: stale"]'})
    assert is_unknown(snapshot, SAIL_ISTIO)


@pytest.mark.parametrize(
    "said", ["[]", "{}", "null", '{"groups": "odd"}', '[{"name": "shop.io"}]', '[1, {"name": 2}]']
)
def test_what_does_not_name_every_group_proves_nothing(directory: Read, said: str) -> None:
    files = {**sonobuoy(STATE), "servergroups.json": said.encode()}
    assert is_unknown(directory(files), SAIL_ISTIO)


def test_a_group_may_be_served_without_one_of_its_kinds(directory: Read) -> None:
    """As Istio 1.6 has no WasmPlugin, and other kinds of that group."""
    files = inspection(STATE)
    [path] = [it for it in files if it.endswith("aggregated-discovery-apis.yaml")]
    said = files[path].replace(b"resource: istiocontrolplanes", b"resource: others")
    assert said != files[path]
    assert not is_unknown(directory({**files, path: said}), ISTIO_CONTROL_PLANE)
