"""Dumps as people reported them, with all their kin: what is odd about them changes no verdict."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import sources
from auditor.cluster import Built
from auditor.engine import audit
from auditor.kinds import CLUSTER_ROLE, CRD, NAMESPACE, POD
from auditor.outcome import Verdict
from auditor.packs import load
from auditor.snapshot import Snapshot
from tests.formats import node_reports
from tests.formats.fixture_clusters import fixture
from tests.formats.go_printing import go_json, go_yaml
from tests.formats.kubectl_get import get_json, get_yaml
from tests.formats.tables import table
from tests.formats.trees import contents
from tests.sources.dumps import SHOP, listing

STATE = fixture("crds-claimed-by-both")
THINGS = list(STATE.objects)
HALF = len(THINGS) // 2
RULE = next(it for it in load() if it.id == "crd-single-owner")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
WARNING = "Warning: v1 ComponentStatus is deprecated in v1.19+"
KLOG = "W0105 08:51:24.715539   12345 warnings.go:70] v1 ComponentStatus is deprecated in v1.19+"


def read(text: str | bytes) -> Snapshot:
    content = text.encode() if isinstance(text, str) else text
    return sources.read(["-"], stdin=io.BytesIO(content))


def judged(snapshot: Snapshot) -> dict[str, Verdict]:
    [result] = audit([RULE], snapshot, Built(NOW))
    return {str(about): it.verdict for about, it in result.outcomes.items()}


EXPECTED = judged(read(get_json(THINGS)))


def test_the_cluster_breaks_the_rule() -> None:
    assert Verdict.FAIL in EXPECTED.values()


COMPACT, PRETTY, YAML = go_json(listing(*THINGS)), get_json(THINGS), get_yaml(THINGS)
TWO = [get_json(part) for part in (THINGS[:HALF], THINGS[HALF:])]
GLUED: dict[str, Callable[[str], str | bytes]] = {
    "before JSON in one line": lambda said: f"{said}{COMPACT}",
    "before indented JSON": lambda said: f"{said}{PRETTY}",
    "behind JSON": lambda said: f"{PRETTY.rstrip()}{said}\n",
    "between two documents": lambda said: f"{TWO[0].rstrip()}{said}{TWO[1]}",
    "before each of two": lambda said: f"{said}{TWO[0]}{said}{TWO[1]}",
    "twice before JSON": lambda said: f"{said}{said}{PRETTY}",
    "behind a byte order mark": lambda said: f"\ufeff{said}{PRETTY}",
    "in UTF-16": lambda said: f"{said}{PRETTY}".encode("utf-16"),
    "with CRLF": lambda said: f"{said}{PRETTY}".replace("\n", "\r\n"),
    "in a line of its own": lambda said: f"{said}\n{PRETTY}",
    "before YAML": lambda said: f"{said}{YAML}",
    "behind YAML": lambda said: f"{YAML}{said}\n",
    "between the items of YAML": lambda said: YAML.replace("\n- api", f"\n{said}\n- api", 1),
}


@pytest.mark.parametrize("said", [WARNING, KLOG], ids=["warning", "klog"])
@pytest.mark.parametrize("place", GLUED)
def test_what_is_glued_to_a_document_loses_nothing(place: str, said: str) -> None:
    snapshot = read(GLUED[place](said))
    assert judged(snapshot) == EXPECTED
    assert any(said in remark.what for remark in snapshot.remarks)


SEPARATORS = [
    "---\n",
    "--- # Source: chart/templates/a.yaml\n",
    "---\n---\n",
    "---\n\n---\n",
    "# ---\n---\n",
    "---\n# Source: chart/templates/empty.yaml\n---\n",
    "---\n  # indented\n\n# ---\n---\n# Source: b.yaml\n",
    "--- \t\n",
    "---\r\n",
    "...\n---\n",
    "---\nnull\n---\n",
    "---\n~\n--- # again\n",
    "---\n{}\n---\n",
]
ENDS = ["", "---\n", "---\n# the end\n", "...\n", "\n\n", "# ---", "---"]
BEGINNINGS = ["", "# a licence\n", "# ---\n# ---\n", "---\n", "\n---\n---\n", "%YAML 1.1\n---\n"]
FEW = [it for it in THINGS if it["kind"] == "CustomResourceDefinition"][:4]
FEW_ALONE = [go_yaml(it) for it in FEW]


def seen_in(snapshot: Snapshot) -> Any:
    return snapshot.seen(CRD).so_far, snapshot.seen(CRD).gaps, judged(snapshot)


FEW_EXPECTED = seen_in(read(json.dumps(FEW)))


@given(
    st.sampled_from(BEGINNINGS),
    st.lists(st.sampled_from(SEPARATORS), min_size=len(FEW_ALONE) - 1, max_size=len(FEW_ALONE) - 1),
    st.sampled_from(ENDS),
)
def test_documents_of_nothing_are_no_damage(begins: str, between: list[str], ends: str) -> None:
    parts = zip(FEW_ALONE, [*between, ends], strict=True)
    snapshot = read(begins + "".join(text + separator for text, separator in parts))
    assert seen_in(snapshot) == FEW_EXPECTED
    assert snapshot.remarks == ()
    assert snapshot.elsewhere == ()


NAMESPACES = STATE.of(STATE.resource("namespaces"))
NAMES = [it["metadata"]["name"] for it in NAMESPACES]
DESCRIBED = "".join(
    f"Name:    {it}\nLabels:  istio.io/rev=x\nAnnotations:  <none>\nStatus:  Active\n\n"
    for it in NAMES
)
TABLES = {
    "a table": table(STATE, STATE.resource("namespaces")),
    "-o wide": "NAME   STATUS   AGE   LABELS\n"
    + "".join(f"{it}  Active  9d  a=b\n" for it in NAMES),
    "-o name": "".join(f"namespace/{it}\n" for it in NAMES),
    "describe": DESCRIBED,
    "custom columns": "NAME   KIND\n" + "".join(f"{it}  Namespace\n" for it in NAMES),
    "csv": "kind,apiVersion,name\n" + "".join(f"Namespace,v1,{it}\n" for it in NAMES),
    "jsonpath": " ".join(NAMES),
    "an error": "No resources found\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES.keys())
def test_a_table_lists_nothing(directory: Any, text: str) -> None:
    others = [it for it in THINGS if it["kind"] != "Namespace"]
    snapshot = directory({"all.json": get_json(others), "namespaces.txt": text})
    assert snapshot.seen(NAMESPACE).so_far == ()
    [gap] = snapshot.seen(NAMESPACE).gaps
    assert gap.why == "not collected" or gap.why.startswith("namespaces.txt is a table")
    assert judged(snapshot) == EXPECTED


PAGES: dict[str, Any] = {
    "a token and a count": {
        "continue": "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ",
        "remainingItemCount": 214,
    },
    "a token": {"continue": "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ", "resourceVersion": "7"},
    "a count": {"remainingItemCount": 3},
}


@pytest.mark.parametrize("shape", ["json", "yaml", "in a List", "in an array", "a line"])
@pytest.mark.parametrize("metadata", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_not_all(metadata: Any, shape: str) -> None:
    page = listing(SHOP, kind="NamespaceList", metadata=metadata)
    text = {
        "json": json.dumps(page, indent=4),
        "yaml": go_yaml(page),
        "in a List": json.dumps(listing(page)),
        "in an array": json.dumps([page]),
        "a line": json.dumps(page) + "\n" + json.dumps(listing(kind="PodList")) + "\n",
    }[shape]
    seen = read(text).seen(NAMESPACE)
    assert [it.name for it in seen.so_far] == ["shop"]
    assert all("only a page of it is here" in gap.why for gap in seen.gaps)
    assert seen.gaps


def test_the_items_of_a_page_without_their_kinds(directory: Any) -> None:
    bare = {"metadata": {"name": "shop"}}
    page = {**listing(bare, kind="NamespaceList"), "metadata": {"continue": "x"}}
    snapshot = directory({"namespaces.json": json.dumps(page), "pods.json": POD_LIST})
    assert snapshot.seen(NAMESPACE).gaps
    assert snapshot.seen(POD).gaps == ()


POD_LIST = json.dumps(listing(kind="PodList"))


@pytest.mark.parametrize("metadata", [{"continue": ""}, {"remainingItemCount": 0}, {}, None])
def test_the_last_page_is_none(metadata: Any) -> None:
    whole = listing(SHOP, kind="NamespaceList", metadata=metadata)
    assert read(json.dumps(whole)).seen(NAMESPACE).gaps == ()


def test_pages_in_several_files_stay_pages(directory: Any) -> None:
    first = listing(SHOP, kind="NamespaceList", metadata={"continue": "x"})
    bank = {**SHOP, "metadata": {"name": "bank"}}
    last = listing(bank, kind="NamespaceList", metadata={"resourceVersion": "7"})
    seen = directory({"1.json": json.dumps(first), "2.json": json.dumps(last)}).seen(NAMESPACE)
    assert [it.name for it in seen.so_far] == ["bank", "shop"]
    assert seen.gaps


def test_the_copies_of_a_sosreport_are_one_object(directory: Any) -> None:
    snapshot = directory(contents(node_reports.sosreport(STATE, everything=True)))
    roles = STATE.of(STATE.resource("clusterroles.rbac.authorization.k8s.io"))
    names = sorted(it["metadata"]["name"] for it in roles)
    assert [it.name for it in snapshot.seen(CLUSTER_ROLE)] == names
    assert not any("differs" in remark.what for remark in snapshot.remarks)
    assert all(verdict is Verdict.UNKNOWN for verdict in judged(snapshot).values())
