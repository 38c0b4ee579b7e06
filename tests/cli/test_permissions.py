"""The rights that a live audit takes are those of the rules that it uses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from auditor.kinds import CRD, NAMESPACE, POD, SECRET
from tests.command import command
from tests.house import make_rule, passes

RULES = [
    make_rule("about-crds", passes, family="crd", kind=CRD),
    make_rule("about-pods", passes, kind=POD),
    make_rule("about-secrets", passes, family="trust", kind=SECRET, reads=[NAMESPACE]),
]


def roles(*options: str) -> dict[str, Any]:
    """The roles by kind, namespace and name, each as the rights that it gives."""
    ended = command("permissions", *options, rules=RULES)
    assert (ended.code, ended.err) == (0, "")
    return {
        "/".join(
            filter(None, (it["kind"], it["metadata"].get("namespace"), it["metadata"]["name"]))
        ): {
            resource: ",".join(rule["verbs"])
            for rule in it["rules"]
            for resource in rule["resources"]
        }
        for it in yaml.safe_load_all(ended.out)
    }


def test_all_rules_and_the_inventory() -> None:
    assert roles() == {
        "ClusterRole/mesh-auditor": {
            "customresourcedefinitions": "get,list",
            "namespaces": "get,list",
            "pods": "get,list",
        },
        "ClusterRole/mesh-auditor-secrets": {"secrets": "get"},
    }


def test_only_the_selected_rules() -> None:
    crds = {"customresourcedefinitions": "get,list", "namespaces": "get,list"}

    assert roles("--select", "crd") == {"ClusterRole/mesh-auditor": crds}
    assert roles("--ignore", "about-pods", "--ignore", "trust") == roles("--select", "crd")


def test_without_secrets() -> None:
    assert list(roles("--no-secrets", "--helm-releases")) == ["ClusterRole/mesh-auditor"]


def test_helm_releases_are_for_a_role_of_their_own() -> None:
    assert roles("--helm-releases")["ClusterRole/mesh-auditor-helm-releases"] == {"secrets": "list"}


def test_namespaces_have_roles_of_their_own() -> None:
    options = ["--namespace", "shop", "--namespace", "bank", "--namespace", "shop"]

    assert list(roles(*options, "--select", "about-pods")) == [
        "ClusterRole/mesh-auditor",
        "Role/shop/mesh-auditor",
        "Role/bank/mesh-auditor",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--namespace", "a b"], "--namespace a b: no namespace can have such a name"),
        (["--select", "about-pod"], "--select about-pod: there is no rule or family of rules"),
        (["--context", "prod"], "unrecognized arguments: --context"),
    ],
)
def test_a_mistake_is_one_line(options: list[str], said: str) -> None:
    assert command("permissions", *options, rules=RULES).complaint.startswith(said)
