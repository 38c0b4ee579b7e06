"""Directories, links and pipes."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from auditor import sources
from auditor.kinds import NAMESPACE, POD
from tests.sources.dumps import NAMESPACES, PODS, TABLE


def test_directories_are_read_to_the_bottom_in_order(directory: Any) -> None:
    snapshot = directory({"b/c/pods": PODS, "a": NAMESPACES, "b/.git/x": b"\x1f\x8b\x08"})
    assert [thing.origin.file for thing in snapshot.seen(NAMESPACE).so_far] == ["a"]
    assert snapshot.seen(POD).gaps == ()
    assert snapshot.description == "dump"
    assert snapshot.remarks == ()


def test_files_of_several_sources_are_named_with_their_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dump/in").mkdir(parents=True)
    Path("dump/in/a.json").write_text(NAMESPACES)
    Path("b.json").write_text(PODS)
    snapshot = sources.read(["dump/", "b.json"])
    [shop] = snapshot.seen(NAMESPACE)
    assert shop.origin is not None
    assert shop.origin.file == "dump/in/a.json"
    assert snapshot.description == "dump/, b.json"


def test_links_are_not_followed_and_told_where_they_leave(tmp_path: Path, directory: Any) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(PODS)
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "loop").symlink_to(dump)
    (dump / "leaves").symlink_to(outside)
    (dump / "nowhere").symlink_to(dump / "missing")
    (dump / "again.json").symlink_to(dump / "a.json")
    snapshot = directory({"a.json": NAMESPACES})
    assert POD not in snapshot.kinds
    assert [remark.where for remark in snapshot.remarks] == ["leaves", "nowhere"]


def test_a_link_that_is_pointed_at_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(NAMESPACES)
    (tmp_path / "link").symlink_to(tmp_path / "a.json")
    assert sources.read([str(tmp_path / "link")]).seen(NAMESPACE).gaps == ()


def test_a_pipe_in_a_directory_is_not_opened(tmp_path: Path, directory: Any) -> None:
    (tmp_path / "dump").mkdir()
    os.mkfifo(tmp_path / "dump" / "pipe")
    snapshot = directory({"a.json": NAMESPACES})
    assert [remark.where for remark in snapshot.remarks] == ["pipe"]


def test_names_of_files_obey_no_terminal(directory: Any) -> None:
    snapshot = directory({"a.json": NAMESPACES, "\x1b[2J\n": TABLE})
    assert snapshot.remarks[0].where == "\\u001b[2J\\n"


def test_a_pipe_that_is_pointed_at_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(NAMESPACES))
    writer.start()
    snapshot = sources.read([str(pipe)])
    writer.join()
    [shop] = snapshot.seen(NAMESPACE)
    assert shop.origin is not None
    assert shop.origin.line(()) == 1
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_directories_deeper_than_python_recurses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text(NAMESPACES)
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    try:
        assert sources.read([str(tmp_path)]).seen(NAMESPACE).gaps == ()
    finally:
        for _ in range(1200):
            os.chdir("..")
            os.rmdir("d")
