"""What the cluster has, and a rendered manifest of the same object beside it."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.engine import audit
from auditor.kinds import CLUSTER_ROLE_BINDING, CRD, KINDS, Kind
from auditor.objects import Obj
from auditor.outcome import Outcome, Verdict
from auditor.packs import load
from auditor.seen import Seen
from auditor.snapshot import Snapshot

RULES = {rule.id: rule for rule in load()}
STATIC = {"app": "istio-pilot", "chart": "istio", "heritage": "Tiller", "release": "istio"}
CHART = {
    "app.kubernetes.io/managed-by": "Helm",
    "app.kubernetes.io/instance": "istio-base",
    "helm.sh/chart": "base-1.25.1",
}
HELM = {
    "meta.helm.sh/release-name": "istio-base",
    "meta.helm.sh/release-namespace": "istio-system",
}


def judged(rule: str, thing: Obj, rival: Obj) -> Outcome:
    beside = replace(thing, rivals=(rival,))
    kinds: dict[Kind, Seen[Obj]] = dict.fromkeys(KINDS.values(), Seen())
    snapshot = Snapshot({**kinds, thing.kind: Seen((beside,))})
    return audit([RULES[rule]], snapshot)[0].outcomes[thing.ref]


def crd(labels: dict[str, str], annotations: dict[str, str] | None = None) -> Obj:
    metadata = {"name": "envoyfilters.networking.istio.io", "labels": labels}
    return Obj(CRD, {"metadata": {**metadata, "annotations": annotations or {}}})


def test_a_crd_of_another_product_that_a_chart_would_take() -> None:
    """Helm refuses it, and forcing it would drop what the other product added."""
    outcome = judged("crd-single-owner", crd(STATIC), crd(CHART))

    assert outcome.verdict is Verdict.FAIL
    assert [field.held for field in outcome.evidence] == [None, None, "Helm", "base-1.25.1"]


@pytest.mark.parametrize(
    ("labels", "annotations"),
    [
        pytest.param({**CHART, "app.kubernetes.io/instance": "other"}, HELM, id="another release"),
        pytest.param({"app.kubernetes.io/managed-by": "istio-operator"}, {}, id="SDM"),
    ],
)
def test_a_crd_of_another_owner_that_a_chart_would_take(
    labels: dict[str, str], annotations: dict[str, str]
) -> None:
    outcome = judged("crd-single-owner", crd(labels, annotations), crd(CHART))

    assert outcome.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(CHART, id="the newer chart"),
        pytest.param(STATIC, id="an older one, which claims nothing"),
    ],
)
def test_a_release_beside_its_own_chart(manifest: dict[str, str]) -> None:
    outcome = judged("crd-single-owner", crd(CHART, HELM), crd(manifest))

    assert outcome.verdict is Verdict.PASS


def binding(namespace: str) -> Obj:
    subject: dict[str, Any] = {
        "kind": "ServiceAccount",
        "name": "istio-operator",
        "namespace": namespace,
    }
    metadata = {"name": "istio-operator"}
    return Obj(CLUSTER_ROLE_BINDING, {"metadata": metadata, "subjects": [subject]})


def test_a_binding_that_a_manifest_would_give_to_another_account() -> None:
    rule = "cluster-scoped-names-distinct"

    here = judged(rule, binding("istio-operator"), binding("sdm-istio-system"))
    assert here.verdict is Verdict.FAIL

    same = judged(rule, binding("istio-operator"), binding("istio-operator"))
    assert same.verdict is Verdict.PASS
