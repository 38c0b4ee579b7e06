"""Several reports in one run, each whole or not at all."""

import json
import os
import stat
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command import command


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    document, cases = tmp_path / "r.json", tmp_path / "r.xml"
    asked = ("-o", f"json={document}", "--output", f"junit={cases}", "-o", "table")
    ended = command("audit", "dump", *asked)

    assert ended.code == 0
    assert ended.out == command("audit", "dump").out
    assert document.read_bytes().decode() == command("audit", "dump", "-o", "json").out
    assert json.loads(document.read_bytes())["exit_code"] == 0
    assert ElementTree.fromstring(cases.read_bytes()).attrib["tests"] == "1"
    assert sorted(tmp_path.iterdir()) == [document, cases]


def test_when_all_goes_to_files_the_end_is_still_told(tmp_path: Path) -> None:
    ended = command("audit", "dump", "-o", f"json={tmp_path}/r.json")

    assert ended.out == ""
    assert ended.err == "mesh-auditor: exit 0: no rule found anything that stands in the way.\n"


def test_a_file_is_never_wrapped_or_coloured(tmp_path: Path) -> None:
    environment = {"COLUMNS": "40"}
    command("audit", "dump", "-o", f"table={tmp_path}/r", terminal=True, environment=environment)

    assert (tmp_path / "r").read_text() == command("audit", "dump").out


def test_a_dash_is_standard_output() -> None:
    assert command("audit", "dump", "-o", "json=-") == command("audit", "dump", "-o", "json")


def test_a_file_that_is_there_keeps_its_rights_and_its_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    command("audit", "dump", "-o", f"json={link}")

    assert link.is_symlink()
    assert json.loads(real.read_text())["exit_code"] == 0
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    ended = command("audit", "dump", "-o", f"json={pipe}")
    reader.join()

    assert (ended.code, got) == (0, [command("audit", "dump", "-o", "json").out])
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["yaml"], "-o yaml: no such format; there are table, json, junit"),
        (["json="], "-o json=: after the = a path is missing"),
        (["table", "json"], "only one report can go to standard output"),
        (["json=a.json", "junit=./a.json"], "only one report can go to "),
        (["json=no/such/r.json"], "-o json=no/such/r.json: no/such is no directory"),
        (["json=folder"], "-o json=folder: folder is a directory"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused_first(
    asked: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    options = [word for each in asked for word in ("-o", each)]

    assert command("audit", "dump", *options).complaint.startswith(said)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_what_fails_while_writing_is_one_line(tmp_path: Path) -> None:
    too_long = tmp_path / ("n" * 300)
    ended = command("audit", "dump", "-o", f"json={too_long}")

    assert ended.complaint == f"-o json={too_long}: File name too long"
