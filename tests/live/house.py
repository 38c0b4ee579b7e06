"""What tests of the live source share: objects, kubeconfigs and the reading itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.kinds import POD, Kind
from auditor.snapshot import Snapshot
from auditor.sources.live import LiveSource, Progress, Settings, running
from tests.live.api_server import ApiServer
from tests.live.fake_clock import FakeClock


def thing(name: str, namespace: str = "", **fields: Any) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {**fields, "metadata": {**metadata, **fields.get("metadata", {})}}


def istiod(namespace: str) -> dict[str, Any]:
    return thing("istiod", namespace, metadata={"labels": {"app": "istiod"}})


def kubeconfig(
    path: Path,
    server: str,
    cluster: dict[str, Any] | None = None,
    user: dict[str, Any] | None = None,
) -> Path:
    """A kubeconfig of one context, `prod`. JSON is YAML too."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "prod",
        "contexts": [{"name": "prod", "context": {"cluster": "prod", "user": "me"}}],
        "clusters": [{"name": "prod", "cluster": {"server": server, **(cluster or {})}}],
        "users": [{"name": "me", "user": user or {}}],
    }
    path.write_text(json.dumps(content))
    return path


@dataclass
class Bench:
    """A started API server, a kubeconfig that leads there, and a clock."""

    api: ApiServer
    server: str
    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    progress: list[Progress] = field(default_factory=list)

    def read(self, kinds: Sequence[Kind] = (POD,), **settings: Any) -> Snapshot:
        config = kubeconfig(self.folder / "config", self.server)
        source = LiveSource(
            Settings(**{"kubeconfig": str(config), **settings}),
            running(lambda it: it.label("app").value == "istiod"),
            self.progress.append,
            self.clock,
        )
        return source.read(kinds)

    def pods(self, count: int) -> None:
        """Fill the cluster with pods that are all alike."""
        self.api.objects[POD] = [thing(f"pod-{number:05}", "shop") for number in range(count)]

    def fails(self, kind: Kind, *faults: Any) -> None:
        self.api.script[self.api.list_path(kind)] = list(faults)
