"""Read and audit a large dump, beside the baseline, each in a process of its own.

python -m benchmarks.reading [--pods 1000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.dump import write

BASELINE = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb'), yaml.CSafeLoader)"
SNAPSHOT = "import sys; from auditor.sources import read; read(sys.argv[1:])"


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds of processor time and mebibytes at the peak of one run, by the system's account."""
    started = time.monotonic()
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} failed after {time.monotonic() - started:.1f} s")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print a row for each way to read, and its ratio to the baseline."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pods", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        in_yaml, in_json = write(Path(folder), options.pods)
        ways = {
            "baseline: CSafeLoader, YAML": ["-c", BASELINE, str(in_yaml)],
            "snapshot of YAML": ["-c", SNAPSHOT, str(in_yaml)],
            "snapshot of JSON": ["-c", SNAPSHOT, str(in_json)],
            "audit of YAML": ["-m", "auditor", "audit", str(in_yaml)],
            "audit of JSON": ["-m", "auditor", "audit", str(in_json)],
        }
        size = in_yaml.stat().st_size / 1e6
        sys.stdout.write(f"{options.pods} pods, {size:.0f} MB of YAML, {options.rounds} rounds\n")
        base = 0.0
        for name, words in ways.items():
            rounds = [measured([sys.executable, *words]) for _ in range(options.rounds)]
            seconds = statistics.median(it[0] for it in rounds)
            peak = statistics.median(it[1] for it in rounds)
            base = base or seconds
            ratio = seconds / base
            sys.stdout.write(
                f"{name:30} {seconds:7.2f} s {peak:7.0f} MiB  {ratio:5.2f} x baseline\n"
            )


if __name__ == "__main__":
    main()
