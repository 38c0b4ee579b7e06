"""The page of the rules says what the rules say."""

from auditor.catalogue import PAGE, catalogue, main
from auditor.kinds import CRD, NAMESPACE
from auditor.packs import builtin
from tests.house import make_rule, passes


def test_the_page_of_the_rules_is_current() -> None:
    pack = builtin()

    assert (pack.path / PAGE).read_text("utf-8") == catalogue(pack.rules()), (
        f"{main.__module__} writes it anew"
    )


def test_each_rule_has_a_page() -> None:
    rules = [
        make_rule("trust-rule", passes, family="trust"),
        make_rule("crd-rule", passes, family="crd", kind=CRD, reads=[NAMESPACE]),
    ]
    page = catalogue(rules)

    head, first, second = page.split("\n## ")
    assert head.endswith("""

**crd**

- [crd-rule](#crd-rule): The invariant of crd-rule.

**trust**

- [trust-rule](#trust-rule): The invariant of trust-rule.
""")
    assert (
        first
        == """\
crd-rule

The invariant of crd-rule.

*crd, error.* Reads `namespaces`, `customresourcedefinitions.apiextensions.k8s.io`.

**Why.** The Istio CRDs are cluster-wide, so both meshes share one copy. Whoever is upgraded next \
rewrites the API that the other mesh runs on.

**Pass.** One installer owns all of them.

**Fail.** Two installers do.

**Unknown.** Nobody does. The labels then cannot say who will rewrite it.

**Fix.** Choose the owner.
Then take the other's labels off:

- upstream's
- or SDM's

**References.**

- <https://example.org/authority>
"""
    )
    assert second.startswith("trust-rule\n\nThe invariant of trust-rule.\n")
    assert page == catalogue(reversed(rules))
