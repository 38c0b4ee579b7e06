"""Single ConfigMaps and Secrets that a support bundle's spec asked for show what they hold."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping

import pytest

from auditor.kinds import CONFIG_MAP, SECRET
from auditor.snapshot import Snapshot
from tests.formats import support_bundle, support_bundle_eras
from tests.formats.fixture_clusters import fixture
from tests.formats.trees import contents
from tests.sources.dumps import whys

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = fixture("sdm-first")
HUNTER = "hunter2"
PEM = "-----BEGIN CERTIFICATE-----\ncm9vdA==\n-----END CERTIFICATE-----\n"


def bundle(**files: object) -> dict[str, str | bytes]:
    written = contents(support_bundle.support_bundle(STATE, support_bundle_eras.ERAS[0]))
    top = next(iter(written)).partition("/")[0]
    return {**written, **{f"{top}/{path}": json.dumps(it) for path, it in files.items()}}


def said(kind: str, name: str, **more: object) -> dict[str, object]:
    return {"namespace": "mesh", "name": name, f"{kind}Exists": True, **more}


def test_a_config_map_with_all_its_data(directory: Read) -> None:
    mesh = said("configMap", "istio", data={"mesh": "trustDomain: here", "other": HUNTER})
    snapshot = directory(bundle(**{"configmaps/mesh/istio.json": mesh}))
    [found] = snapshot.seen(CONFIG_MAP).so_far
    assert str(found.ref) == "ConfigMap mesh/istio"
    assert found.at("data", "mesh").value == "trustDomain: here"
    assert HUNTER not in repr(snapshot)
    assert whys(snapshot, CONFIG_MAP, "mesh")


def test_a_secret_by_its_keys(directory: Read) -> None:
    one = said("secret", "cacerts", key="root-cert.pem", keyExists=True, value=PEM)
    two = said("secret", "cacerts", key="ca-key.pem", keyExists=True, value=HUNTER)
    files = {"secrets/mesh/cacerts/root-cert.pem.json": one, "secrets/mesh/cacerts/k.json": two}
    snapshot = directory(bundle(**files))
    [found] = snapshot.seen(SECRET).so_far
    assert base64.b64decode(str(found.at("data", "root-cert.pem").value)).decode() == PEM
    assert HUNTER not in repr(snapshot)
    assert base64.b64encode(HUNTER.encode()).decode() not in repr(snapshot)


def test_a_mark_over_a_value_is_no_value(directory: Read) -> None:
    mesh = said("configMap", "istio", data={"mesh": "***HIDDEN***"})
    [found] = directory(bundle(**{"configmaps/mesh/istio.json": mesh})).seen(CONFIG_MAP).so_far
    assert found.at("data", "mesh").gap


@pytest.mark.parametrize(
    "file",
    [
        {"namespace": "mesh", "name": "istio", "configMapExists": False},
        {"namespace": "mesh", "name": "istio", "configMapExists": True},
        {"name": "istio", "configMapExists": True, "data": {"mesh": "a: b"}},
        {"namespace": "mesh", "name": 1, "configMapExists": True, "data": {"mesh": "a: b"}},
        {"namespace": "mesh", "name": "istio", "configMapExists": True, "data": "odd"},
        ["odd"],
    ],
    ids=str,
)
def test_what_shows_nothing_is_nothing(directory: Read, file: object) -> None:
    assert not directory(bundle(**{"configmaps/mesh/istio.json": file})).seen(CONFIG_MAP).so_far


def test_the_object_itself_counts_where_it_was_collected(directory: Read) -> None:
    own = {"metadata": {"name": "istio", "namespace": "mesh"}, "data": {"mesh": "trustDomain: own"}}
    whole = {"apiVersion": "v1", "kind": "ConfigMapList", "items": [own]}
    mesh = said("configMap", "istio", data={"mesh": "trustDomain: here"})
    files = {"configmaps/mesh/istio.json": mesh, "cluster-resources/configmaps/mesh.json": whole}
    [found] = directory(bundle(**files)).seen(CONFIG_MAP).so_far
    assert found.at("data", "mesh").value == "trustDomain: own"
