"""Small clusters, written where they are used."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.cluster import Cluster, Source
from auditor.snapshot import Snapshot
from auditor.sources.fixture import read_fixture


def given(objects: str, header: str = "listed: all") -> Snapshot:
    """The snapshot that a fixture with these objects gives."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cluster.yaml"
        file.write_text(f"{header}\n---\n{textwrap.dedent(objects)}", encoding="utf-8")
        return read_fixture(file)


def view(snapshot: Snapshot, *reads: Source) -> Cluster:
    """What a rule that reads these would see."""
    return Cluster(snapshot, reads)


def deployment(
    name: str,
    namespace: str,
    revision: str = "",
    *,
    image: str = "docker.io/istio/pilot:1.20.3",
    labels: Iterable[str] = (),
    env: Iterable[str] = (),
    more: str = "",
) -> str:
    """An istiod as the charts render it, cut down to what tells it from other workloads."""
    marks = "".join(f", {label}" for label in labels)
    variables = "".join(f"\n        - {{{variable}}}" for variable in env)
    revised = f"\n        - {{name: REVISION, value: {revision}}}" if revision else ""
    return f"""
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels: {{app: istiod{f", istio.io/rev: {revision}" if revision else ""}{marks}}}
{textwrap.indent(textwrap.dedent(more), "  ")}
spec:
  template:
    spec:
      containers:
      - name: discovery
        image: {image}
        args: [discovery]
        env:
        - {{name: POD_NAMESPACE, value: {namespace}}}{revised}{variables}
"""
