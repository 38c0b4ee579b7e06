"""An API server that is started for one test and stopped after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.kinds import POD
from tests.live.api_server import ApiServer
from tests.live.certificates import Authority
from tests.live.house import Bench, thing


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
