"""The audit log tells what a user asked for, all of it, and of nobody else."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.apiserver.audit_log import Request, requests
from tests.apiserver.connection import Refused
from tests.apiserver.grants import allow
from tests.apiserver.server import ApiServer


def test_all_that_a_user_asks_for_is_told(api_server: ApiServer) -> None:
    rules = [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}]
    allow(api_server.admin, "careful", rules)
    secret = "/api/v1/namespaces/istio-system/secrets/cacerts"
    with closing(api_server.connection("careful")) as careful:
        careful.get("/apis/apps/v1")
        careful.get("/apis/apps/v1/deployments?limit=1")
        with pytest.raises(Refused):
            careful.get(secret)

    discovery, deployments, secrets = requests(api_server.audit_log, "careful")

    assert discovery == Request("careful", "get", "/apis/apps/v1", 200)
    assert (deployments.verb, deployments.kind) == ("list", "deployments.apps")
    assert deployments.code == 200
    assert secrets == Request(
        "careful", "get", secret, 403, "", "secrets", "", "istio-system", "cacerts"
    )


def test_a_request_is_told_by_the_time_that_it_is_answered(api_server: ApiServer) -> None:
    with closing(api_server.connection("hasty")) as hasty:
        for count in range(1, 21):
            hasty.get("/version")
            assert len(requests(api_server.audit_log, "hasty")) == count


def test_others_are_not_told_of(api_server: ApiServer) -> None:
    assert requests(api_server.audit_log, "nobody") == []


def test_a_request_that_has_not_ended_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    log.write_text(_line("RequestReceived"))

    def end() -> None:
        with log.open("a") as file:
            file.write(_line("ResponseComplete", responseStatus={"code": 200}))

    later = threading.Timer(0.2, end)
    later.start()
    found = requests(log, "somebody")
    later.join()

    assert found == [Request("somebody", "list", "/api/v1/pods", 200, "", "pods")]


def test_a_line_that_is_being_written_is_not_read(tmp_path: Path) -> None:
    log = tmp_path / "audit.log"
    ended = _line("ResponseComplete", responseStatus={"code": 200})
    log.write_text(_line("RequestReceived") + ended + '{"kind":"Ev')

    assert [it.code for it in requests(log, "somebody")] == [200]


def _line(stage: str, **more: object) -> str:
    event = {
        "auditID": "1",
        "stage": stage,
        "verb": "list",
        "requestURI": "/api/v1/pods",
        "user": {"username": "somebody"},
        "objectRef": {"resource": "pods", "apiVersion": "v1"},
        **more,
    }
    return json.dumps(event) + "\n"
