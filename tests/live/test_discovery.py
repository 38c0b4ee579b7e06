"""Which version serves a kind, and when it is certain that none does."""

from __future__ import annotations

import pytest

from auditor.kinds import (
    CRD,
    DEPLOYMENT,
    ENVOY_FILTER,
    INJECTOR,
    ISTIO_CONTROL_PLANE,
    POD,
    VALIDATOR,
    Kind,
)
from auditor.sources.live.asking import TRIES
from auditor.sources.source import Unusable
from tests.live.api_server import Fault
from tests.live.faults import refuses, says, silent
from tests.live.house import Bench, thing

BROKEN = refuses(503, "ServiceUnavailable", "service unavailable")
ABSENT = refuses(404, "NotFound", "the server could not find the requested resource")


def only(bench: Bench, kind: Kind) -> list[str]:
    """The names of a whole list."""
    return [found.name for found in bench.read([kind]).seen(kind)]


def why(bench: Bench, kind: Kind) -> str:
    [gap] = bench.read([kind]).seen(kind).gaps
    return gap.why


@pytest.fixture(params=[True, False], ids=["aggregated", "by-group"])
def both(bench: Bench, request: pytest.FixtureRequest) -> Bench:
    bench.api.aggregated = request.param
    return bench


def test_a_kind_that_is_not_served_is_a_witnessed_none(both: Bench) -> None:
    both.api.unserved = {ISTIO_CONTROL_PLANE}

    assert only(both, ISTIO_CONTROL_PLANE) == []
    assert not [path for path in both.api.paths if "istiocontrolplanes" in path]


def test_a_version_is_taken_that_is_served(both: Bench) -> None:
    both.api.served_as = {"networking.istio.io": "v1alpha3"}
    both.api.objects[ENVOY_FILTER] = [thing("all", "shop")]

    assert only(both, ENVOY_FILTER) == ["all"]
    assert both.api.paths[-1] == "/apis/networking.istio.io/v1alpha3/envoyfilters"


def test_aggregated_discovery_takes_one_request_a_root(bench: Bench) -> None:
    bench.read([POD, DEPLOYMENT, ENVOY_FILTER])

    assert bench.api.paths[:2] == ["/api", "/apis"]
    assert len(bench.api.paths) == 5


def version(name: str, *resources: str, freshness: str = "Current") -> dict[str, object]:
    found = [{"resource": it, "verbs": ["get", "list"]} for it in resources]
    return {"version": name, "resources": found, "freshness": freshness}


def groups(group: str, *versions: dict[str, object]) -> Fault:
    items = [{"metadata": {"name": group}, "versions": versions}]
    return says({"kind": "APIGroupDiscoveryList", "items": items})


def test_v1_is_taken_before_what_is_listed_first(bench: Bench) -> None:
    bench.api.script["/apis"] = [
        groups("apps", version("v2", "deployments"), version("v1", "deployments"))
    ]
    bench.api.objects[DEPLOYMENT] = [thing("web", "shop")]

    assert only(bench, DEPLOYMENT) == ["web"]


def test_a_version_of_another_shape_is_not_taken_for_v1(bench: Bench) -> None:
    bench.api.script["/apis"] = [groups(CRD.group, version("v2", CRD.plural))]

    assert why(bench, CRD) == "only served as v2, which is not read; v1 and v1beta1 are"


def test_definitions_of_an_old_server_are_read_in_the_shape_of_today(both: Bench) -> None:
    both.api.served_as = {CRD.group: "v1beta1"}
    spec = {
        "group": "networking.istio.io",
        "names": {"kind": "EnvoyFilter", "plural": "envoyfilters"},
        "version": "v1alpha3",
        "validation": {"openAPIV3Schema": {"type": "object"}},
    }
    both.api.objects[CRD] = [thing("envoyfilters.networking.istio.io", spec=spec)]

    [crd] = both.read([CRD]).seen(CRD)

    [only_version] = crd.at("spec", "versions").each()
    assert only_version.at("name").value == "v1alpha3"
    assert only_version.at("schema", "openAPIV3Schema", "type").value == "object"
    assert crd.at("spec", "preserveUnknownFields").value is True
    assert both.api.paths[-1] == f"/apis/{CRD.group}/v1beta1/{CRD.plural}"


