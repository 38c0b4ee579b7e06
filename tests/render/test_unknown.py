"""What could not be told, and how to find out."""

from auditor.cluster import Cluster
from auditor.kinds import CLUSTER_ROLE, CONFIG_MAP, CRD, NAMESPACE, POD, SECRET
from auditor.objects import Obj
from auditor.outcome import Outcome
from auditor.render.page import Page
from auditor.render.table import table
from auditor.render.unknown import MOST_REASONS, MOST_UNSEEN
from auditor.report import Report
from auditor.seen import Gap, Unseen
from auditor.snapshot import gap
from tests.house import make_report, make_rule, passes, thing

AGAIN = "mesh-auditor audit dump.tar.gz"
SHOP = thing(NAMESPACE, "shop", metadata={"labels": {"n": "0"}})


def printed(report: Report) -> str:
    return table(report, Page(again=AGAIN))


def test_one_missing_thing_goes_to_one_file() -> None:
    gaps = {CRD: (gap(CRD, "not collected"),)}
    rules = [make_rule("one-owner", passes, kind=CRD), make_rule("no-trace", passes, kind=CRD)]
    text = printed(make_report(rules, gaps=gaps))

    assert (
        f"""\
UNKNOWN no-trace and one-owner: not seen: {CRD} (not collected)

To tell, collect what is missing and read both together:
  kubectl get {CRD} -o yaml > {CRD}.yaml
  {AGAIN} {CRD}.yaml
"""
        in text
    )


def test_many_missing_kinds_are_collected_in_a_loop() -> None:
    rules = [
        make_rule(f"about-{kind.plural}", passes, kind=kind)
        for kind in (CLUSTER_ROLE, CONFIG_MAP, POD, SECRET)
    ]
    gaps = {CRD: (gap(CRD, "403", "bank"), gap(CRD, "partly", but=("a",), get="ask for rights"))}
    rules.append(make_rule("about-crds", passes, kind=CRD))
    text = printed(make_report(rules, gaps=gaps))

    assert (
        f"""\
To tell, give it what was missing and collect again:
  ask for rights

To tell, collect what is missing and read both together:
  mkdir -p collected
  for kind in {CLUSTER_ROLE} configmaps pods secrets; \
do kubectl get "$kind" -A -o yaml > "collected/$kind.yaml"; done
  kubectl get {CRD} -n bank -o yaml > collected/{CRD}-bank.yaml
  {AGAIN} collected
  What is collected of Secrets holds private keys: delete it after the audit.
"""
        in text
    )


def test_a_live_cluster_is_audited_again_with_what_was_missing() -> None:
    """A right is nothing that a shell takes, and no file can be added to a live cluster."""
    right = 'a ClusterRole with the rule {apiGroups: [""], resources: ["pods"], verbs: ["list"]}'
    rules = [make_rule("about-pods", passes, kind=POD), make_rule("about-crds", passes, kind=CRD)]
    gaps = {POD: (gap(POD, "403 Forbidden", get=right),), CRD: (gap(CRD, "500"),)}
    text = table(make_report(rules, gaps=gaps), Page(again="mesh-auditor audit", live=True))

    assert (
        f"""\
To tell, give it what was missing and audit again:
  {right}
  mesh-auditor audit
  `mesh-auditor permissions` prints all the roles that it takes.

To tell, audit again once the API server answers these:
  kubectl get {CRD} -o yaml
  mesh-auditor audit
"""
        in text
    )


def test_an_unknown_with_all_the_evidence_says_why_it_is_one() -> None:
    def check(namespace: Obj, cluster: Cluster) -> Outcome:
        return Outcome.unknown("no installer claims it", namespace.label("n"))

    text = printed(make_report([make_rule("house-rule", check)], [SHOP]))

    assert (
        """
UNKNOWN house-rule: Namespace shop: no installer claims it
  Namespace shop
    metadata.labels.n = "0"
  Why: Nobody does.
"""
        in text
    )
    assert "To tell" not in text


def lost(namespace: Obj, cluster: Cluster) -> Outcome:
    if namespace.name == "shop":
        raise Unseen(Gap("the mesh configuration", "it was not found where it should be"))
    return Outcome.failed("is odd")


def test_an_unknown_that_no_command_ends_says_so() -> None:
    text = printed(make_report([make_rule("house-rule", lost)], [SHOP]))

    assert (
        """
UNKNOWN house-rule (Namespace shop): not seen: the mesh configuration (it was not found where it \
should be)
  No command is known that would tell; see `mesh-auditor explain house-rule`.
"""
        in text
    )


def test_a_rule_that_failed_may_be_unknown_in_part() -> None:
    things = [SHOP, thing(NAMESPACE, "cart"), thing(NAMESPACE, "bank")]
    text = printed(make_report([make_rule("house-rule", lost)], things))

    assert "ERROR house-rule: 2 Namespaces: is odd\n" in text
    assert "UNKNOWN house-rule (Namespace shop): not seen: " in text
    assert (
        "1 rule: 1 error, 0 warnings, 0 unknown, 0 passed, 0 not applicable. Of the failed, 1 "
        in (text)
    )


def test_of_a_thousand_reasons_some_are_told_and_the_rest_counted() -> None:
    gaps = {CRD: tuple(gap(CRD, f"{number}.json is broken") for number in range(1000))}
    text = printed(make_report([make_rule("no-trace", passes, kind=CRD)], gaps=gaps))

    assert text.count(" is broken") == 2 * MOST_REASONS
    rest = f"{1000 - MOST_REASONS} more, each for another reason (a report in JSON has them all)"
    assert f"not seen: {rest}" in text


def test_a_kind_that_a_thousand_namespaces_lack_is_collected_at_once() -> None:
    gaps = {POD: tuple(gap(POD, "refused", f"n{number}") for number in range(1000))}
    text = printed(make_report([make_rule("no-trace", passes, kind=POD)], gaps=gaps))

    assert f" and {1000 - MOST_UNSEEN} more (refused)" in text
    assert "  kubectl get pods -A -o yaml > pods.yaml\n" in text
    assert "pods -n" not in text
