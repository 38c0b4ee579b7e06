"""The rules, listed and explained; the meshes, shown."""

import json

from auditor.kinds import CRD
from tests.command import command
from tests.house import make_rule, passes

RULES = [
    make_rule("trust-mutual", passes, family="trust"),
    make_rule("crd-single-owner", passes, family="crd", kind=CRD),
]


def test_the_list_of_rules() -> None:
    assert (
        command("rules", rules=RULES).out
        == """\
Rule              Family  Severity  Holds when it passes
----------------  ------  --------  --------------------
crd-single-owner  crd     error     The invariant of crd-single-owner.
trust-mutual      trust   error     The invariant of trust-mutual.
"""
    )


def test_the_list_of_rules_on_a_terminal() -> None:
    wide = command("rules", rules=RULES, terminal=True, environment={"COLUMNS": "60"}).out
    narrow = command("rules", rules=RULES, terminal=True, environment={"COLUMNS": "50"}).out

    assert (
        """
crd-single-owner  crd     error     The invariant of
                                    crd-single-owner.
"""
        in wide
    )
    assert narrow.startswith("\x1b[1mcrd-single-owner\x1b[0m (crd, error)\n  The invariant of crd-")


def test_the_rules_for_scripts() -> None:
    assert json.loads(command("rules", "-o", "json", rules=RULES[1:]).out) == [
        {
            "id": "crd-single-owner",
            "family": "crd",
            "severity": "error",
            "title": "The invariant of crd-single-owner.",
            "reads": ["customresourcedefinitions.apiextensions.k8s.io"],
            "references": ["https://example.org/authority"],
        }
    ]


PAGE = """\
trust-mutual: The invariant of trust-mutual.
  family trust, severity error
  reads namespaces

Why
  The Istio CRDs are cluster-wide, so both meshes share one copy. Whoever is upgraded next \
rewrites the API that the other mesh runs on.

Pass
  One installer owns all of them.

Fail
  Two installers do.

Unknown
  Nobody does. The labels then cannot say who will rewrite it.

Fix
  Choose the owner. Then take the other's labels off:
  - upstream's
  - or SDM's

References
  https://example.org/authority
"""


def test_the_page_of_a_rule() -> None:
    assert command("explain", "trust-mutual", rules=RULES).out == PAGE


def test_the_page_of_a_rule_on_a_terminal() -> None:
    plain = {"COLUMNS": "60", "NO_COLOR": "1"}
    text = command("explain", "trust-mutual", rules=RULES, terminal=True, environment=plain).out

    assert max(map(len, text.splitlines())) <= 60
    assert " ".join(text.split()) == " ".join(PAGE.split())


def test_the_meshes() -> None:
    ended = command("meshes", "dump")

    assert ended.code == 0
    assert ended.out.startswith("dump. 1 kind listed.\nValidity is judged as of ")
    assert ", by the clock: nothing tells when it was taken.\n\nMesh  " in ended.out
    assert "\n  mesh-auditor meshes dump collected\n" in ended.out
