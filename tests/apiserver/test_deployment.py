"""`kubectl apply -k deploy/` deploys what a server takes, and what may run under its own rules."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.apiserver.connection import Refused
from tests.apiserver.server import ApiServer, started

DEPLOY = Path(__file__).parents[2] / "deploy"
NAMESPACE = "mesh-auditor"


@pytest.fixture(scope="module")
def server(assets: Path) -> Iterator[ApiServer]:
    with started(assets) as it:
        yield it


@pytest.fixture(scope="module")
def outcomes(server: ApiServer, kubectl: str) -> tuple[dict[str, str], dict[str, str]]:
    """What kubectl said of each object when it was applied, and when it was applied again."""
    return _applied(kubectl, server), _applied(kubectl, server)


def test_every_object_is_accepted(outcomes: tuple[dict[str, str], dict[str, str]]) -> None:
    first, _ = outcomes

    assert f"cronjob.batch/{NAMESPACE}" in first
    assert set(first.values()) == {"created"}


def test_a_second_time_changes_nothing(outcomes: tuple[dict[str, str], dict[str, str]]) -> None:
    first, second = outcomes

    assert second == dict.fromkeys(first, "unchanged")


@pytest.mark.usefixtures("outcomes")
def test_its_pods_are_as_restricted_as_their_namespace_asks(server: ApiServer) -> None:
    job = server.admin.get(f"/apis/batch/v1/namespaces/{NAMESPACE}/cronjobs/{NAMESPACE}")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]
    laxer = deepcopy(pod)
    del laxer["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"]

    assert _tried(server, pod)["spec"]["serviceAccountName"] == NAMESPACE
    with pytest.raises(Refused, match=r"403 .* violates PodSecurity"):
        _tried(server, laxer)


def _tried(server: ApiServer, template: dict[str, Any]) -> Any:
    """A pod of a template, had it been created."""
    pod = {**template, "metadata": {**template["metadata"], "name": "it"}}
    return server.admin.post(f"/api/v1/namespaces/{NAMESPACE}/pods?dryRun=All", pod)


def _applied(kubectl: str, server: ApiServer) -> dict[str, str]:
    """What kubectl says of each object."""
    done = subprocess.run(
        [kubectl, "--kubeconfig", str(server.admin_kubeconfig()), "apply", "-k", str(DEPLOY)],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(server.folder), "PATH": os.environ["PATH"]},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())
