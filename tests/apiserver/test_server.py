"""The server does what one in a cluster does, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from tests.apiserver.connection import Refused
from tests.apiserver.grants import allow
from tests.apiserver.processes import held_port
from tests.apiserver.server import ApiServer, NotStarted, started, wait_for

TOP = Path(__file__).parent.parent.parent


def test_nobody_may_read_what_he_was_not_allowed_to(api_server: ApiServer) -> None:
    with closing(api_server.connection("stranger")) as stranger:
        assert _code(lambda: stranger.get("/api/v1/pods")) == 403


def test_a_user_may_do_what_rbac_allows_and_no_more(api_server: ApiServer) -> None:
    rules = [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]},
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": ["istio-ca-secret"],
            "verbs": ["get"],
        },
    ]
    allow(api_server.admin, "reader", rules)

    with closing(api_server.connection("reader")) as reader:
        assert reader.get("/api/v1/pods")["items"]
        assert _code(lambda: reader.get("/api/v1/namespaces/shop/pods/it")) == 403
        assert _code(lambda: reader.get("/api/v1/secrets")) == 403
        secrets = "/api/v1/namespaces/istio-system/secrets"
        assert reader.get(f"{secrets}/istio-ca-secret")["kind"] == "Secret"
        assert _code(lambda: reader.get(f"{secrets}/another")) == 403


def test_a_user_may_be_allowed_something_in_one_namespace(api_server: ApiServer) -> None:
    rules = [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}]
    allow(api_server.admin, "tenant", rules, "istio-system")

    with closing(api_server.connection("tenant")) as tenant:
        apps = "/apis/apps/v1"
        assert tenant.get(f"{apps}/namespaces/istio-system/deployments")["items"]
        assert _code(lambda: tenant.get(f"{apps}/deployments")) == 403
        assert _code(lambda: tenant.get(f"{apps}/namespaces/default/deployments")) == 403


def test_a_service_account_can_have_a_token(api_server: ApiServer) -> None:
    accounts = "/api/v1/namespaces/default/serviceaccounts"
    api_server.admin.post(accounts, {"metadata": {"name": "a-job"}})
    made = api_server.admin.post(f"{accounts}/a-job/token", {"spec": {}})

    request = urllib.request.Request(
        f"{api_server.url}/api/v1/pods",
        headers={"Authorization": f"Bearer {made['status']['token']}"},
    )
    trust = ssl.create_default_context(cafile=str(api_server.authority.certificate))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, context=trust)
    with refused.value as answer:
        assert "system:serviceaccount:default:a-job" in json.load(answer)["message"]


def test_a_kubeconfig_names_the_server_and_who_asks(api_server: ApiServer) -> None:
    file = api_server.kubeconfig("somebody")

    content = yaml.safe_load(file.read_text())

    assert api_server.url == content["clusters"][0]["cluster"]["server"]
    assert content["contexts"][0]["context"]["user"] == "somebody"
    assert all(Path(it).is_file() for it in content["users"][0]["user"].values())


def test_nothing_is_left_when_the_block_is_left(assets: Path) -> None:
    with started(assets) as server:
        ids = server.processes.ids()
        assert len(ids) == 2
        assert all(map(_runs, ids))

    assert not any(map(_runs, ids))
    assert not server.folder.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_test_run_is_ended(assets: Path, how: signal.Signals) -> None:
    script = f"""
        import time
        from pathlib import Path
        from tests.apiserver.server import started
        with started(Path({str(assets)!r})) as server:
            print(server.folder, *server.processes.ids(), flush=True)
            time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=TOP, stdout=pipe, stderr=pipe, text=True) as run:
        assert run.stdout
        folder, *ids = run.stdout.readline().split()
        assert len(ids) == 2
        run.send_signal(how)
        run.communicate()

    wait_for("servers have ended", lambda: not any(_runs(int(it)) for it in ids))
    wait_for("their files are gone", lambda: not Path(folder).exists())


def test_a_server_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    for name, line in (("etcd", "exec sleep 600"), ("kube-apiserver", "echo no such flag; exit 1")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)

    told = r"(?s)kube-apiserver.* ended:.*no such flag"
    with pytest.raises(NotStarted, match=told), started(tmp_path):
        pass


def test_a_port_is_given_once() -> None:
    with held_port() as one, held_port() as other:
        assert one != other


def test_what_does_not_come_about_is_named() -> None:
    with pytest.raises(TimeoutError, match="the sun rises: not within 0 seconds"):
        wait_for("the sun rises", lambda: False, seconds=0)


def _code(ask: Callable[[], object]) -> int:
    with pytest.raises(Refused) as refused:
        ask()
    return refused.value.code


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
