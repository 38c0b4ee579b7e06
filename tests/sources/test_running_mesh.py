"""What a running istiod says of its mesh configuration stands for a ConfigMap that is not there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from auditor.cluster import Built, Cluster
from auditor.kinds import CONFIG_MAP
from auditor.models.mesh_config import MESH_CONFIGS
from auditor.models.meshes import MESHES
from auditor.snapshot import Snapshot
from tests.formats import bug_report
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import contents
from tests.sources.dumps import whys
from tests.sources.every_format import NOW

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = fixture("sdm-first")
PLACE = "istio/mesh/istiod{}-6f77d9c88b-x2x9z/debug/mesh"
MARK = {"bug-report.log": "2026-01-01T00:00:00.000000Z\tinfo\tstarted\n"}
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: istiod-1, namespace: mesh}\n"
HUNTER = "hunter2"


def mesh_of(snapshot: Snapshot) -> dict[str, str]:
    return {
        str(it.ref): str(it.at("data", "mesh").value) for it in snapshot.seen(CONFIG_MAP).so_far
    }


def reported(page: object, revision: str = "") -> dict[str, str | bytes]:
    text = page if isinstance(page, str) else json.dumps(page, indent=2)
    return {**MARK, "cluster/pods": POD, PLACE.format(revision): text}


def test_a_report_without_the_cluster_has_the_configuration_of_its_istiods(directory: Read) -> None:
    snapshot = directory(contents(bug_report.without_cluster_dump(STATE)))
    cluster = Cluster(snapshot, [MESHES, MESH_CONFIGS], Built(NOW))
    configs = [
        config
        for mesh in cluster.model(MESHES).so_far
        for config in cluster.model(MESH_CONFIGS).of_mesh(mesh).so_far
    ]
    written = {
        it["metadata"]["name"]: it["data"]["mesh"]
        for it in STATE.of(STATE.resource("configmaps"))
        if "mesh" in it.get("data", {})
    }
    assert configs
    for config in configs:
        assert config.text.ref.name in written
        assert config.at("trustDomain").value
        assert not config.problem
    assert whys(snapshot, CONFIG_MAP, "istio-system")
    assert sum("stands for ConfigMap" in it.what for it in snapshot.remarks) == len(
        mesh_of(snapshot)
    )


@pytest.mark.parametrize(
    ("revision", "name"),
    [("", "istio"), ("-1-13-9", "istio-1-13-9"), ("-icp-v115x", "istio-icp-v115x")],
)
def test_the_name_goes_with_that_of_the_deployment(
    directory: Read, revision: str, name: str
) -> None:
    snapshot = directory(reported({"trustDomain": "here"}, revision))
    [said] = mesh_of(snapshot)
    assert said == f"ConfigMap mesh/{name}"
    [remark] = [it for it in snapshot.remarks if "stands for" in it.what]
    assert remark.where == f"dump/{PLACE.format(revision)}" or remark.where == PLACE.format(
        revision
    )


@pytest.mark.parametrize("page", ["{}", "[]", "", "404 page not found", '{"trustDomain": '])
def test_a_page_that_says_nothing_stands_for_nothing(directory: Read, page: str) -> None:
    assert mesh_of(directory(reported(page))) == {}


def test_a_key_in_it_is_never_read(directory: Read) -> None:
    key = f"-----BEGIN PRIVATE KEY-----\n{HUNTER}\n-----END PRIVATE KEY-----\n"
    page = f'{{"trustDomain": "here", "note": "{key}"}}'
    snapshot = directory(reported(page.replace("\n", "\\n")))
    assert HUNTER not in repr(snapshot)


def test_a_config_map_that_was_collected_counts_and_not_its_stand_in(directory: Read) -> None:
    own = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "istio", "namespace": "mesh"},
            "data": {"mesh": "trustDomain: there"},
        }
    )
    snapshot = directory(
        {**reported({"trustDomain": "here"}), "a/own.json": own, "z/own.json": own}
    )
    assert mesh_of(snapshot) == {"ConfigMap mesh/istio": "trustDomain: there"}
    assert not any("differs" in it.what for it in snapshot.remarks)
