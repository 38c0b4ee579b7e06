"""What kubectl and the API server said between the objects, or in their place."""

from __future__ import annotations

import json
from typing import Any

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from tests.sources.dumps import CART, SHOP, Piped, listing, names


def test_a_warning_glued_to_the_json_is_told(piped: Piped) -> None:
    snapshot = piped(
        "Warning: v1 ComponentStatus is deprecated in v1.19+" + json.dumps(listing(SHOP))
    )
    assert names(snapshot) == {"Namespace": ["shop"]}
    assert [str(remark) for remark in snapshot.remarks] == [
        "standard input:1: Warning: v1 ComponentStatus is deprecated in v1.19+"
    ]


FORBIDDEN = 'Error from server (Forbidden): {}: User "pods" cannot list resource "{}" in API group'


def test_what_the_server_forbade_is_a_gap_with_its_words(piped: Piped) -> None:
    said = FORBIDDEN.format("secrets is forbidden", "secrets") + ' "" at the cluster scope'
    snapshot = piped(json.dumps(listing(SHOP, CART), indent=4) + "\n" + said + "\n")
    assert names(snapshot) == {"Namespace": ["shop"], "Pod": ["cart-1"]}
    [gap] = next(seen.gaps for kind, seen in snapshot.kinds.items() if kind.name == "Secret")
    assert gap.why == said


def test_what_was_forbidden_in_one_namespace_hides_nothing_elsewhere(piped: Piped) -> None:
    said = FORBIDDEN.format("pods is forbidden", "pods") + ' "" in the namespace "kafka"'
    seen = piped(json.dumps(listing(SHOP, CART), indent=4) + "\n" + said + "\n").seen(POD)
    assert list(seen.within("shop")) == list(seen.so_far)
    assert [gap.namespace for gap in seen.gaps] == ["kafka"]


def test_an_error_that_names_no_kind_makes_all_in_the_file_doubtful(piped: Piped) -> None:
    said = "Error from server (Expired): the provided continue parameter is too old"
    snapshot = piped(json.dumps(listing(SHOP, CART), indent=4) + "\n" + said + "\n")
    assert names(snapshot) == {}
    assert snapshot.seen(POD).gaps[0].why == said


def test_an_error_about_a_kind_that_nobody_reads_hides_nothing(piped: Piped) -> None:
    said = FORBIDDEN.format("nodes is forbidden", "nodes") + ' "" at the cluster scope'
    snapshot = piped(json.dumps(listing(SHOP), indent=4) + "\n" + said + "\n")
    assert names(snapshot) == {"Namespace": ["shop"]}


def test_an_answer_of_the_api_that_it_failed_is_a_gap(piped: Piped) -> None:
    status = {
        "apiVersion": "v1",
        "kind": "Status",
        "status": "Failure",
        "reason": "Forbidden",
        "message": 'pods is forbidden: User "me" cannot list resource "pods" in API group ""',
    }
    snapshot = piped(json.dumps(status) + json.dumps(listing(SHOP)))
    assert snapshot.seen(POD).gaps[0].why.startswith("Error from server (Forbidden): pods is")


def test_a_list_of_the_whole_cluster_ends_a_gap_of_another_source(tmp_path: Any) -> None:
    said = FORBIDDEN.format("namespaces is forbidden", "namespaces") + ' "" at the cluster scope'
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(listing(CART), indent=4) + "\n" + said + "\n")
    second.write_text(json.dumps(listing(SHOP)))
    for paths in ([first, second], [second, first]):
        assert sources.read([str(path) for path in paths]).seen(NAMESPACE).gaps == ()
    assert sources.read([str(tmp_path)]).seen(NAMESPACE).gaps != ()


def test_a_list_of_one_namespace_ends_no_gap(tmp_path: Any) -> None:
    said = FORBIDDEN.format("pods is forbidden", "pods") + ' "" at the cluster scope'
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(listing(SHOP), indent=4) + "\n" + said + "\n")
    second.write_text(json.dumps(listing(CART)))
    assert sources.read([str(first), str(second)]).seen(POD).gaps != ()


def test_what_was_said_is_told_once_and_in_its_order(piped: Piped) -> None:
    lines = ["Warning: a", "Warning: b", "Warning: a", "Error from server (Timeout): c"]
    snapshot = piped("\n".join([*lines, json.dumps(listing(SHOP), indent=4)]))
    assert [str(remark) for remark in snapshot.remarks] == [
        "standard input:1: Warning: a",
        "standard input:2: Warning: b",
        "standard input:4: Error from server (Timeout): c",
    ]


def test_of_many_warnings_a_few_are_told(piped: Piped) -> None:
    lines = [f"Warning: {number}" for number in range(9)]
    snapshot = piped("\n".join([*lines, json.dumps(listing(SHOP), indent=4)]))
    assert len(snapshot.remarks) == 6
    assert snapshot.remarks[-1].what == "4 more lines that tools wrote for people"
