"""The writers print what the real kubectl prints of the same cluster."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats import cluster_info_dump, kubectl_get
from tests.formats.api_server import serving
from tests.formats.client_go import typed
from tests.formats.cluster_state import ClusterState
from tests.formats.go_printing import go_json, go_yaml, in_order
from tests.formats.sample import sample
from tests.formats.trees import write
from tests.formats.words import words

KUBECTL = shutil.which("kubectl")
pytestmark = pytest.mark.skipif(not KUBECTL, reason="kubectl is not on this machine")

Run = Callable[..., bytes]
SAMPLE = sample()
STATE = ClusterState(  # with the empty fields that an API server never leaves out
    tuple(
        it if SAMPLE.resource_of(it).is_custom else typed(it, named=True) for it in SAMPLE.objects
    )
)
EVERY_KIND = ",".join(it.key for it in STATE.resources)


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "HOME": str(home), "KUBECONFIG": str(home / "none"), "NO_PROXY": "*"}
    with serving(STATE) as url:

        def run(*arguments: str, given: bytes = b"") -> bytes:
            command = [str(KUBECTL), "--server", url, *arguments]
            done = subprocess.run(command, env=env, input=given, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr.decode()
            return done.stdout

        yield run


def test_a_list_in_yaml(kubectl: Run) -> None:
    assert kubectl("get", EVERY_KIND, "-A", "-o", "yaml") == kubectl_get.list_yaml(STATE)


def test_a_list_in_json(kubectl: Run) -> None:
    assert kubectl("get", EVERY_KIND, "-A", "-o", "json") == kubectl_get.list_json(STATE)


def test_an_empty_list(kubectl: Run) -> None:
    assert kubectl("get", "jobs.batch", "-A", "-o", "yaml") == kubectl_get.get_yaml([]).encode()


@pytest.mark.parametrize("name", ["cacerts", "istiod-7d4f5c9b6-x2x5k", "istio"])
def test_one_object(kubectl: Run, name: str) -> None:
    [thing] = [it for it in STATE.objects if it["metadata"]["name"] == name]
    asked = ("get", STATE.resource_of(thing).key, name, "-n", "istio-system", "-o")
    assert kubectl(*asked, "yaml") == kubectl_get.get_one_yaml(thing).encode()
    assert kubectl(*asked, "json") == kubectl_get.get_one_json(thing).encode()


@pytest.mark.parametrize("output", ["json", "yaml"])
def test_a_dump_in_a_directory(kubectl: Run, tmp_path: Path, output: str) -> None:
    kubectl("cluster-info", "dump", "-A", f"--output-directory={tmp_path}/real", "-o", output)
    write(cluster_info_dump.directory(STATE, output), tmp_path / "ours")
    real, ours = files(tmp_path / "real"), files(tmp_path / "ours")
    assert {name: in_one_order(it) for name, it in real.items()} == {
        name: in_one_order(it) for name, it in ours.items()
    }


@pytest.mark.parametrize("output", ["json", "yaml"])
def test_a_dump_on_standard_output(kubectl: Run, output: str) -> None:
    real = kubectl("cluster-info", "dump", "-A", "-o", output)
    assert in_one_order(real) == in_one_order(cluster_info_dump.stream(STATE, output))


def in_one_order(dump: bytes) -> list[str]:
    """Lines, those of JSON documents without regard to the order of keys deep in an object."""
    lines = dump.decode().splitlines(keepends=True)
    documents: list[str] = []
    while lines:
        end = lines.index("}\n") + 1 if lines[0] == "{\n" else 1
        text = "".join(lines[:end])
        documents.append(go_json(in_order(json.loads(text))) if end > 1 else text)
        del lines[:end]
    return documents


KEYS = st.from_regex(r"[a-zA-Z_./-]{1,6}[0-9]{0,2}", fullmatch=True)
WORDS = words(
    "~ y = << <<x null 08 0o17 0o 0x1f 1e3 1_000 1.10 .5 .5e3 ._5 +.inf .inf - 12:30:45 1:60"
    " 2022-01-01 2022-13-45 2022-1-1 2022-01-01T10:10:10Z 2022-01-01T10:10:10 20220-01-01 0b101"
    " 0b12 +12 -012 1.e5 1e %x @x `x [x] {x} *a &a !a | > ? : a: -0 00 1,000 18446744073709551616"
    " 1.2.3 nan .nan Infinity -a a:b http://x:80 {{.Values}} \\ ..."
)
TEXTS = st.sampled_from(
    [*WORDS, "", "--- a", "a: b", "a #b", "a\tb", "a\n", "\na", " a\nb", "a \nb"]
)
ANY_TEXT = TEXTS | st.text("ab 0:-#'\"\n\t.{}[],é&*!|>%@`\\_eTZ+", max_size=200)
NUMBERS = st.integers(-(1 << 53), 1 << 53) | st.floats(1, 1e12).filter(lambda it: it % 1 != 0)
SCALARS = st.none() | st.booleans() | NUMBERS | ANY_TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(VALUES, min_size=40, max_size=40))
def test_every_value(kubectl: Run, values: list[object]) -> None:
    annotated = {"annotations": {"a": "b"}, "name": "x"}
    thing = {"apiVersion": "example.org/v1", "kind": "Thing", "metadata": annotated, "spec": values}
    asked = ("annotate", "--local", "-f", "-", "a=b", "--overwrite", "-o")
    read = go_json(thing).encode()
    assert kubectl(*asked, "yaml", given=read) == go_yaml(thing).encode()
    assert kubectl(*asked, "json", given=read) == (go_json(in_order(thing), 4) + "\n").encode()


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(it.relative_to(folder)): it.read_bytes() for it in folder.rglob("*") if it.is_file()
    }


def test_the_sample_is_served_whole() -> None:
    assert isinstance(STATE, ClusterState)
    assert len(kubectl_get.everything(STATE)) == len(STATE.objects)
