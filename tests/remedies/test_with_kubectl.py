"""The real kubectl takes the lines of remedies, of a server that has what the dumps have."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.kinds import CRD, KINDS, Kind
from auditor.objects import Obj
from auditor.withheld import Withheld
from tests.formats.api_server import serving
from tests.formats.cluster_state import BUILT_IN, ClusterState, Manifest, Resource

from . import kubectl, shell
from .findings import PLACES, commands, findings, snapshot_of
from .known import BY_CONVENTION, OF_OTHERS, kind_of, known

KUBECTL = shutil.which("kubectl")
pytestmark = pytest.mark.skipif(
    not KUBECTL, reason="needs kubectl, which Debian has in its package kubernetes-client"
)
DRY = {"annotate", "create clusterrolebinding", "create configmap", "create namespace", "delete"}
DRY |= {"label", "patch", "scale", "set env", "set image"}
LIKE_GET = {"describe", "edit", "logs"}
"""Verbs for a person at a terminal; what they are about, `get` finds as they do."""


Run = Callable[[tuple[str, ...]], str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """What kubectl has against a command line; nothing where it takes it."""
    folder = tmp_path_factory.mktemp("home")
    env = {**os.environ, "HOME": str(folder), "KUBECONFIG": str(folder / "none"), "NO_PROXY": "*"}
    with serving(_everything()) as url:

        def against(words: tuple[str, ...]) -> str:
            done = _run(words, url, folder, env)
            return f"{' '.join(words)}\n{done.stderr}" if done.returncode else ""

        yield against


def test_the_real_kubectl_takes_a_line_of_each_shape(run: Run) -> None:
    refused = list(filter(None, map(run, _one_of_each_shape())))

    assert not refused, "\n".join(refused)


@pytest.mark.parametrize(
    "line",
    [
        "kubectl label namespace nowhere a=b",
        "kubectl rollout restart pod broker-0 -n kafka",
        "kubectl delete nothing.istio.io a",
    ],
)
def test_it_refuses_what_cannot_be_done(run: Run, line: str) -> None:
    assert run(tuple(line.split()))


def _run(
    words: tuple[str, ...], url: str, folder: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    call = kubectl.parsed(words)
    for word in words:
        option, _, name = word.partition("=")
        if option == "--from-file":  # what the person who types has by then
            name = name.rpartition("=")[2]
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("what a person put there")
    program = [str(KUBECTL), "--server", url]
    if call.verb in LIKE_GET:
        place = ["-n", call.namespace] if call.namespace else []
        asked = [*program, "get", *(it for pair in call.targets for it in pair), *place]
    else:
        asked = [*program, *words[1:], *(["--dry-run=client"] if call.verb in DRY else [])]
    return subprocess.run(asked, env=env, cwd=folder, capture_output=True, text=True, check=False)


def _one_of_each_shape() -> list[tuple[str, ...]]:
    """Of the lines that differ in names and values alone, one."""
    shapes: dict[object, tuple[str, ...]] = {}
    for words in sorted(set(_lines())):
        call = kubectl.parsed(words)
        kinds = sorted({kind for kind, _ in call.targets})
        shapes.setdefault((call.verb, *kinds, *call.flags, len(call.changes)), words)
    return list(shapes.values())


def _lines() -> Iterator[tuple[str, ...]]:
    """Every command line of kubectl but those whose input another program writes, or whose kind
    no rule reads."""
    for place in PLACES:
        for finding in findings(place):
            for remedy in finding.remedies:
                for line in commands(remedy):
                    programs = shell.programs(line)
                    calls = (it.words for it in programs if it.words[0] == "kubectl")
                    yield from (it for it in calls if _can_be_run(kubectl.parsed(it)))


def _can_be_run(call: kubectl.Call) -> bool:
    """Whether the server here has all that a call needs."""
    foreign = BY_CONVENTION & set(call.targets) or OF_OTHERS & {kind for kind, _ in call.targets}
    return call.verb != "apply" and not foreign


def _everything() -> ClusterState:
    """What all dumps have, as one cluster: of two objects of one name, the first."""
    found: dict[tuple[str, str, str], Manifest] = {}
    for place in PLACES:
        for seen in snapshot_of(place).kinds.values():
            for it in seen.so_far:
                found.setdefault((str(it.kind), it.namespace, it.name), _manifest(it))
        for key in sorted(known(place)):
            found.setdefault(key, _stub(*key))
    return ClusterState(tuple(found.values()), also_served=tuple(map(_served, CUSTOM)))


BUILT_IN_KINDS = {(it.group, it.kind) for it in BUILT_IN}
CUSTOM = [it for it in KINDS.values() if (it.group, it.name) not in BUILT_IN_KINDS]
VERSION = "v1beta1"
"""One version of every custom resource, since one of each is served."""


def _served(kind: Kind) -> Resource:
    return Resource(kind.group, VERSION, kind.name, kind.plural, kind.namespaced, is_custom=True)


def _manifest(thing: Obj) -> Manifest:
    """An object as it was dumped; of a CRD what its name says, since kinds are served by ours."""
    whole = _stub(str(thing.kind), thing.namespace, thing.name)
    return whole if thing.kind == CRD else {**_plain(thing.raw), **whole}


def _stub(kind_name: str, namespace: str, name: str) -> Manifest:
    kind = kind_of(kind_name)
    assert kind is not None
    built_in = {(it.group, it.kind): it.api_version for it in BUILT_IN}
    place = {"namespace": namespace} if namespace else {}
    return {
        "apiVersion": built_in.get((kind.group, kind.name), f"{kind.group}/{VERSION}"),
        "kind": kind.name,
        "metadata": {"name": name, **place},
    } | ({"spec": _definition(name)} if kind == CRD else {})


def _definition(name: str) -> Manifest:
    plural, _, group = name.partition(".")
    named = [it for it in KINDS.values() if str(it) == name]
    kind, namespaced = (named[0].name, named[0].namespaced) if named else (plural, True)
    return {
        "group": group,
        "names": {"kind": kind, "plural": plural},
        "scope": "Namespaced" if namespaced else "Cluster",
        "versions": [{"name": VERSION, "served": True, "storage": True}],
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Withheld):
        return "withheld"
    if isinstance(value, Mapping):
        return {key: _plain(it) for key, it in value.items()}
    return [_plain(it) for it in value] if isinstance(value, list) else value
