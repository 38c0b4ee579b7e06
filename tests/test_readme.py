"""What the README prints is what a newcomer sees."""

import io
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.cli.console import Console
from auditor.cli.parts import Parts
from auditor.cli.program import run
from fixtures.builder.clusters import all_clusters

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DAY = datetime(2026, 11, 20, 8, 14, tzinfo=UTC)
"""When a newcomer tried it."""
RUN = re.compile(r"```console\n\$ mesh-auditor ([^\n]+)\n(.*?)```", re.DOTALL)


def test_each_run_prints_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(ROOT)

    def really(shown: re.Match[str]) -> str:
        out = io.StringIO()
        run(shlex.split(shown[1]), Console(out, io.StringIO(), {}), Parts(clock=lambda: DAY))
        return f"```console\n$ mesh-auditor {shown[1]}\n{out.getvalue()}```"

    written = README.read_text(encoding="utf-8")
    true = RUN.sub(really, written)
    if request.config.getoption("--accept"):
        README.write_text(true, encoding="utf-8")

    assert len(RUN.findall(written)) >= 1
    assert README.read_text(encoding="utf-8") == true


def test_it_counts_the_fixture_clusters() -> None:
    stories = [cluster.story for cluster in all_clusters()]
    wrong = sum(bool(it.breaks) for it in stories)
    unclear = sum(bool(it.unknown) and not it.breaks for it in stories)
    right = len(stories) - wrong - unclear
    said = f"{len(stories)} such clusters, {right} right, {wrong} wrong and {unclear} that do not"

    assert said in " ".join(README.read_text(encoding="utf-8").split())


def test_each_file_that_it_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8"))

    assert named
    assert [it for it in named if not (ROOT / it).exists()] == []
