"""What kubectl prints of a fixture cluster is printed as the fixtures are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import yaml

from fixtures.builder.kinds import NOTHING_FOUND
from fixtures.builder.objects import identity
from fixtures.builder.printing import printed
from tests.apiserver.audit_log import requests
from tests.apiserver.loading import CLUSTERS, objects_in
from tests.apiserver.server import MASTERS, ApiServer


def test_the_fixtures_are_printed_as_kubectl_does(
    api_server: ApiServer, kubectl: str, tmp_path: Path
) -> None:
    """To the byte: quotes, blocks, folds and the order of keys, in all files of a cluster."""
    kubeconfig = api_server.kubeconfig("printer", (MASTERS,))
    files = sorted((CLUSTERS / "sdm-first").glob("*.yaml"))
    for file in (it for it in files if it.name != NOTHING_FOUND):
        wanted = [identity(it) for it in objects_in(file)]
        shown = _get(kubectl, kubeconfig, tmp_path, _words(file))

        read = yaml.load(shown, Loader=yaml.CSafeLoader)
        assert printed(read) == shown
        assert wanted == [name for it in read["items"] if (name := identity(it)) in wanted]

    asked = requests(api_server.audit_log, "printer")
    assert {it.verb for it in asked} == {"get", "list"}
    assert {it.code for it in asked} == {200}


def _get(kubectl: str, kubeconfig: Path, home: Path, words: str) -> str:
    """What kubectl prints, with a home of its own so that no other configuration counts."""
    command = [kubectl, "--kubeconfig", str(kubeconfig), "get", words]
    done = subprocess.run(
        [*command, "--all-namespaces", "--output=yaml", "--show-managed-fields"],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _words(file: Path) -> str:
    """The kinds in a file, each of one version, as kubectl takes them."""
    words = []
    for it in objects_in(file):
        group, _, version = it["apiVersion"].rpartition("/")
        words.append(f"{it['kind'].lower()}.{version}.{group}")
    return ",".join(dict.fromkeys(words))
