"""Reaching a cluster by a kubeconfig, and what is said where that fails."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from auditor.kinds import POD
from auditor.snapshot import Snapshot
from auditor.sources.live import LiveSource, Settings, running
from auditor.sources.source import Unusable
from tests.live.api_server import ApiServer
from tests.live.fake_clock import FakeClock

TOKEN = "not-a-real-token"


def read(config: Path | None, clock: FakeClock | None = None, **settings: Any) -> Snapshot:
    path = str(config) if config else ""
    asked = Settings(**{"kubeconfig": path, **settings})
    return LiveSource(asked, running(bool), clock=clock or FakeClock()).read([POD])


def complaint(config: Path | None, **settings: Any) -> str:
    with pytest.raises(Unusable) as unusable:
        read(config, **settings)
    said = str(unusable.value)
    assert "\n" not in said
    assert TOKEN not in said
    return said


def address(api: ApiServer) -> str:
    return f"https://127.0.0.1:{api.port}"


def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])
