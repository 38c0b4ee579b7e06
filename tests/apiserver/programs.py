"""Where the programs are that these tests run: by the convention of Kubernetes' envtest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

VARIABLE = "KUBEBUILDER_ASSETS"
PROGRAMS = ("etcd", "kube-apiserver")

_HOW = f"`export {VARIABLE}=$(tests/apiserver/build)` builds them, in minutes and once, with Go"


class NotAskedFor(Exception):
    """Nobody said where the programs are, so that what needs them is to be skipped."""


def programs(environment: Mapping[str, str]) -> Path:
    """The folder with kube-apiserver and etcd.

    Raises NotAskedFor, or FileNotFoundError where the folder that is named lacks one.
    """
    named = environment.get(VARIABLE)
    if not named:
        raise NotAskedFor(f"needs {' and '.join(PROGRAMS)}: {_HOW}")
    folder = Path(named).absolute()
    absent = [name for name in PROGRAMS if not (folder / name).is_file()]
    if absent:
        raise FileNotFoundError(f"{VARIABLE} is {named}, which has no {absent[0]}: {_HOW}")
    return folder