@pytest.mark.parametrize("kind", [INJECTOR, VALIDATOR], ids=str)
def test_webhooks_of_an_old_server_mean_what_they_meant_there(both: Bench, kind: Kind) -> None:
    both.api.served_as = {kind.group: "v1beta1"}
    both.api.objects[kind] = [thing("istiod", webhooks=[{"name": "a.istio.io"}])]

    [configuration] = both.read([kind]).seen(kind)

    assert configuration.at("webhooks", 0, "failurePolicy").value == "Ignore"
    assert both.api.paths[-1] == f"/apis/{kind.group}/v1beta1/{kind.plural}"


def test_what_cannot_be_listed_is_not_there(bench: Bench) -> None:
    resources = [{"resource": ENVOY_FILTER.plural, "verbs": ["create"]}]
    bench.api.script["/apis"] = [
        groups(ENVOY_FILTER.group, {"version": "v1", "resources": resources})
    ]

    assert only(bench, ENVOY_FILTER) == []


def test_an_aggregated_api_that_does_not_answer_witnesses_nothing(bench: Bench) -> None:
    bench.api.script["/apis"] = [groups(ENVOY_FILTER.group, version("v1", freshness="Stale"))]

    assert why(bench, ENVOY_FILTER) == (
        "what networking.istio.io/v1 serves: its API server does not answer the main one"
    )


def test_a_group_that_is_broken_does_not_stop_the_rest(bench: Bench) -> None:
    bench.api.aggregated = False
    bench.api.script["/apis/networking.istio.io/v1"] = [BROKEN] * TRIES
    bench.api.objects[DEPLOYMENT] = [thing("web", "shop")]

    snapshot = bench.read([ENVOY_FILTER, DEPLOYMENT, ISTIO_CONTROL_PLANE])

    assert [gap.why for gap in snapshot.seen(ENVOY_FILTER).gaps] == [
        "what networking.istio.io/v1 serves: "
        "503 Service Unavailable: service unavailable (tried 5 times)"
    ]
    assert [it.name for it in snapshot.seen(DEPLOYMENT)] == ["web"]
    assert not snapshot.seen(ISTIO_CONTROL_PLANE)


@pytest.mark.parametrize("answer", [ABSENT, refuses(403, "Forbidden", "no")])
def test_without_discovery_kubernetes_own_kinds_are_asked_for(bench: Bench, answer: Fault) -> None:
    """A witness of absence is what only discovery can be."""
    bench.api.script = {"/apis": [answer], "/api": [answer]}
    bench.api.unserved = {ISTIO_CONTROL_PLANE}
    bench.pods(1)
    bench.api.objects[DEPLOYMENT] = [thing("web", "shop")]

    snapshot = bench.read([POD, DEPLOYMENT, ISTIO_CONTROL_PLANE])

    assert len(list(snapshot.seen(POD))) == 1
    assert len(list(snapshot.seen(DEPLOYMENT))) == 1
    [gap] = snapshot.seen(ISTIO_CONTROL_PLANE).gaps
    assert gap.why.startswith("which version is served could not be told: 40")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says({"kind": "Something"}), "/apis does not answer as a Kubernetes API server does"),
        (says([]), "/apis does not answer as a Kubernetes API server does"),
    ],
)
def test_what_is_no_discovery_is_one_line(bench: Bench, answer: Fault, said: str) -> None:
    bench.api.script["/apis"] = [answer]

    with pytest.raises(Unusable) as unusable:
        bench.read([DEPLOYMENT])

    assert str(unusable.value) == said


def test_a_server_that_never_answers_is_one_line(bench: Bench) -> None:
    """The clock moves when the socket's own timeout strikes, and no earlier."""
    bench.api.script["/apis"] = [silent] * TRIES

    with pytest.raises(Unusable, match=r"no answer in time.*--timeout 0\.3"):
        bench.read([DEPLOYMENT], timeout=0.3)
