"""At a terminal the command says how far it is; into a pipe it says nothing of it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from auditor.cli.status import ERASED
from auditor.kinds import CRD, POD
from tests.live.house import Bench, kubeconfig, thing

TOP = Path(__file__).parents[2]


def command(bench: Bench) -> list[str]:
    config = kubeconfig(bench.folder / "config", bench.server)
    return [sys.executable, "-m", "auditor", "meshes", "--kubeconfig", str(config)]


def test_a_terminal_sees_each_kind_and_nothing_at_the_end(bench: Bench) -> None:
    bench.pods(1200)
    bench.api.objects[CRD] = [thing("its.networking.istio.io")]
    terminal, other_end = pty.openpty()
    with subprocess.Popen(
        command(bench),
        stdout=subprocess.PIPE,
        stderr=other_end,
        cwd=TOP,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    ) as process:
        os.close(other_end)
        shown = read_all(terminal)
        out, _ = process.communicate()

    assert out
    lines = shown.split(ERASED)
    said = [line.partition(" (lists read: ")[0] for line in lines]
    assert lines[:2] == ["", "reading the cluster"]
    assert lines[-1] == ""
    for line in (
        f"reading {POD}: 500, 700 to come",
        f"reading {POD}: 1000, 200 to come",
        f"reading {POD}: 1200",
        f"reading {CRD}: 1",
    ):
        assert line in said
    lists = {path for path in bench.api.paths if path not in ("/api", "/apis")}
    assert lines[-2].endswith(f" (lists read: {len(lists)})")


def test_a_pipe_sees_nothing_of_it(bench: Bench) -> None:
    bench.pods(1200)

    done = subprocess.run(command(bench), capture_output=True, cwd=TOP, check=False)

    assert bench.api.list_path(POD) in bench.api.paths
    assert done.stdout
    assert done.stderr == b""


def read_all(terminal: int) -> str:
    """What is written to the other end of a terminal until nobody holds that any more."""
    found = b""
    try:
        while piece := os.read(terminal, 65536):
            found += piece
    except OSError:  # Linux tells the end of a terminal as an error
        pass
    finally:
        os.close(terminal)
    return found.decode()
