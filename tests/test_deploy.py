"""What runs in a cluster has the rights that an audit takes, and no others."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor import __version__
from tests.command import really

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SECRETS = "rbac-secrets.yaml"


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")))


def everything() -> list[dict[str, Any]]:
    """All objects of the kustomization."""
    return [
        it for name in documents("kustomization.yaml")[0]["resources"] for it in documents(name)
    ]


def one(kind: str) -> dict[str, Any]:
    [found] = [it for it in everything() if it["kind"] == kind]
    return found


def test_its_rights_are_those_that_are_printed(request: pytest.FixtureRequest) -> None:
    plain = really("permissions", "--no-secrets").out
    whole = really("permissions").out
    secrets = whole.removeprefix(f"{plain}---\n")
    if request.config.getoption("--accept"):
        (DEPLOY / "rbac.yaml").write_text(plain, encoding="utf-8")
        (DEPLOY / SECRETS).write_text(secrets, encoding="utf-8")

    assert secrets != whole
    assert (DEPLOY / "rbac.yaml").read_text(encoding="utf-8") == plain
    assert (DEPLOY / SECRETS).read_text(encoding="utf-8") == secrets


def test_each_role_is_bound_to_its_account_and_nothing_else_is() -> None:
    account = one("ServiceAccount")["metadata"]
    subject = {"kind": "ServiceAccount", "name": account["name"], "namespace": account["namespace"]}
    bindings = [it for it in everything() if it["kind"] == "ClusterRoleBinding"]

    assert [it["subjects"] for it in bindings] == [[subject]] * len(bindings)
    assert sorted(it["roleRef"]["name"] for it in bindings) == sorted(
        it["metadata"]["name"] for it in everything() if it["kind"] == "ClusterRole"
    )


def test_its_pod_can_do_nothing_but_read() -> None:
    pod = one("CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"].keys() == {"requests", "limits"}
    assert "volumes" not in pod


def test_its_image_is_of_this_version_and_of_the_same_user() -> None:
    [image] = documents("kustomization.yaml")[0]["images"]
    pod = one("CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    user = re.search(r"^USER (\d+):(\d+)$", (ROOT / "Containerfile").read_text(), re.MULTILINE)

    assert (image["name"], image["newTag"]) == (pod["containers"][0]["image"], __version__)
    assert user
    context = pod["securityContext"]
    assert (str(context["runAsUser"]), str(context["runAsGroup"])) == user.groups()


def test_all_that_is_copied_into_the_image_is_there() -> None:
    lines = (ROOT / "Containerfile").read_text().splitlines()
    copied = [
        name
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]

    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_kubectl_takes_it() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("needs kubectl, which Debian has in its package kubernetes-client")
    run = [kubectl, "kustomize", str(DEPLOY)]
    made = subprocess.run(run, capture_output=True, text=True, check=True).stdout

    names = [(it["kind"], it["metadata"]["name"]) for it in yaml.safe_load_all(made)]
    assert sorted(names) == sorted((it["kind"], it["metadata"]["name"]) for it in everything())
    assert f"image: mesh-auditor:{__version__}" in made
