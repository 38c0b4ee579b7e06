"""Real API servers, each with a fixture cluster or with nothing in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apiserver.loading import CLUSTERS, load, objects_in
from tests.apiserver.programs import NotAskedFor, programs
from tests.apiserver.server import ApiServer, started


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder with kube-apiserver and etcd; a test that needs it is skipped without."""
    try:
        return programs(os.environ)
    except NotAskedFor as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def kubectl() -> str:
    """The program; a test that needs it is skipped without."""
    found = shutil.which("kubectl")
    if found is None:
        pytest.skip("needs kubectl, which Debian has in its package kubernetes-client")
    return found


@pytest.fixture(scope="session")
def api_server(assets: Path) -> Iterator[ApiServer]:
    """A server with the fixture cluster sdm-first, for all tests that only read it."""
    with started(assets) as server:
        load(server.admin, objects_in(CLUSTERS / "sdm-first"))
        yield server
