"""What may not be read is a gap that says which right it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from auditor.kinds import (
    ALL,
    CONFIG_MAP,
    CRD,
    DEPLOYMENT,
    INJECTOR,
    NAMESPACE,
    POD,
    SECRET,
    SERVICE,
    Kind,
)
from auditor.seen import Gap, Unseen
from auditor.sources.live import LiveSource, Settings, permissions, running
from auditor.sources.live.rights import TRUST
from auditor.sources.source import Unusable
from tests.live.faults import refuses
from tests.live.house import Bench, istiod, thing

NAMESPACED = (DEPLOYMENT, POD, SERVICE, CONFIG_MAP)
OURS = ("istio-system", "shop")


def test_a_refused_kind_names_verb_resource_scope_and_rule(bench: Bench) -> None:
    bench.pods(2)
    bench.api.refused = lambda verb, kind, namespace, name: kind == DEPLOYMENT

    snapshot = bench.read([POD, DEPLOYMENT])

    assert len(list(snapshot.seen(POD))) == 2
    assert snapshot.seen(DEPLOYMENT).gaps == (
        Gap(
            "deployments.apps",
            '403 Forbidden: deployments.apps is forbidden: User "auditor" cannot list resource '
            '"deployments" in API group "apps" at the cluster scope',
            'a ClusterRole with the rule {apiGroups: ["apps"], resources: ["deployments"], '
            'verbs: ["get", "list"]}, or --namespace NAMESPACE for each one that may be read',
        ),
    )


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind != SECRET], ids=str)
def test_each_kind_may_be_refused_alone(bench: Bench, kind: Kind) -> None:
    bench.api.refused = lambda verb, refused, namespace, name: refused == kind

    snapshot = bench.read(ALL)

    assert [it for it in ALL if it != SECRET and snapshot.seen(it).gaps] == [kind]
    [gap] = snapshot.seen(kind).gaps
    assert yaml.safe_load(gap.get.partition("rule ")[2].partition("}")[0] + "}") == {
        "apiGroups": [kind.group],
        "resources": [kind.plural],
        "verbs": ["get", "list"],
    }


def test_a_namespace_may_be_refused_alone(bench: Bench) -> None:
    bench.api.objects[POD] = [thing("a", "shop"), thing("b", "bank"), thing("c", "far")]
    bench.api.refused = lambda verb, kind, namespace, name: namespace == "bank"

    seen = bench.read([POD], namespaces=("shop", "bank")).seen(POD)

    assert [pod.name for pod in seen.so_far] == ["a"]
    outside, inside = seen.gaps
    assert (outside.what, outside.why, outside.but) == (
        "pods outside shop, bank",
        "not asked for: only --namespace shop, bank",
        ("shop", "bank"),
    )
    assert (inside.what, inside.namespace) == ("pods in bank", "bank")
    assert inside.get.startswith('a Role in bank with the rule {apiGroups: [""], ')


@pytest.mark.parametrize("discovery", [True, False], ids=["discovery", "no-discovery"])
def test_rights_in_two_namespaces_only(bench: Bench, discovery: bool) -> None:
    """As robusta-dev/krr#46 has it: Roles in two namespaces, nothing at the cluster scope."""
    if not discovery:
        absent = refuses(404, "NotFound")
        bench.api.script = {"/api": [absent], "/apis": [absent]}
    bench.api.objects = {
        DEPLOYMENT: [istiod("istio-system"), istiod("other")],
        POD: [thing("cart", "shop")],
        NAMESPACE: [thing("shop"), thing("istio-system"), thing("other")],
    }
    bench.api.refused = lambda verb, kind, namespace, name: (
        namespace not in OURS or kind not in NAMESPACED
    )

    snapshot = bench.read([*NAMESPACED, NAMESPACE, INJECTOR, CRD], namespaces=OURS)

    for kind in NAMESPACED:
        assert not snapshot.within(kind, "shop").gaps
        assert not snapshot.within(kind, "istio-system").gaps
        assert snapshot.within(kind, "other").gaps
        assert bench.api.list_path(kind) not in bench.api.paths
    assert [it.namespace for it in snapshot.seen(DEPLOYMENT).so_far] == ["istio-system"]
    assert [it.name for it in snapshot.seen(POD).so_far] == ["cart"]
    for kind in (NAMESPACE, INJECTOR, CRD):
        [gap] = snapshot.seen(kind).gaps
        assert gap.why.startswith(f"403 Forbidden: {kind} is forbidden: User ")
        assert f'resources: ["{kind.plural}"]' in gap.get
        with pytest.raises(Unseen):
            bool(snapshot.seen(kind))


