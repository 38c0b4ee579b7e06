"""The whole clusters of the fixtures, as kubectl prints them, in YAML and in JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from auditor import sources
from auditor.documents import Document, documents
from auditor.sources.helm.coverage import WHERE as HELM
from fixtures.builder.clusters import all_clusters

ROOT = Path(__file__).parents[2] / "fixtures" / "clusters"
CLUSTERS = [ROOT / str(it.name) for it in all_clusters() if not it.refused]


@pytest.mark.parametrize("cluster", CLUSTERS, ids=lambda path: str(path.name))
def test_a_cluster_is_read_whole_and_the_same_from_json(cluster: Path) -> None:
    snapshot = sources.read([str(cluster)])
    roots = [
        document.root
        for path in sorted(cluster.iterdir())
        for document in documents(path.read_bytes())
        if isinstance(document, Document)
    ]
    text = "\n".join(json.dumps(root, indent=4) for root in roots)

    assert {it.where for it in snapshot.remarks} <= {HELM}
    assert not any(seen.gaps for seen in snapshot.kinds.values())
    assert sources.read(["-"], stdin=io.BytesIO(text.encode())).kinds == snapshot.kinds
