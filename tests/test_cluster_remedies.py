"""Every way to mend a broken fixture cluster that is data, carried out in memory: it mends."""

from __future__ import annotations

import pytest

from auditor.outcome import Verdict
from auditor.testing import remedied
from fixtures.builder.clusters import all_clusters
from tests.whole_clusters import audited, said_of, verdicts, whole

BROKEN = [str(cluster.name) for cluster in all_clusters() if cluster.story.breaks]


@pytest.mark.parametrize("cluster", BROKEN)
def test_a_remedy_ends_its_findings_and_makes_none(cluster: str) -> None:
    """Nor does a rule become unable to tell what it could."""
    before = verdicts(said_of(cluster))
    for rule, result in said_of(cluster).items():
        for title, subjects, mended in remedied(result, whole(cluster)):
            after = verdicts(audited(mended))
            left = {about for about in subjects if after.get((rule, about), 0) > Verdict.PASS}
            worse = {key for key, it in after.items() if it > max(before.get(key, 0), Verdict.PASS)}

            assert not left, f"{rule}: {title}"
            assert not worse, f"{rule}: {title}"


def test_many_findings_end_by_what_is_data() -> None:
    ways = [
        title
        for cluster in BROKEN
        for result in said_of(cluster).values()
        for title, _, _ in remedied(result, whole(cluster))
    ]

    assert len(ways) > len(BROKEN)
