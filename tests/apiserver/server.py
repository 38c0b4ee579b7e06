"""A real kube-apiserver with its etcd, for tests: RBAC decides, and every request is logged."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from .certificates import ADDRESS, Authority, write_key
from .connection import Connection, Refused
from .processes import Processes, held_port, processes_in

ADMIN = "admin"
MASTERS = "system:masters"

# No controllers run here that would make accounts and call a node ready, and nothing is
# behind the webhooks of a fixture cluster.
_SWITCHED_OFF = (
    "MutatingAdmissionWebhook",
    "ServiceAccount",
    "TaintNodesByCondition",
    "ValidatingAdmissionWebhook",
)

_AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "rules": [{"level": "Metadata"}],
}


class NotStarted(Exception):
    """The server did not get ready."""


@dataclass(frozen=True)
class ApiServer:
    """A server that is ready, and its files, which go when it ends."""

    port: int
    folder: Path
    authority: Authority
    admin: Connection
    processes: Processes

    @property
    def url(self) -> str:
        return f"https://{ADDRESS}:{self.port}"

    def connection(self, user: str, groups: tuple[str, ...] = ()) -> Connection:
        """A connection for a user, who may do what RBAC grants him and his groups."""
        identity = self.authority.issue(user, groups)
        return Connection(self.port, self.authority.certificate, identity)

    @property
    def audit_log(self) -> Path:
        return self.folder / "audit.log"

    def kubeconfig(self, user: str, groups: tuple[str, ...] = ()) -> Path:
        """A kubeconfig for a user, who may do what RBAC grants him and his groups."""
        identity = self.authority.issue(user, groups)
        return self.kubeconfig_with(
            user,
            {
                "client-certificate": str(identity.certificate),
                "client-key": str(identity.key),
            },
        )

    def kubeconfig_with(self, name: str, credentials: dict[str, str]) -> Path:
        """A kubeconfig with any credentials, such as a `token`."""
        cluster = {"server": self.url, "certificate-authority": str(self.authority.certificate)}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": name, "user": credentials}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}],
            "current-context": "test",
        }
        return _written(self.folder / f"{name}.kubeconfig", content)

    def admin_kubeconfig(self) -> Path:
        """A kubeconfig for a user who may do everything."""
        return self.kubeconfig(ADMIN, (MASTERS,))


@contextmanager
def started(assets: Path) -> Iterator[ApiServer]:
    """A server of the programs in `assets`, empty, ready, and gone when the block is left.

    Raises NotStarted with the end of its logs.
    """
    with (
        TemporaryDirectory(prefix="apiserver-") as name,
        held_port() as port,
        held_port() as etcd,
        held_port() as etcd_peers,
        processes_in(Path(name)) as processes,
    ):
        folder = Path(name)
        authority = Authority(folder)
        processes.start(assets / "etcd", *_etcd_options(folder, etcd, etcd_peers))
        options = _server_options(folder, authority, port, etcd)
        processes.start(assets / "kube-apiserver", *options)
        admin = Connection(port, authority.certificate, authority.issue(ADMIN, (MASTERS,)))
        with closing(admin):
            _wait_until_ready(admin, processes)
            yield ApiServer(port, folder, authority, admin, processes)


def wait_for(what: str, holds: Callable[[], bool], seconds: float = 60) -> None:
    """Ask again until it holds. Raises TimeoutError that names what did not come about."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.05)


def _wait_until_ready(admin: Connection, processes: Processes) -> None:
    def ready() -> bool:
        if processes.ended():
            raise NotStarted(f"{processes.ended()} ended:\n{processes.last_words()}")
        try:
            admin.get("/readyz")
        except (OSError, Refused):
            return False
        return True

    try:
        wait_for("kube-apiserver is ready", ready)
    except TimeoutError as error:
        raise NotStarted(f"{error}:\n{processes.last_words()}") from error


def _etcd_options(folder: Path, clients: int, peers: int) -> list[str]:
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls=http://{ADDRESS}:{clients}",
        f"--advertise-client-urls=http://{ADDRESS}:{clients}",
        f"--listen-peer-urls=http://{ADDRESS}:{peers}",
        "--socket-reuse-port=true",
        "--unsafe-no-fsync=true",
        "--log-level=warn",
    ]


def _server_options(folder: Path, authority: Authority, port: int, etcd: int) -> list[str]:
    serving = authority.issue("kube-apiserver")
    accounts = folder / "service-accounts.key"
    write_key(ec.generate_private_key(ec.SECP256R1()), accounts)
    return [
        f"--bind-address={ADDRESS}",
        f"--advertise-address={ADDRESS}",
        f"--secure-port={port}",
        "--permit-port-sharing=true",
        f"--tls-cert-file={serving.certificate}",
        f"--tls-private-key-file={serving.key}",
        f"--client-ca-file={authority.certificate}",
        f"--etcd-servers=http://{ADDRESS}:{etcd}",
        "--authorization-mode=RBAC",
        f"--audit-policy-file={_written(folder / 'audit-policy.json', _AUDIT_POLICY)}",
        f"--audit-log-path={folder / 'audit.log'}",
        "--audit-log-mode=blocking",
        f"--disable-admission-plugins={','.join(_SWITCHED_OFF)}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--endpoint-reconciler-type=none",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={accounts}",
        f"--service-account-signing-key-file={accounts}",
    ]


def _written(file: Path, content: Any) -> Path:
    """A file of JSON, which whoever wants YAML reads as well."""
    file.write_text(json.dumps(content), encoding="utf-8")
    return file
