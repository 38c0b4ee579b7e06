"""Of a Helm release are kept names, marks and what configures a mesh, and never a secret."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from auditor.keeps import projected
from auditor.kinds import CONFIG_MAP, SECRET, Kind
from auditor.models.releases import releases_among
from auditor.objects import Obj
from auditor.seen import Unseen
from auditor.sources.helm.coverage import released
from auditor.withheld import Withheld
from tests.formats import helm
from tests.formats.sample import sample

HUNTER = "hunter2"
KEY = f"-----BEGIN PRIVATE KEY-----\n{HUNTER}\n-----END PRIVATE KEY-----\n"
STATE = sample()
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
        "name": "gateways.networking.istio.io",
        "labels": {"app": "istio-pilot", "number": 1},
        "annotations": {"helm.sh/resource-policy": "keep", "note": HUNTER},
    },
    "spec": {"group": "networking.istio.io"},
}
MESH = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "istio", "namespace": "mesh"},
    "data": {"mesh": f"trustDomain: here\nkey: |\n  {KEY}", "password": HUNTER},
}
PASSWORD = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "istio-login"},
    "data": {"password": HUNTER, "root-cert.pem": HUNTER},
    "stringData": {"password": HUNTER},
}
SHOP = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}}


def manifest(*things: object) -> str:
    parts = (f"# Source: shop/templates/it.yaml\n{yaml.safe_dump(it)}" for it in things)
    return "---\n" + "---\n".join(parts)


def read(release: helm.Release, kind: Kind = SECRET) -> Obj:
    write = helm.release_secret if kind == SECRET else helm.release_config_map
    return Obj(kind, projected(write(release), kind.projection))


def declared(text: str, chart: str = "istiod", kind: Kind = SECRET) -> list[Mapping[str, Any]]:
    thing = read(helm.Release(chart=chart, manifest=text), kind)
    found: list[Mapping[str, Any]] = thing.at("data", "release", "manifest").held
    return found


@pytest.mark.parametrize("kind", [SECRET, CONFIG_MAP], ids=str)
def test_the_objects_of_a_manifest_are_kept_by_their_names(kind: Kind) -> None:
    written = helm.manifest(STATE, crds=True)
    names = [(it["kind"], it["metadata"]["name"]) for it in declared(written, kind=kind)]
    there = [it for it in yaml.load_all(written, yaml.CBaseLoader) if it]
    assert names == [(it["kind"], it["metadata"]["name"]) for it in there]


def test_of_an_object_are_kept_its_labels_and_whether_helm_leaves_it() -> None:
    [found] = declared(manifest(CRD))
    assert found == {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": "gateways.networking.istio.io",
            "labels": {"app": "istio-pilot"},
            "annotations": {"helm.sh/resource-policy": "keep"},
        },
    }


def test_nothing_secret_of_a_manifest_is_kept() -> None:
    thing = read(helm.Release(manifest=manifest(CRD, MESH, PASSWORD)))
    assert HUNTER not in repr(thing) + json.dumps(thing.raw, default=repr)
    mesh = thing.at("data", "release", "manifest", 1, "data", "mesh").value
    assert str(mesh).startswith("trustDomain: here")


def test_nothing_secret_of_the_values_is_kept() -> None:
    thing = read(helm.Release(values={"meshConfig": {"ca": KEY}, "password": HUNTER}))
    assert HUNTER not in repr(thing) + json.dumps(thing.raw, default=repr)


def test_of_the_chart_of_another_is_kept_what_has_to_do_with_istio() -> None:
    """As an umbrella chart with Istio's charts below it has it."""
    [found] = declared(manifest(SHOP, CRD), chart="shop")
    assert found["kind"] == "CustomResourceDefinition"


def test_the_items_of_a_list_are_objects_too() -> None:
    listed = {"apiVersion": "v1", "kind": "List", "items": [CRD, MESH, "odd"]}
    assert [it["kind"] for it in declared(manifest(listed))] == [CRD["kind"], MESH["kind"]]


@pytest.mark.parametrize("odd", ["text", ["a"], {"kind": "Pod"}, {**CRD, "metadata": "odd"}])
def test_what_is_no_object_is_left_out(odd: object) -> None:
    assert declared(manifest(odd, CRD)) == declared(manifest(CRD))


def test_a_manifest_that_is_broken_is_withheld() -> None:
    thing = read(helm.Release(manifest=f"a: [{HUNTER}"))
    field = thing.at("data", "release", "manifest")
    with pytest.raises(Unseen) as unseen:
        assert field.value
    assert HUNTER not in str(unseen.value)
    assert isinstance(field.held, Withheld)


@pytest.mark.parametrize("status", ["superseded", "failed", "uninstalled", "pending-upgrade"])
def test_what_is_not_deployed_declares_nothing(status: str) -> None:
    thing = read(helm.Release(status=status, manifest=manifest(CRD)))
    assert not thing.at("data", "release", "manifest")


def test_a_manifest_that_is_blank_was_not_recorded() -> None:
    assert not read(helm.Release(manifest="\n")).at("data", "release", "manifest")


DEEP = (
    '{"chart": {"metadata": {"name": "base"}}, "config": {"global": ' + "[" * 900 + "]" * 900 + "}}"
)


@pytest.mark.parametrize(
    "text",
    [
        DEEP,
        '{"chart": {"metadata": {"name": [], "version": {}}}, "name": {}, "namespace": []}',
        '{"chart": [], "info": [], "config": [], "manifest": {}}',
        '{"info": {"status": "deployed"}, "manifest": "' + "[" * 2000 + '"}',
        "[]",
        "{} {}",
        '{"name": "cut',
    ],
    ids=range(7),
)
def test_what_is_no_release_of_helm_s_breaks_nothing(text: str) -> None:
    stored = base64.b64encode(base64.b64encode(gzip.compress(text.encode()))).decode()
    raw = {"metadata": {"name": "it"}, "data": {"release": stored}}
    thing = Obj(SECRET, projected(raw, SECRET.projection))
    try:
        assert not [it for it in releases_among((thing,)) if it.istio_crds or it.revisions]
    except Unseen as unseen:
        assert unseen.gaps
    assert list(released((thing,))) == []
