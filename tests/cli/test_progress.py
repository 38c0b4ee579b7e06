"""Whoever waits at a terminal sees how far reading is; nobody else does."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from auditor import sources
from auditor.cli import progress
from auditor.cli.console import Console
from auditor.sources.watching import watched
from tests.command import Stream
from tests.formats.containers import CONTAINERS
from tests.formats.kubectl_get import get_json, get_yaml, list_yaml
from tests.formats.sample import sample
from tests.formats.trees import File, Tree

STATE = sample()
TREE: Tree = {"a.yaml": File(list_yaml(STATE)), "b.json": File(get_json(STATE.objects).encode())}
AT_ONCE = (
    "import sys; from auditor.cli import main, progress; progress.SOON = 0.0;"
    "sys.argv[0] = 'mesh-auditor'; sys.exit(main())"
)


class Watching:
    """Remembers each part of the work, its size, and how much of it was done."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, int, list[int]]] = []

    def begin(self, doing: str, size: int) -> None:
        self.parts.append((doing, size, []))

    def advance(self, size: int) -> None:
        self.parts[-1][2].append(size)


@pytest.mark.parametrize("ending", CONTAINERS)
def test_an_archive_is_unpacked_and_then_read(tmp_path: Path, ending: str) -> None:
    if ending == ".tar.zst":
        pytest.importorskip("zstandard", reason="zstandard is not installed")
    path = tmp_path / f"dump{ending}"
    path.write_bytes(CONTAINERS[ending](TREE))
    with watched(watching := Watching()):
        sources.read([str(path)])
    unpacking, reading = watching.parts
    assert unpacking[:2] == (f"unpacking {path}", path.stat().st_size)
    assert sum(unpacking[2]) <= path.stat().st_size
    held = [it.content for it in TREE.values() if isinstance(it, File)]
    assert reading[:2] == (f"reading {path}", sum(map(len, held)))
    assert sum(reading[2]) == sum(map(len, held))


@pytest.mark.parametrize("text", [get_json(STATE.objects), get_yaml(STATE.objects)])
def test_one_large_file_is_told_object_by_object(tmp_path: Path, text: str) -> None:
    path = tmp_path / "all"
    path.write_text(text)
    with watched(watching := Watching()):
        sources.read([str(path)])
    [(_, size, steps)] = watching.parts
    assert len(steps) >= len(STATE.objects)
    assert sum(steps) == size


def test_who_does_not_watch_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "all").write_text(get_yaml(STATE.objects))
    with watched(watching := Watching()):
        pass
    sources.read([str(tmp_path / "all")])
    assert watching.parts == []


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {}])
def test_nothing_is_written_where_it_could_not_be_erased(environment: dict[str, str]) -> None:
    stream = Stream(bool(environment))
    with progress.ReadingBar(Console(Stream(False), stream, environment)) as bar:
        bar.begin("reading all", 100)
        bar.advance(100)
    assert stream.getvalue() == ""


def on_a_terminal(*argv: str) -> tuple[int, str, str]:
    """A command of which standard error alone is a terminal: its code, output, and terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": os.getcwd()}
    with subprocess.Popen(
        [sys.executable, "-c", AT_ONCE, *argv],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        assert process.stdout is not None
        out = process.stdout.read()
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:
            pass  # Linux says so when the other side is closed
    os.close(ours)
    return process.returncode, out.decode(), shown.decode()


def test_a_terminal_shows_a_bar_and_then_forgets_it(tmp_path: Path) -> None:
    path = tmp_path / "dump.tar.gz"
    path.write_bytes(CONTAINERS[".tar.gz"](TREE))
    code, out, shown = on_a_terminal("meshes", str(path))
    assert code == 0
    assert "unpacking " in shown
    assert "reading " in shown
    assert shown.rpartition("\r")[2] == ""
    assert shown.split("\r")[-2].strip() == ""
    assert "reading /" not in out


def test_a_long_path_leaves_room_for_the_figures(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    path = folder / "dump.yaml"
    path.write_text(get_yaml(STATE.objects))
    code, _, shown = on_a_terminal("meshes", str(path))
    assert code == 0
    assert "/dump.yaml:" in shown
    assert "B/s]" in shown


def test_a_pipe_gets_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "dump.tar.gz"
    path.write_bytes(CONTAINERS[".tar.gz"](TREE))
    ended = subprocess.run(
        [sys.executable, "-c", AT_ONCE, "meshes", str(path)], capture_output=True, check=True
    )
    assert ended.stderr == b""
