"""What was printed for people is told by its name, with the command that gives the objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from auditor.kinds import KINDS, NAMESPACE, POD, SECRET
from auditor.snapshot import Snapshot
from auditor.sources.for_people import (
    ANY_TABLE,
    DESCRIBED,
    NAMES,
    NOTHING,
    PROXIES,
    RELEASES,
)
from tests.formats.fixture_clusters import fixture
from tests.formats.tables import table
from tests.sources.dumps import NAMESPACES, PODS, TABLE, Piped, complaint, whys

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = fixture("sdm-first")
OF_PODS = "NAME     READY   STATUS    RESTARTS   AGE   IP    NODE\ncart-1   2/2     Running   0"
SHOWN = [it for it in STATE.resources if STATE.of(it) and (it.group, it.kind) in KINDS]
TELLING = ("pods", "deployments", "services", "namespaces", "secrets", "configmaps")


@pytest.mark.parametrize("resource", SHOWN, ids=lambda it: str(it.key))
def test_a_table_of_each_kind_is_one(piped: Piped, resource: object) -> None:
    found = next(it for it in SHOWN if it is resource)
    said = complaint(lambda: piped(table(STATE, found)))
    assert "is a table" in said
    assert "-o yaml" in said
    if found.plural in TELLING:
        assert f"is a table of {found.plural}, which has no labels and no fields" in said


@pytest.mark.parametrize("text", [OF_PODS, OF_PODS.replace("\n", "\r\n"), "\n" + OF_PODS])
def test_wide_tables_too(piped: Piped, text: str) -> None:
    said = "is a table of pods, which has no labels and no fields; kubectl get pods -A -o yaml has"
    assert said in complaint(lambda: piped(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "NAME         READY   STATUS   RESTARTS\npod/cart-1   2/2     Running   0",
            ANY_TABLE,
        ),
        ("NAME    VERSION\ncart    1.2\n", ANY_TABLE),
        ("NAMESPACE,NAME,PF,READY\nshop,cart-1,,2/2\n", ANY_TABLE),
        ("pod/cart-1\npod/cart-2\n", NAMES),
        ("deployment.apps/cart\n", NAMES),
        ("Name:         cart-1\nNamespace:    shop\nPriority:     0\n", DESCRIBED),
        ("Name:               istiod\nNamespace:          mesh\nLabels:  app=istiod\n", DESCRIBED),
        ("Name:         shop\nLabels:       istio.io/rev=blue\nStatus:       Active\n", DESCRIBED),
        ("No resources found in shop namespace.\n", NOTHING),
        ("NAME     CLUSTER     CDS     LDS     EDS\na.shop   Kubernetes  SYNCED\n", PROXIES),
        ("NAME  \tNAMESPACE\tREVISION\tUPDATED\tSTATUS  \tCHART\nistiod\tmesh\t1\n", RELEASES),
    ],
    ids=lambda it: str(it).split("\n")[0][:30],
)
def test_what_a_text_is(piped: Piped, text: str, what: str) -> None:
    assert what in complaint(lambda: piped(text))


@pytest.mark.parametrize("text", ["", "NAME\n", "A NOTE TO ALL\n", "name: shop\n", "/usr/bin\n"])
def test_other_texts_are_none_of_these(piped: Piped, text: str) -> None:
    said = complaint(lambda: piped(text))
    assert "holds no Kubernetes object" in said or "is empty" in said


def test_a_long_one_is_known_as_well(piped: Piped) -> None:
    said = complaint(lambda: piped(OF_PODS + "\ncart-2   2/2     Running   0" * 1000))
    assert "is a table of pods" in said


def test_a_table_is_the_reason_why_its_kind_was_not_collected(directory: Read) -> None:
    snapshot = directory({"namespaces.json": NAMESPACES, "pods.txt": OF_PODS})
    assert whys(snapshot, NAMESPACE) == []
    [why] = whys(snapshot, POD, "shop")
    assert why.startswith("pods.txt is a table of pods, which has no labels and no fields")
    assert whys(snapshot, SECRET, "shop") == ["not collected"]
    assert [it.where for it in snapshot.remarks] == ["pods.txt"]


def test_a_table_beside_a_list_hides_nothing(directory: Read) -> None:
    snapshot = directory({"pods.json": PODS, "pods.txt": OF_PODS})
    assert whys(snapshot, POD) == []


def test_objects_below_a_table_are_read(piped: Piped) -> None:
    """As a script may append both to one file, with a line between them."""
    snapshot = piped(f"{TABLE}---\n{NAMESPACES}\n")
    assert [it.name for it in snapshot.seen(NAMESPACE).so_far] == ["shop"]
