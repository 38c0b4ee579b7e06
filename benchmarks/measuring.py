"""Runs of commands, beside a baseline, each in a process of its own."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence


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


def compare(ways: Mapping[str, Sequence[str]], rounds: int) -> None:
    """Print a row for each way, words for this Python, and its ratios to the first of them."""
    base = 0.0, 0.0
    for name, words in ways.items():
        runs = [measured([sys.executable, *words]) for _ in range(rounds)]
        seconds = statistics.median(it[0] for it in runs)
        peak = statistics.median(it[1] for it in runs)
        base = base if base[0] else (seconds, peak)
        sys.stdout.write(
            f"{name:34} {seconds:7.2f} s {seconds / base[0]:5.2f} x"
            f" {peak:7.0f} MiB {peak / base[1]:5.2f} x\n"
        )
