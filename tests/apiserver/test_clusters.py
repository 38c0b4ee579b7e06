"""Each fixture cluster in a server of its own is judged as its files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.builder.clusters import all_clusters, incomplete
from tests.apiserver.auditing import audited, gaps, roles, verdicts
from tests.apiserver.grants import allow
from tests.apiserver.loading import CLUSTERS, Manifest, copied, load, objects_in
from tests.apiserver.server import started

SAMPLE = {
    "canary-upgrade",
    "namespace-with-both-labels",
    "operators-of-one-name",
    "sdm-newer-than-the-crds",
    "two-upstream-meshes-by-helm",
    "upstream-too-new-for-the-crds",
    "wrong-root-accepted",
}
"""As different as they are: revisions, labels, operators, CRDs with schemas, Helm, roots."""

NOT_WHOLE = {it.name for it in incomplete.clusters()}
"""Those whose dump leaves or takes something out on purpose, which no server would do."""

WHOLE = {it.name: it.story for it in all_clusters() if it.name not in NOT_WHOLE}

HELM = "helm.sh/release.v1"
"""The type of the Secrets in which Helm records its releases."""


def test_the_sample_is_of_clusters() -> None:
    assert WHOLE.keys() >= SAMPLE


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_judged_as_its_files(
    request: pytest.FixtureRequest, assets: Path, tmp_path: Path, name: str
) -> None:
    """With the rights that `permissions` prints and no others, and nothing stays unseen."""
    if name not in SAMPLE and not request.config.getoption("--thorough"):
        pytest.skip("with --thorough")
    objects = objects_in(CLUSTERS / name)
    reach = ["--helm-releases"] if any(map(_records_a_release, objects)) else []
    with started(assets) as server:
        load(server.admin, objects)
        allow(server.admin, "auditor", [rule for it in roles(*reach) for rule in it["rules"]])
        live = audited("--kubeconfig", str(server.kubeconfig("auditor")), *reach)

    assert gaps(live) == []
    assert verdicts(live) == verdicts(audited(str(copied(CLUSTERS / name, tmp_path))))
    failed = [it["rule"] for it in live["results"] if it["verdict"] == "fail"]
    assert bool(failed) == bool(WHOLE[name].breaks)


def _records_a_release(it: Manifest) -> bool:
    return bool(it["kind"] == "Secret" and it.get("type") == HELM)
