"""Which meshes there are, what belongs to them, and what could hide another."""

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.inventory import (
    CrdSummary,
    Inventory,
    Membership,
    MeshSummary,
    Told,
    TrustSummary,
)
from auditor.kinds import CRD, NAMESPACE, POD
from auditor.render.meshes import meshes
from auditor.render.page import Page
from auditor.seen import Gap
from auditor.snapshot import gap
from tests.house import MESHES, SDM, make_report, two_meshes

GOLDEN = Path(__file__).parent / "golden"
AGAIN = "mesh-auditor meshes dump.tar.gz"


def printed(inventory: Inventory, width: int | None = None) -> str:
    return meshes(make_report([], inventory=inventory), Page(width, again=AGAIN))


@pytest.mark.parametrize("width", [80, None])
def test_a_whole_inventory(width: int | None) -> None:
    text = meshes(two_meshes(), Page(width, again=AGAIN))

    assert text == (GOLDEN / f"meshes-{width or 'piped'}.txt").read_text()


def test_where_there_is_no_room_for_columns_each_mesh_has_a_sentence() -> None:
    text = printed(MESHES, 50)

    assert (
        """\
sdm.sdm-istio-system: installer sdm; namespace
  sdm-istio-system; version 1.15.3; revisions
  icp-v115x.sdm-istio-system; tags -; trust domain
  cluster.local; root (sha256) 3f2a 9c1e 3f2a
  9c1e; namespaces 2
"""
        in text
    )
    assert max(map(len, text.splitlines())) <= 60


def test_no_mesh_is_said_and_never_claimed_when_one_may_be_hidden() -> None:
    unseen = (gap(NAMESPACE, "403"),)

    assert "\nNo mesh was found.\n" in printed(Inventory())
    assert "\nNo mesh was found so far.\n" in printed(Inventory(gaps=unseen))
    assert "Another mesh may be hidden: not seen: namespaces (403).\n" in printed(
        Inventory(gaps=unseen)
    )


def test_a_declared_mesh_does_not_look_like_one_that_runs() -> None:
    idle = MeshSummary("istio.a", Told(), "a", False, Told(), Told(), Told(), Told(), Told())
    noted = replace(idle, notes=("declared by IstioOperator a/b, but it does not run",))

    assert "\nistio.a  unknown      a            0\n" in printed(Inventory((idle,)))
    assert "\nistio.a: declared, does not run\n" in printed(Inventory((idle,)))
    assert "declared, does not run" not in printed(Inventory((noted,)))
    assert "istio.a: declared by IstioOperator a/b, but it does" in printed(Inventory((noted,)))
    assert "Namespaces of istio.a: none\n" in printed(Inventory((idle,)))


def test_versions_stay_text() -> None:
    mesh = MeshSummary(
        "istio.a",
        Told(("helm",)),
        "a",
        True,
        Told(("1-10",)),
        Told(),
        Told(("1.10",)),
        Told(),
        Told(),
    )

    assert "istio.a  helm         a            1.10       1-10  " in printed(Inventory((mesh,)))


def test_hostile_names_do_not_break_the_table() -> None:
    name = "\x1b]0;title\x07\nsecond row | ok"
    mesh = MeshSummary(
        name,
        Told((name,)),
        name,
        True,
        Told((name, name)),
        Told(),
        Told((name,)),
        Told(),
        Told(),
        (Membership(name, name),),
    )
    for width in (None, 60):
        text = printed(Inventory((mesh, SDM), notes=(name,)), width)
        assert [row for row in text.split("\n") if not row.isprintable()] == []
        assert r"\u001b]0;title\u0007\nsecond row | ok" in text


def test_a_namespace_that_belongs_for_two_reasons_is_one() -> None:
    why = (Membership("shop", "its label"), Membership("shop", "2 pods"), Membership("cart", "x"))
    [row] = [
        line
        for line in printed(Inventory((replace(SDM, members=why, members_gaps=()),))).splitlines()
        if line.startswith(SDM.id)
    ][:1]

    assert row.split()[-1] == "2"


def test_who_owns_the_crds_is_never_made_up() -> None:
    unseen = (gap(CRD, "403"),)

    def owner(*owners: str, gaps: tuple[Gap, ...] = ()) -> CrdSummary:
        return CrdSummary("gateways.networking.istio.io", Told(owners, gaps=gaps))

    assert "\nOwners of the Istio CRDs: there are no Istio CRDs\n" in printed(Inventory())
    assert (
        "\nOwners of the Istio CRDs: not seen: customresourcedefinitions.apiextensions.k8s.io (403)"
        in printed(Inventory(crds_gaps=unseen))
    )
    text = printed(Inventory(crds=(owner("SDM's operator", gaps=unseen),), crds_gaps=unseen))
    assert "\n  SDM's operator, or others too (403): gateways.networking.istio.io\n" in text
    assert "\n  more may be: not seen: customresourcedefinitions.apiextensions.k8s.io" in text
    assert "kubectl get customresourcedefinitions.apiextensions.k8s.io -o yaml >" in text


def test_whether_one_mesh_accepts_another_is_never_made_up() -> None:
    root = "sha256:" + "3f2a9c1e" * 8

    def said(accepts: bool | None, why: str, gaps: tuple[Gap, ...] = ()) -> str:
        way = TrustSummary("istio.a", "istio.b", accepts, why, (root,), gaps)
        return printed(Inventory(trust=(way,))).replace("sha256 3f2a 9c1e 3f2a 9c1e …", "R")

    assert "  istio.a accepts istio.b (root R): has it\n" in said(True, "has it")
    assert "  istio.a does not accept istio.b (root R): lacks it\n" in said(False, "lacks it")
    assert "  whether istio.a accepts istio.b (root R) cannot be told: two differ\n" in said(
        None, "two differ"
    )
    text = said(None, "not all was seen", (gap(POD, "403"),))
    assert "cannot be told: not seen: pods (403)\n" in text
    assert "\n  kubectl get pods -A -o yaml > pods.yaml\n" in text
