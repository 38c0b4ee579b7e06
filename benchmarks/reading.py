"""Read and audit a large dump, beside the baseline, each in a process of its own.

python -m benchmarks.reading [--pods 1000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from pathlib import Path

from benchmarks.dump import write
from benchmarks.measuring import compare

BASELINE = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb'), yaml.CSafeLoader)"
SNAPSHOT = "import sys; from auditor.sources import read; read(sys.argv[1:])"


def main() -> None:
    """Print a row for each way to read, and its ratios to the baseline."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pods", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with multiprocessing.Pool(1) as pool:  # a child's peak counts from that of its parent
            in_yaml, in_json = pool.apply(write, (Path(folder), options.pods))
        ways = {
            "baseline: CSafeLoader, YAML": ["-c", BASELINE, str(in_yaml)],
            "snapshot of YAML": ["-c", SNAPSHOT, str(in_yaml)],
            "snapshot of JSON": ["-c", SNAPSHOT, str(in_json)],
            "audit of YAML": ["-m", "auditor", "audit", str(in_yaml)],
            "audit of JSON": ["-m", "auditor", "audit", str(in_json)],
        }
        size = in_yaml.stat().st_size / 1e6
        sys.stdout.write(f"{options.pods} pods, {size:.0f} MB of YAML, {options.rounds} rounds\n")
        compare(ways, options.rounds)


if __name__ == "__main__":
    main()