def test_a_role_lets_its_own_namespace_be_read_by_name(bench: Bench) -> None:
    labels = {"labels": {"istio.io/rev": "1-20"}}
    bench.api.objects[NAMESPACE] = [thing("shop", metadata=labels), thing("bank")]
    bench.api.refused = lambda verb, kind, namespace, name: name not in OURS

    seen = bench.read([NAMESPACE], namespaces=OURS).seen(NAMESPACE)

    assert [it.label("istio.io/rev").value for it in seen.so_far] == ["1-20"]
    assert len(seen.gaps) == 1


def test_a_namespace_that_is_not_there_is_remarked(bench: Bench) -> None:
    bench.api.objects[NAMESPACE] = [thing("shop")]

    snapshot = bench.read([NAMESPACE, POD], namespaces=("shop", "shpo"))

    assert [str(remark) for remark in snapshot.remarks] == [
        "--namespace shpo: the cluster has no such namespace"
    ]


@pytest.mark.parametrize("name", ["Shop", "a/b", "", "..", "x" * 64])
def test_what_no_namespace_can_be_called_is_one_line(name: str) -> None:
    with pytest.raises(Unusable, match="no namespace can have such a name"):
        LiveSource(Settings(namespaces=(name,)), running(bool))


def roles(text: str) -> dict[tuple[str, str, str], list[dict[str, list[str]]]]:
    """The rules of each role, by its kind, name and namespace."""
    return {
        (
            role["kind"],
            role["metadata"]["name"],
            role["metadata"].get("namespace", ""),
        ): role["rules"]
        for role in yaml.safe_load_all(text)
    }


def allows(rules: list[dict[str, list[str]]], verb: str, kind: Kind, name: str = "") -> bool:
    return any(
        verb in rule["verbs"]
        and kind.group in rule["apiGroups"]
        and kind.plural in rule["resources"]
        and name in rule.get("resourceNames", [name])
        for rule in rules
    )


@pytest.mark.parametrize("helm", [True, False])
@pytest.mark.parametrize("namespaces", [(), OURS])
def test_permissions_are_get_and_list_and_nothing_else(
    namespaces: tuple[str, ...], helm: bool
) -> None:
    rules = [rule for rules in roles(permissions(ALL, namespaces, helm)).values() for rule in rules]

    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list"}
    assert not {"*"} & {it for rule in rules for values in rule.values() for it in values}
    for rule in rules:
        if rule["resources"] == ["secrets"]:
            assert rule.get("resourceNames") == list(TRUST) or (helm and rule["verbs"] == ["list"])
        else:
            assert "secrets" not in rule["resources"]


def test_secrets_have_a_role_of_their_own() -> None:
    assert set(roles(permissions(ALL))) == {
        ("ClusterRole", "mesh-auditor", ""),
        ("ClusterRole", "mesh-auditor-secrets", ""),
    }
    assert set(roles(permissions([POD]))) == {("ClusterRole", "mesh-auditor", "")}
    assert set(roles(permissions([POD, SECRET], ("shop",), True))) == {
        ("Role", "mesh-auditor", "shop"),
        ("Role", "mesh-auditor-secrets", "shop"),
        ("Role", "mesh-auditor-helm-releases", "shop"),
    }


@pytest.mark.parametrize("helm", [True, False])
@pytest.mark.parametrize("namespaces", [(), OURS])
def test_permissions_suffice(bench: Bench, namespaces: tuple[str, ...], helm: bool) -> None:
    """The API server refuses whatever they do not allow, and there is no gap that says 403."""
    granted = roles(permissions(ALL, namespaces, helm))
    bench.api.objects[DEPLOYMENT] = [istiod("istio-system")]
    bench.api.refused = lambda verb, kind, namespace, name: (
        not any(
            allows(rules, verb, kind, name)
            for (_, _, place), rules in granted.items()
            if place in ("", namespace)
        )
    )

    snapshot = bench.read(ALL, namespaces=namespaces, helm_releases=helm)

    assert len(bench.api.requests) > len(ALL)
    for kind in ALL:
        assert not [gap for gap in snapshot.seen(kind).gaps if "403" in gap.why]


def all_but(rules: list[dict[str, list[str]]]) -> Callable[[str, Kind, str, str], bool]:
    """Refuses what the rules do not allow."""
    return lambda verb, kind, namespace, name: not allows(rules, verb, kind, name)


def test_each_rule_of_the_permissions_is_needed(bench: Bench) -> None:
    rules = [rule for rules in roles(permissions(ALL)).values() for rule in rules]
    bench.api.objects[DEPLOYMENT] = [istiod("istio-system")]

    for less in rules:
        bench.api.refused = all_but([rule for rule in rules if rule is not less])
        snapshot = bench.read(ALL)
        refused = {
            kind
            for kind in ALL
            if any(gap.why.startswith("403") for gap in snapshot.seen(kind).gaps)
        }
        assert {kind.plural for kind in refused} == set(less["resources"])
