"""Where a proxy stands between, it is used as kubectl does it."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.kinds import POD
from auditor.sources.live import Settings
from tests.live.api_server import ApiServer
from tests.live.certificates import Authority
from tests.live.fake_clock import FakeClock
from tests.live.house import kubeconfig
from tests.live.proxy import Proxy
from tests.live.reaching import TOKEN, closed_port, complaint, read

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


def test_what_no_proxy_names_is_reached_directly(
    tmp_path: Path,
    authority: Authority,
    secure: Callable[..., ApiServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = secure(authority.server("127.0.0.1"))
    proxy = Proxy(api.port)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.start()}")
    cluster = {
        "certificate-authority": str(authority.certificate),
        "tls-server-name": "127.0.0.1",
    }
    monkeypatch.setattr("socket.getaddrinfo", at_home(socket.getaddrinfo))
    config = kubeconfig(tmp_path / "config", f"https://api.prod.example.com:{api.port}", cluster)

    through = read(config)
    asked = list(proxy.asked)
    monkeypatch.setenv("NO_PROXY", "other.example.org,.prod.example.com")
    directly = read(config)
    proxy.stop()

    assert through.seen(POD)
    assert directly.seen(POD)
    assert asked
    assert asked == proxy.asked


def at_home(getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
    """Finds every name on this machine."""
    return lambda host, *more, **others: getaddrinfo("127.0.0.1", *more, **others)


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
