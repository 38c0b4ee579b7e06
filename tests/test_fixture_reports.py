"""What the auditor says of each whole cluster, and what it must say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from auditor.cli.console import Console
from auditor.cli.parts import Parts
from auditor.cli.program import run
from auditor.engine import audit
from auditor.outcome import Verdict
from auditor.packs import load
from auditor.sources import read
from fixtures.builder.cluster import Cluster
from fixtures.builder.clusters import all_clusters

CLUSTERS = Path(__file__).parents[1] / "fixtures" / "clusters"
RULES = {rule.id: rule for rule in load()}
NOW = "2026-11-01T00:00:00Z"
every_cluster = pytest.mark.parametrize("cluster", all_clusters(), ids=lambda it: str(it.name))


@every_cluster
def test_just_the_rules_fail_that_the_cluster_breaks(cluster: Cluster) -> None:
    results = audit(RULES.values(), read([str(CLUSTERS / cluster.name)]))
    failed = {result.rule.id for result in results if result.verdict >= Verdict.FAIL}
    unknown = {result.rule.id for result in results if result.verdict is Verdict.UNKNOWN}

    assert failed == set(cluster.story.breaks) & RULES.keys()
    assert unknown == set(cluster.story.unknown) & RULES.keys()


@every_cluster
def test_the_report_is_the_one_beside_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(CLUSTERS)
    out = io.StringIO()
    code = run(["audit", cluster.name, "--now", NOW], Console(out, io.StringIO(), {}), Parts())
    golden = CLUSTERS / f"{cluster.name}.report.txt"
    if request.config.getoption("--accept"):
        golden.write_text(out.getvalue(), encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == out.getvalue()
    assert cluster.story.breaks or cluster.story.unknown or code == 0
