"""Fuzz one target with atheris: `python -m tests.fuzzing documents -max_total_time=300`."""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

TARGET = 1


def main() -> None:
    """Hand a target and its seeds to libFuzzer, which ends the process."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["auditor", "zipfile", "tarfile"]):
        targets = importlib.import_module("tests.fuzzing.targets").TARGETS
    name = sys.argv.pop(TARGET) if len(sys.argv) > TARGET else ""
    if name not in targets:
        raise SystemExit(f"say what to fuzz: {', '.join(targets)}")
    target = targets[name]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([*sys.argv, folder], target.read)
        atheris.Fuzz()


main()
