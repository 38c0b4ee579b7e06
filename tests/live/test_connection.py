"""The way to a cluster: TLS, credentials and proxies, and what is said where there is none."""

from __future__ import annotations

import base64
import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes.config import incluster_config

from auditor.kinds import POD
from auditor.snapshot import Remark, Snapshot
from auditor.sources.live import LiveSource, Settings, running
from auditor.sources.source import Unusable
from tests.live.api_server import ApiServer
from tests.live.certificates import Authority
from tests.live.fake_clock import FakeClock
from tests.live.house import Bench, kubeconfig, thing
from tests.live.proxy import Proxy

TOKEN = "not-a-real-token"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Callable[..., ApiServer]]:
    """Starts an API server behind TLS."""
    started: list[ApiServer] = []

    def start(tls: Any, **fields: Any) -> ApiServer:
        api = ApiServer(objects={POD: [thing("web", "shop")]}, **fields)
        api.start(tls)
        started.append(api)
        return api

    yield start
    for api in started:
        api.stop()


def read(config: Path | None, clock: FakeClock | None = None, **settings: Any) -> Snapshot:
    path = str(config) if config else ""
    asked = Settings(**{"kubeconfig": path, **settings})
    return LiveSource(asked, running(bool), clock=clock or FakeClock()).read([POD])


def complaint(config: Path | None, **settings: Any) -> str:
    with pytest.raises(Unusable) as unusable:
        read(config, **settings)
    said = str(unusable.value)
    assert "\n" not in said
    assert TOKEN not in said
    return said


def address(api: ApiServer) -> str:
    return f"https://127.0.0.1:{api.port}"


