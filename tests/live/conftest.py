"""An API server that is started for one test and stopped after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.api_server import ApiServer
from tests.live.house import Bench


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine that runs the tests counts."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    api = ApiServer()
    server = api.start()
    try:
        yield Bench(api, server, tmp_path)
    finally:
        api.stop()
