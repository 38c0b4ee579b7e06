"""A snapshot is saved whole or not at all, and holds what the selected rules need."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from auditor.kinds import CRD, NAMESPACE, POD, Kind
from auditor.seen import Seen
from auditor.snapshot import Snapshot, gap
from auditor.sources import read
from tests.command import SHOP, Ended, command
from tests.house import make_rule, passes

RULES = [
    make_rule("about-crds", passes, kind=CRD, family="crd"),
    make_rule("about-pods", passes, kind=POD),
]


def saved(*options: str, snapshot: Snapshot = SHOP) -> tuple[Ended, list[Sequence[Kind]]]:
    asked: list[Sequence[Kind]] = []

    def survey(settings: object, kinds: Sequence[Kind], progress: object) -> Snapshot:
        asked.append(kinds)
        return snapshot

    return command("snapshot", *options, rules=RULES, survey=survey), asked


def test_it_is_saved_and_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "it.tar.gz"

    ended, _ = saved("-o", str(file))

    assert (ended.code, ended.out, ended.err) == (0, f"{file}: 1 objects, 1 kinds\n", "")
    assert read([str(file)]).kinds == SHOP.kinds
    assert [it.name for it in tmp_path.iterdir()] == ["it.tar.gz"]


def test_it_has_a_name_where_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    saved()

    assert [it.name for it in tmp_path.iterdir()] == ["mesh-auditor-snapshot.tar.gz"]


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    partly = Snapshot({**SHOP.kinds, POD: Seen(gaps=(gap(POD, "403"),))})

    ended, _ = saved("-o", str(tmp_path / "it"), snapshot=partly)

    assert ended.out.endswith("/it: 1 objects, 2 kinds, of which not or not whole: pods\n")


def test_only_what_the_selected_rules_need_is_read(tmp_path: Path) -> None:
    _, [kinds] = saved("-o", str(tmp_path / "it"), "--select", "crd")

    assert set(kinds) == {CRD, NAMESPACE}


@pytest.mark.parametrize("name", ["", "none/it.tar.gz", "."])
def test_a_place_that_cannot_be_is_refused_before_anything_is_read(
    name: str, tmp_path: Path
) -> None:
    ended, asked = saved("-o", str(tmp_path / name))

    assert "directory" in ended.complaint
    assert asked == []


def test_an_interruption_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "it.tar.gz"
    file.write_text("yesterday's")

    def interrupted(snapshot: object, opened: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.sources.saved.write_snapshot", interrupted)
    with pytest.raises(KeyboardInterrupt):
        saved("-o", str(file))

    assert file.read_text() == "yesterday's"
    assert [it.name for it in tmp_path.iterdir()] == ["it.tar.gz"]
