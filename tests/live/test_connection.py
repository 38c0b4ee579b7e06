"""Where there is no cluster to read, one line says so; in a pod it is its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest
from kubernetes.config import incluster_config

from auditor.kinds import POD
from tests.live.api_server import ApiServer, Handler
from tests.live.certificates import Authority
from tests.live.fake_clock import FakeClock
from tests.live.faults import refuses
from tests.live.house import Bench, kubeconfig
from tests.live.reaching import TOKEN, address, closed_port, complaint, read


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


def test_in_a_cluster_the_token_of_the_pod_is_shown(
    tmp_path: Path,
    authority: Authority,
    secure: Callable[..., ApiServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = secure(authority.server("127.0.0.1"), token=TOKEN)
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    in_the_pod(monkeypatch, api, tmp_path / "token", authority)

    snapshot = read(None)

    assert snapshot.seen(POD)
    assert snapshot.description == f"the cluster of this pod ({address(api)})"


def test_a_token_that_is_renewed_while_reading_is_read_again(
    tmp_path: Path,
    authority: Authority,
    secure: Callable[..., ApiServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kubelet writes a new token into the file before the old one ends."""
    api = secure(authority.server("127.0.0.1"), token=TOKEN)
    token = tmp_path / "token"
    token.write_text(TOKEN)
    in_the_pod(monkeypatch, api, token, authority)
    monkeypatch.setattr(
        incluster_config, "datetime", SimpleNamespace(datetime=Hours, timedelta=timedelta)
    )

    def renewed(handler: Handler) -> None:
        api.token = f"{TOKEN}-2"
        token.write_text(api.token)
        refuses(429, "TooManyRequests", "busy")(handler)

    api.script[api.list_path(POD)] = [renewed]

    assert [pod.name for pod in read(None).seen(POD)] == ["web"]
    shown = [it.headers["Authorization"] for it in api.requests]
    assert [it.partition(" ")[2] for it in shown] == [TOKEN] * 2 + [f"{TOKEN}-2"]


class Hours(datetime):
    """Each look at the clock is an hour later than the one before."""

    looks = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        cls.looks += 1
        return cls(2026, 1, 1, tzinfo=tz) + timedelta(hours=cls.looks)


def in_the_pod(
    monkeypatch: pytest.MonkeyPatch, api: ApiServer, token: Path, authority: Authority
) -> None:
    """Let this process be in a pod of the cluster, and its home without a kubeconfig."""
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(token))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(authority.certificate))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(api.port))
    monkeypatch.setenv("HOME", str(token.parent))


def test_a_pod_without_a_token_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "none"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert complaint(None) == (
        "in this pod: Service token file does not exist.; does it mount a ServiceAccount's token?"
    )


def test_certificates_that_no_file_can_be_made_of_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container whose file system is read-only."""

    def refused(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("tempfile.mkstemp", refused)
    data = {"certificate-authority-data": "QQ=="}

    assert complaint(kubeconfig(tmp_path / "config", "https://127.0.0.1:1", data)) == (
        "the context prod: No usable temporary directory found in ['/tmp']; certificates "
        "that stand in the kubeconfig itself go through temporary files: set TMPDIR to a "
        "directory for them"
    )


def test_without_any_configuration_there_is_no_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert complaint(None).startswith("no cluster to read: there is no kubeconfig")
