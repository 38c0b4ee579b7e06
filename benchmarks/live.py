"""Read all pods of a large cluster over its API, beside the official client's models.

python -m benchmarks.live [--pods 10000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import compare
from benchmarks.server import PAGE, served

BASELINE = f"""
import sys
from kubernetes import client, config
config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
page = core.list_pod_for_all_namespaces(limit={PAGE})
pods = page.items
while more := page.metadata._continue:
    page = core.list_pod_for_all_namespaces(limit={PAGE}, _continue=more)
    pods += page.items
assert len(pods) == int(sys.argv[2])
"""

OURS = """
import sys
from auditor.kinds import POD
from auditor.sources.live import LiveSource, Settings, running
pods = LiveSource(Settings(kubeconfig=sys.argv[1]), running(bool)).read([POD]).seen(POD)
assert len(list(pods)) == int(sys.argv[2])
"""


def main() -> None:
    """Print a row for each way to read, and its ratios to the baseline."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pods", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(options.pods) as (address, pods):
        config = _kubeconfig(Path(folder) / "config", address)
        words = [config, str(pods)]
        sys.stdout.write(f"{pods} pods, {PAGE} a page, {options.rounds} rounds\n")
        compare(
            {
                "baseline: the client's models": ["-c", BASELINE, *words],
                "snapshot of the pods": ["-c", OURS, *words],
                "audit of the cluster": ["-m", "auditor", "audit", "--kubeconfig", config],
            },
            options.rounds,
        )


def _kubeconfig(file: Path, address: str) -> str:
    """A kubeconfig that leads to the server. JSON is YAML too."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "large",
        "contexts": [{"name": "large", "context": {"cluster": "large", "user": "me"}}],
        "clusters": [{"name": "large", "cluster": {"server": address}}],
        "users": [{"name": "me", "user": {}}],
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


if __name__ == "__main__":
    main()
