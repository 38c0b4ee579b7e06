"""Whatever goes wrong on the way, the command says it, and its exit code tells what it comes to."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from auditor.kinds import CRD, ISTIO_CONTROL_PLANE, POD
from tests.command import Ended, really
from tests.live.api_server import ApiServer
from tests.live.certificates import Authority
from tests.live.fake_clock import FakeClock
from tests.live.faults import cut_short, endless, redirects, refuses, reset, says
from tests.live.house import Bench, kubeconfig, thing

SDM = {"labels": {"app.kubernetes.io/managed-by": "istio-operator"}}
GROUP = "networking.istio.io"
BUSY = refuses(429, "TooManyRequests", "busy", {"Retry-After": "1"})
BROKEN = refuses(500, "InternalError", "etcdserver: leader changed")
EXPIRED = refuses(410, "Expired", "the continue parameter is too old")
FORBIDDEN = refuses(403, "Forbidden", "crds is forbidden")
WEBHOOK = refuses(500, "InternalError", "conversion webhook failed: connection refused")
RIGHT = f"""\
{{apiGroups: ["{CRD.group}"], resources: ["{CRD.plural}"], verbs: ["get", "list"]}}"""


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked again is asked at once."""
    monkeypatch.setattr("auditor.sources.live.clock.SystemClock.wait", lambda self, seconds: None)


@pytest.fixture
def cluster(bench: Bench) -> Bench:
    """A cluster with a few CRDs of Istio, all of one owner."""
    bench.api.objects[CRD] = crds(3)
    return bench


@pytest.fixture
def large(bench: Bench) -> Bench:
    """A cluster with CRDs on three pages."""
    bench.api.objects[CRD] = crds(1200)
    return bench


def crds(count: int) -> list[dict[str, Any]]:
    spec = {"group": GROUP, "names": {"plural": "its"}}
    return [thing(f"its{number}.{GROUP}", metadata=SDM, spec=spec) for number in range(count)]


def audited(bench: Bench, *options: str) -> Ended:
    config = kubeconfig(bench.folder / "config", bench.server)
    return really("audit", "--kubeconfig", str(config), "--select", "crd-single-owner", *options)


def test_without_a_fault_it_passes(cluster: Bench) -> None:
    assert audited(cluster).code == 0


@pytest.mark.parametrize(
    "faults",
    [
        [None, None, EXPIRED],
        [BUSY],
        [BROKEN, BROKEN],
        [None, reset],
        [cut_short],
    ],
    ids=["410 in the third page", "429", "500 twice", "a reset in a body", "a page cut short"],
)
def test_what_passes_changes_nothing(large: Bench, faults: Sequence[Any]) -> None:
    large.fails(CRD, *faults)

    ended = audited(large, "-o", "json")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["coverage"][str(CRD)] == {"listed": True, "objects": 1200}


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (FORBIDDEN, "403 Forbidden: crds is forbidden"),
        (refuses(404, "NotFound", "the server could not find it"), "404 Not Found: the server"),
        (BUSY, "429 Too Many Requests: busy (tried 5 times)"),
        (BROKEN, "500 Internal Server Error: etcdserver: leader changed (tried 5 times)"),
        (EXPIRED, "(the list expired before its end, 4 times)"),
        (reset, "the answer was cut short: Connection reset by peer (tried 5 times)"),
        (cut_short, "the answer was cut short: IncompleteRead"),
        (says(b"<html>"), "the answer is not JSON: Expecting value at line 1, column 1"),
        (redirects("https://login.example.org/"), "302: the answer leads to https://login."),
    ],
)
def test_what_stays_is_unknown(cluster: Bench, fault: Any, why: str) -> None:
    cluster.fails(CRD, *[fault] * 30)

    ended = audited(cluster)

    assert (ended.code, ended.err) == (3, "")
    assert f"UNKNOWN crd-single-owner: not seen: {CRD} (" in ended.out
    assert why in ended.out
    assert "\nTo tell, " in ended.out
    assert (f"a ClusterRole with the rule {RIGHT}" in ended.out) == (fault is FORBIDDEN)


def test_a_body_without_an_end_is_left_in_time(
    cluster: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr("auditor.sources.live.clock.SystemClock.now", lambda self: clock.now())
    cluster.fails(CRD, endless(clock))

    ended = audited(cluster, "--timeout", "60")

    assert ended.code == 3
    assert "not finished within --timeout 60 (seconds)" in ended.out


def test_a_page_that_breaks_off_is_not_taken_for_the_whole(large: Bench) -> None:
    large.fails(CRD, None, None, *[cut_short] * 30)

    ended = audited(large)

    assert ended.code == 3
    assert "UNKNOWN crd-single-owner" in ended.out


def test_a_conversion_webhook_that_fails_is_only_its_kind(cluster: Bench) -> None:
    cluster.fails(ISTIO_CONTROL_PLANE, *[WEBHOOK] * 30)

    ended = audited(cluster)

    assert ended.code == 0
    assert f"{ISTIO_CONTROL_PLANE} (500 Internal Server Error: conversion webhook" in ended.out


def test_a_namespace_that_may_not_be_read_is_named(cluster: Bench) -> None:
    cluster.api.refused = lambda verb, kind, namespace, name: (kind, namespace) == (POD, "bank")

    ended = audited(cluster, "--namespace", "shop", "--namespace", "bank")

    assert ended.code == 0
    assert "pods in bank (403 Forbidden: pods is forbidden: " in ended.out


def test_ten_thousand_objects_are_all_seen(cluster: Bench) -> None:
    cluster.pods(10_000)

    ended = audited(cluster, "-o", "json")

    assert ended.code == 0
    assert json.loads(ended.out)["coverage"]["pods"] == {"listed": True, "objects": 10_000}


def test_credentials_that_expired_are_one_line(cluster: Bench) -> None:
    cluster.api.token = "another"

    said = audited(cluster).complaint

    assert said == "401 Unauthorized: Unauthorized; the credentials are not accepted; they may " + (
        "have expired"
    )


def test_a_context_that_is_not_there_is_one_line(cluster: Bench) -> None:
    said = audited(cluster, "--context", "tset").complaint

    assert said.endswith("--context tset: there is no such context; it has prod")


def test_nobody_there_is_one_line(tmp_path: Path) -> None:
    config = kubeconfig(tmp_path / "config", "http://127.0.0.1:1")

    ended = really("audit", "--kubeconfig", str(config))

    assert ended.complaint == "http://127.0.0.1:1: Connection refused (tried 5 times)"


def test_a_server_that_is_not_trusted_is_one_line(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(authority.server("127.0.0.1"))
    config = kubeconfig(tmp_path / "config", f"https://127.0.0.1:{api.port}")

    said = really("audit", "--kubeconfig", str(config)).complaint

    assert "its certificate is not trusted: " in said
    assert api.requests == []


def test_no_configuration_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    for name in ("audit", "meshes", "snapshot"):
        assert really(name).complaint.startswith("no cluster to read: there is no kubeconfig")


def test_no_snapshot_is_left_of_a_cluster_that_cannot_be_read(tmp_path: Path) -> None:
    config = kubeconfig(tmp_path / "config", "http://127.0.0.1:1")
    options = ["--kubeconfig", str(config), "-o", str(tmp_path / "it.tar.gz")]

    assert really("snapshot", *options).code == 2
    assert [it.name for it in tmp_path.iterdir()] == ["config"]
