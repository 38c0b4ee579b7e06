"""Whoever stops a command that reads a cluster is not kept waiting."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.house import kubeconfig

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize("words", [["audit"], ["meshes"], ["snapshot", "-o", "it.tar.gz"]])
def test_ctrl_c_ends_it_at_once_with_one_line(tmp_path: Path, words: list[str]) -> None:
    """Though the API server took the request and never answers, and it is waited for long."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = kubeconfig(tmp_path / "config", f"http://127.0.0.1:{silent.getsockname()[1]}")
        run = [sys.executable, "-m", "auditor", *words, "--kubeconfig", str(config)]
        pipe = subprocess.PIPE
        environment = {"PYTHONPATH": str(TOP)}
        with subprocess.Popen(
            run, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path, env=environment
        ) as process:
            asked, _ = silent.accept()
            with asked:
                assert asked.recv(1)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate()

    assert (process.returncode, out, err) == (130, "", "mesh-auditor: interrupted\n")
    assert [it.name for it in tmp_path.iterdir()] == ["config"]
