"""Of Secrets only a few are read, by name, and never a key of them is kept."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from auditor.kinds import DEPLOYMENT, HELM_RELEASES, POD, SECRET
from auditor.seen import LookedFor, Unseen
from auditor.snapshot import Snapshot
from auditor.sources.live.rights import TRUST
from tests.live.faults import refuses
from tests.live.house import Bench, istiod, thing

PRIVATE = base64.b64encode(b"-----BEGIN PRIVATE KEY-----").decode()
PUBLIC = base64.b64encode(b"-----BEGIN CERTIFICATE-----").decode()
KINDS = (DEPLOYMENT, POD, SECRET)


def secret(name: str, namespace: str, **fields: Any) -> dict[str, Any]:
    data = {"ca-cert.pem": PUBLIC, "ca-key.pem": PRIVATE, "tls.key": PRIVATE, "password": PRIVATE}
    return thing(name, namespace, data=data, **fields)


def release(name: str, namespace: str) -> dict[str, Any]:
    told = {"name": name, "namespace": namespace, "config": {"password": PRIVATE}}
    packed = base64.b64encode(gzip.compress(json.dumps(told).encode()))
    data = {"release": base64.b64encode(packed).decode()}
    return thing(f"sh.helm.release.v1.{name}.v1", namespace, metadata=HELM, data=data)


HELM = {"labels": {"owner": "helm"}}


@pytest.fixture
def meshes(bench: Bench) -> Bench:
    """Two control planes, one of which only a Pod shows, and Secrets of every sort."""
    bench.api.objects[DEPLOYMENT] = [istiod("istio-system"), thing("web", "shop")]
    bench.api.objects[POD] = [istiod("sdm-istio-system")]
    bench.api.objects[SECRET] = [
        secret("cacerts", "istio-system"),
        secret("database", "istio-system"),
        secret("istio-ca-secret", "sdm-istio-system"),
        secret("cacerts", "shop"),
        release("istiod", "istio-system"),
        release("shop", "shop"),
    ]
    return bench


def names(snapshot: Snapshot) -> list[str]:
    return [f"{it.namespace}/{it.name}" for it in snapshot.seen(SECRET).so_far]


def asked(bench: Bench) -> list[str]:
    return sorted(path for path in bench.api.paths if "secrets" in path)


def test_only_named_secrets_of_control_planes_are_asked_for(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS)

    assert names(snapshot) == ["istio-system/cacerts", "sdm-istio-system/istio-ca-secret"]
    assert asked(meshes) == sorted(
        f"/api/v1/namespaces/{namespace}/secrets/{name}"
        for namespace in ("istio-system", "sdm-istio-system")
        for name in TRUST
    )


def test_no_key_of_a_secret_is_kept(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS, helm_releases=True)

    assert PRIVATE not in repr(snapshot)
    assert "BEGIN PRIVATE KEY" not in repr(snapshot)
    cacerts = snapshot.find(SECRET, "cacerts", "istio-system").first()
    assert cacerts is not None
    assert cacerts.at("data", "ca-cert.pem").value == PUBLIC
    assert cacerts.at("data", "ca-key.pem")  # that it is there is no secret


def test_what_was_looked_for_is_told_and_what_was_not_is_unseen(meshes: Bench) -> None:
    """Nothing that was asked for is missing; who asks for another Secret is told nothing."""
    snapshot = meshes.read(KINDS)

    assert snapshot.unanswered(SECRET) == ()
    assert snapshot.looked_for(SECRET) == (LookedFor(TRUST, ("istio-system", "sdm-istio-system")),)
    assert snapshot.find(SECRET, "istiod-tls", "istio-system").first() is None
    for name, namespace in (("cacerts", "shop"), ("database", "istio-system")):
        with pytest.raises(Unseen, match="Secrets are only read by name"):
            snapshot.find(SECRET, name, namespace).first()
    with pytest.raises(Unseen):
        list(snapshot.seen(SECRET))
    with pytest.raises(Unseen):
        list(snapshot.within(SECRET, "istio-system"))


def test_a_release_that_nobody_looked_for_is_unseen(meshes: Bench) -> None:
    releases = meshes.read(KINDS).within(SECRET, "istio-system", HELM_RELEASES)

    with pytest.raises(Unseen):
        releases.first()
    assert "--helm-releases" in [gap.get for gap in releases.gaps]


def test_where_control_planes_are_not_known_the_reason_is_told(meshes: Bench) -> None:
    meshes.api.refused = lambda verb, kind, namespace, name: kind == DEPLOYMENT

    snapshot = meshes.read(KINDS)

    [gap] = snapshot.unanswered(SECRET)
    assert gap.what == "secrets outside sdm-istio-system"
    assert gap.why.startswith(
        "where all control planes run could not be told (deployments.apps: 403 Forbidden: "
    )
    assert gap.get.startswith('a ClusterRole with the rule {apiGroups: ["apps"], ')
    assert snapshot.find(SECRET, "cacerts", "sdm-istio-system").first() is None
    with pytest.raises(Unseen):
        snapshot.find(SECRET, "cacerts", "istio-system").first()


def test_without_a_control_plane_no_secret_is_asked_for(bench: Bench) -> None:
    snapshot = bench.read(KINDS)

    assert asked(bench) == []
    assert snapshot.unanswered(SECRET) == ()
    assert snapshot.looked_for(SECRET) == (LookedFor(TRUST, ()),)
    with pytest.raises(Unseen):
        snapshot.find(SECRET, "cacerts", "istio-system").first()


def test_secrets_that_may_not_be_read_are_a_gap_in_their_namespace(meshes: Bench) -> None:
    meshes.api.refused = lambda verb, kind, namespace, name: (
        kind == SECRET and namespace == "istio-system" and name != "istiod-tls"
    )

    snapshot = meshes.read(KINDS)

    [gap] = snapshot.unanswered(SECRET)
    assert gap.namespace == "istio-system"
    assert gap.what == "cacerts external-ca-cert istio-ca-secret of secrets in istio-system"
    assert gap.why.startswith('403 Forbidden: secrets "cacerts" is forbidden: User "auditor" ')
    assert gap.get == (
        'a Role in istio-system with the rule {apiGroups: [""], resources: ["secrets"], '
        'resourceNames: ["cacerts", "external-ca-cert", "istio-ca-secret", "istiod-tls"], '
        'verbs: ["get"]}'
    )
    assert snapshot.find(SECRET, "istiod-tls", "istio-system").first() is None
    with pytest.raises(Unseen):
        snapshot.find(SECRET, "istio-ca-secret", "istio-system").first()


def test_only_the_namespaces_that_were_named_are_looked_into(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS, namespaces=("istio-system", "shop"))

    assert names(snapshot) == ["istio-system/cacerts"]
    [gap] = snapshot.unanswered(SECRET)
    assert gap.what == "secrets outside istio-system, shop"
    assert gap.why == "not asked for: only --namespace istio-system, shop"


def test_in_them_as_well_it_may_be_unknown_where_control_planes_run(meshes: Bench) -> None:
    meshes.api.refused = lambda verb, kind, namespace, name: (kind, namespace) == (POD, "shop")

    snapshot = meshes.read(KINDS, namespaces=("istio-system", "shop"))

    _, gap = snapshot.unanswered(SECRET)
    assert gap.why.startswith("where all control planes run could not be told (pods in shop: 403 ")
    assert snapshot.find(SECRET, "istiod-tls", "istio-system").first() is None
    with pytest.raises(Unseen):
        snapshot.find(SECRET, "cacerts", "shop").first()


def test_no_secret_is_read_where_none_shall_be(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS, secrets=False, helm_releases=True)

    assert asked(meshes) == []
    assert [gap.why for gap in snapshot.seen(SECRET).gaps] == ["not read, as --no-secrets asks for"]


def test_helm_releases_are_listed_by_their_label_when_asked_for(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS, helm_releases=True)

    assert [it for it in names(snapshot) if "helm" in it] == [
        "istio-system/sh.helm.release.v1.istiod.v1",
        "shop/sh.helm.release.v1.shop.v1",
    ]
    lists = [it for it in meshes.api.requests if it.path == "/api/v1/secrets"]
    assert [it.query for it in lists] == [{"limit": "50", "labelSelector": "owner=helm"}]
    assert "istio-system/database" not in names(snapshot)


def test_releases_that_were_listed_are_known_and_no_other_secret_is(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS, helm_releases=True)

    [release] = snapshot.within(SECRET, "shop", HELM_RELEASES)
    assert release.name == "sh.helm.release.v1.shop.v1"
    assert list(snapshot.within(SECRET, "sdm-istio-system", HELM_RELEASES)) == []
    assert snapshot.unanswered(SECRET) == ()
    with pytest.raises(Unseen):
        snapshot.find(SECRET, "database", "istio-system").first()


def test_releases_are_known_in_the_namespaces_that_were_named(meshes: Bench) -> None:
    snapshot = meshes.read(KINDS, helm_releases=True, namespaces=("istio-system",))

    [release] = snapshot.within(SECRET, "istio-system", HELM_RELEASES)
    assert release.name == "sh.helm.release.v1.istiod.v1"
    with pytest.raises(Unseen):
        list(snapshot.within(SECRET, "shop", HELM_RELEASES))


def test_helm_releases_that_may_not_be_listed_hide_no_named_secret(meshes: Bench) -> None:
    meshes.api.refused = lambda verb, kind, namespace, name: kind == SECRET and verb == "list"

    snapshot = meshes.read(KINDS, helm_releases=True)

    [gap] = snapshot.unanswered(SECRET)
    assert gap.what == "secrets labelled owner=helm"
    assert gap.why.startswith("403 Forbidden: ")
    assert snapshot.find(SECRET, "istiod-tls", "istio-system").first() is None
    assert snapshot.find(SECRET, "cacerts", "istio-system").first() is not None
    with pytest.raises(Unseen):
        list(snapshot.within(SECRET, "istio-system", HELM_RELEASES))


def test_a_404_that_is_not_kubernetes_own_witnesses_nothing(meshes: Bench) -> None:
    path = "/api/v1/namespaces/istio-system/secrets/istiod-tls"
    meshes.api.script[path] = [lambda it: it.say(404, b"404 page not found")]

    snapshot = meshes.read(KINDS)

    with pytest.raises(Unseen):
        snapshot.find(SECRET, "istiod-tls", "istio-system").first()


def test_a_secret_that_cannot_be_read_leaves_the_others(meshes: Bench) -> None:
    path = "/api/v1/namespaces/istio-system/secrets/external-ca-cert"
    meshes.api.script[path] = [refuses(400, "BadRequest", "no")]

    snapshot = meshes.read(KINDS)

    assert "istio-system/cacerts" in names(snapshot)
    [gap] = snapshot.unanswered(SECRET)
    assert (gap.names, gap.why) == (("external-ca-cert",), "400 Bad Request: no")
    assert snapshot.find(SECRET, "istiod-tls", "istio-system").first() is None
    with pytest.raises(Unseen):
        snapshot.find(SECRET, "external-ca-cert", "istio-system").first()


def test_a_key_that_was_pasted_into_a_text_is_not_kept(bench: Bench) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB\n-----END RSA PRIVATE KEY-----\n"
    bench.api.objects[POD] = [thing("web", "shop", metadata={"annotations": {"note": key}})]

    [pod] = bench.read().seen(POD).so_far

    assert pod.name == "web"
    assert "MIIEpAIB" not in repr(pod.raw)
