from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from auditor import sources
from auditor.snapshot import Snapshot

Dump = Callable[[Mapping[str, str | bytes]], Snapshot]


def bytes_of(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dump:
    """Writes files into the directory `dump` and reads that."""

    def read(files: Mapping[str, str | bytes]) -> Snapshot:
        for name, content in files.items():
            path = tmp_path / "dump" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes_of(content))
        monkeypatch.chdir(tmp_path)
        return sources.read(["dump"])

    return read


@pytest.fixture
def piped() -> Callable[[str | bytes], Snapshot]:
    """Reads standard input."""

    def read(content: str | bytes) -> Snapshot:
        return sources.read(["-"], stdin=io.BytesIO(bytes_of(content)))

    return read