def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def test_a_trusted_server_is_read(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(authority.server("127.0.0.1"))
    ca = {"certificate-authority": authority.certificate.name}  # relative to the kubeconfig

    snapshot = read(kubeconfig(tmp_path / "config", address(api), ca))

    assert [pod.name for pod in snapshot.seen(POD)] == ["web"]
    assert snapshot.description == f"the cluster of the context prod ({address(api)})"
    assert snapshot.layouts == ("live cluster",)
    assert snapshot.remarks == ()


def test_the_data_of_a_certificate_serves_as_well(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(authority.server("127.0.0.1"))
    data = base64.b64encode(authority.certificate.read_bytes()).decode()
    config = kubeconfig(tmp_path / "config", address(api), {"certificate-authority-data": data})

    assert read(config).seen(POD)


def test_a_server_that_is_not_trusted_is_not_asked(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(Authority(tmp_path, "other").server("127.0.0.1"))
    ca = {"certificate-authority": str(authority.certificate)}

    said = complaint(kubeconfig(tmp_path / "config", address(api), ca, {"token": TOKEN}))

    assert said.startswith(f"{address(api)}: its certificate is not trusted: ")
    assert api.requests == []


def test_a_certificate_for_another_name_needs_the_name(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(authority.server("kubernetes.example.com"))
    ca = {"certificate-authority": str(authority.certificate)}
    named = {**ca, "tls-server-name": "kubernetes.example.com"}

    assert "IP address mismatch" in complaint(kubeconfig(tmp_path / "config", address(api), ca))
    assert read(kubeconfig(tmp_path / "config", address(api), named)).seen(POD)


def test_an_expired_certificate_is_not_trusted(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(authority.server("127.0.0.1", days=-1))
    ca = {"certificate-authority": str(authority.certificate)}

    assert "certificate has expired" in complaint(kubeconfig(tmp_path / "config", address(api), ca))


def test_what_was_not_verified_is_said(tmp_path: Path, secure: Callable[..., ApiServer]) -> None:
    api = secure(Authority(tmp_path, "other").server("127.0.0.1"))

    snapshot = read(
        kubeconfig(tmp_path / "config", address(api), {"insecure-skip-tls-verify": True})
    )

    assert snapshot.seen(POD)
    assert snapshot.remarks == (
        Remark(
            address(api),
            "its certificate was not verified: insecure-skip-tls-verify is set in the kubeconfig",
        ),
    )


def test_a_client_shows_its_certificate(
    tmp_path: Path, authority: Authority, secure: Callable[..., ApiServer]
) -> None:
    api = secure(authority.server("127.0.0.1", clients=True))
    me = authority.pair("me")
    ca = {"certificate-authority": str(authority.certificate)}
    user = {"client-certificate": str(me.certificate), "client-key": str(me.key)}

    assert read(kubeconfig(tmp_path / "config", address(api), ca, user)).seen(POD)
    assert complaint(kubeconfig(tmp_path / "config", address(api), ca)).startswith(address(api))


def test_a_token_is_shown(bench: Bench) -> None:
    bench.pods(1)
    bench.api.token = TOKEN
    file = bench.folder / "token"
    file.write_text(f"{TOKEN}\n")

    for user in ({"token": TOKEN}, {"tokenFile": "token"}, {"tokenFile": "token", "token": "old"}):
        assert read(kubeconfig(bench.folder / "config", bench.server, user=user)).seen(POD)


def test_an_expired_token_is_one_line(bench: Bench) -> None:
    bench.api.token = "another"

    said = complaint(kubeconfig(bench.folder / "config", bench.server, user={"token": TOKEN}))

    assert said == (
        "401 Unauthorized: Unauthorized; the credentials are not accepted; they may have expired"
    )


def test_credentials_that_only_the_lists_refuse_are_one_line(bench: Bench) -> None:
    config = kubeconfig(bench.folder / "config", bench.server)
    bench.api.script[bench.api.list_path(POD)] = [
        lambda it: it.say(401, {"kind": "Status", "message": "expired"})
    ]

    assert complaint(config).startswith("401 Unauthorized: expired; the credentials are not")


def test_a_token_that_no_header_can_hold_is_not_quoted(bench: Bench) -> None:
    user = {"token": f"{TOKEN}\nX: y"}

    assert complaint(kubeconfig(bench.folder / "config", bench.server, user=user)) == (
        "the kubeconfig: what it gives for authorization cannot be sent"
    )


def test_whom_the_user_acts_as_is_shown(bench: Bench) -> None:
    user = {"as": "auditor", "as-groups": ["readers", "writers"], "as-user-extra": {"x": ["1"]}}

    read(kubeconfig(bench.folder / "config", bench.server, user=user))

    headers = bench.api.requests[-1].headers
    assert headers["Impersonate-User"] == "auditor"
    assert headers.get_all("Impersonate-Group") == ["readers", "writers"]
    assert headers["Impersonate-Extra-x"] == "1"


def plugin(folder: Path, code: str) -> dict[str, Any]:
    """A user whose credentials a program gives, named relative to the kubeconfig."""
    program = folder / "plugin"
    program.write_text(f"#!{sys.executable}\n{code}\n")
    program.chmod(0o755)
    version = "client.authentication.k8s.io/v1"
    return {"exec": {"command": "./plugin", "apiVersion": version, "interactiveMode": "Never"}}


def test_a_plugin_gives_the_token(bench: Bench) -> None:
    bench.pods(1)
    bench.api.token = TOKEN
    credential = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": TOKEN},
    }
    user = plugin(bench.folder, f"print({json.dumps(credential)!r})")

    assert read(kubeconfig(bench.folder / "config", bench.server, user=user)).seen(POD)


def test_a_plugin_that_fails_is_one_line(bench: Bench) -> None:
    user = plugin(bench.folder, "raise SystemExit('log in first:\\n  cloud login')")

    said = complaint(kubeconfig(bench.folder / "config", bench.server, user=user))

    command = bench.folder / "plugin"
    assert said == (
        f"the context prod: no credentials from the plugin {command}: "
        "exec: process returned 1. log in first: cloud login"
    )
    assert bench.api.requests == []


def test_a_plugin_that_is_not_there_is_one_line(bench: Bench) -> None:
    user = {"exec": {"command": "no-such-plugin", "apiVersion": "client.authentication.k8s.io/v1"}}

    said = complaint(kubeconfig(bench.folder / "config", bench.server, user=user))

    assert said.startswith("the context prod: no credentials from the plugin no-such-plugin: ")


def test_no_server_is_one_line_after_a_few_tries(tmp_path: Path) -> None:
    server = f"http://127.0.0.1:{closed_port()}"
    clock = FakeClock()

    said = complaint(kubeconfig(tmp_path / "config", server), clock=clock)

    assert said == f"{server}: Connection refused (tried 5 times)"
    assert clock.waits == [0.25, 0.5, 1.0, 2.0]


def test_what_is_no_api_server_is_one_line(bench: Bench) -> None:
    config = kubeconfig(bench.folder / "config", bench.server)
    bench.api.script["/api"] = [lambda it: it.say(200, b"<html>Welcome</html>")]

    assert complaint(config) == ("the answer is not JSON: Expecting value at line 1, column 1")


CLUSTER_BEHIND = "https://api.prod.example.com:6443"


def test_the_proxy_of_the_kubeconfig_is_used(
    tmp_path: Path,
    authority: Authority,
    secure: Callable[..., ApiServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing else leads to this server, and NO_PROXY does not count, as for kubectl."""
    monkeypatch.setenv("NO_PROXY", "example.com")
    api = secure(authority.server("api.prod.example.com"))
    proxy = Proxy(api.port)
    port = proxy.start()
    cluster = {
        "insecure-skip-tls-verify": True,
        "proxy-url": f"http://me:p%40ss@127.0.0.1:{port}",
    }

    snapshot = read(kubeconfig(tmp_path / "config", CLUSTER_BEHIND, cluster, {"token": TOKEN}))
    proxy.stop()

    assert snapshot.seen(POD)
    assert set(proxy.asked) == {"api.prod.example.com:6443"}
    assert set(proxy.credentials) == {f"Basic {base64.b64encode(b'me:p@ss').decode()}"}


def test_the_proxy_of_the_environment_is_used(
    tmp_path: Path,
    authority: Authority,
    secure: Callable[..., ApiServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = secure(authority.server("api.prod.example.com"))
    proxy = Proxy(api.port)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.start()}")
    ca = {"certificate-authority": str(authority.certificate)}

    snapshot = read(kubeconfig(tmp_path / "config", CLUSTER_BEHIND, ca))
    proxy.stop()

    assert snapshot.seen(POD)
    assert set(proxy.asked) == {"api.prod.example.com:6443"}


def test_a_dead_proxy_is_named_without_its_password(tmp_path: Path) -> None:
    port = closed_port()
    cluster = {"insecure-skip-tls-verify": True, "proxy-url": f"http://me:{TOKEN}@127.0.0.1:{port}"}
    clock = FakeClock()

    said = complaint(kubeconfig(tmp_path / "config", CLUSTER_BEHIND, cluster), clock=clock)

    assert said == (
        f"{CLUSTER_BEHIND} through the proxy http://127.0.0.1:{port}: "
        "Connection refused (tried 5 times)"
    )
    assert clock.time < Settings().timeout


def test_a_dead_proxy_is_given_up_within_the_timeout(tmp_path: Path) -> None:
    cluster = {"proxy-url": f"http://127.0.0.1:{closed_port()}"}

    said = complaint(kubeconfig(tmp_path / "config", CLUSTER_BEHIND, cluster), timeout=0.6)

    assert said.endswith("Connection refused; not finished within --timeout 0.6 (seconds)")
    assert "through the proxy http://127.0.0.1:" in said


def test_a_proxy_of_no_known_kind_is_one_line(tmp_path: Path) -> None:
    cluster = {"proxy-url": "gopher://127.0.0.1"}

    said = complaint(kubeconfig(tmp_path / "config", CLUSTER_BEHIND, cluster))

    assert said.startswith("the proxy gopher://127.0.0.1 cannot be used: ")


def test_in_a_cluster_the_token_of_the_pod_is_shown(
    tmp_path: Path,
    authority: Authority,
    secure: Callable[..., ApiServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = secure(authority.server("127.0.0.1"), token=TOKEN)
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(authority.certificate))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(api.port))
    monkeypatch.setenv("HOME", str(tmp_path))

    snapshot = read(None)

    assert snapshot.seen(POD)
    assert snapshot.description == f"the cluster of this pod ({address(api)})"


def test_a_pod_without_a_token_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "none"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert complaint(None) == (
        "in this pod: Service token file does not exist.; does it mount a ServiceAccount's token?"
    )


def test_without_any_configuration_there_is_no_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert complaint(None).startswith("no cluster to read: there is no kubeconfig")
