"""A server must be trusted before it is asked for anything."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from auditor.kinds import POD
from auditor.snapshot import Remark
from tests.live.api_server import ApiServer
from tests.live.certificates import Authority
from tests.live.house import kubeconfig
from tests.live.reaching import TOKEN, address, complaint, read


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
