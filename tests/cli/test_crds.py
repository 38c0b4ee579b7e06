"""What a mesh of one release meets on the CRDs of another."""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.facts.releases import releases
from auditor.facts.render import render_crd
from auditor.kinds import CRD
from auditor.objects import Obj
from auditor.seen import Seen
from auditor.snapshot import Snapshot, gap
from tests.command import Ended, command

PLUGINS = "wasmplugins.extensions.istio.io"
CONFIGS = "proxyconfigs.networking.istio.io"


def dumped(*crds: dict[str, Any]) -> Snapshot:
    return Snapshot({CRD: Seen(tuple(Obj(CRD, crd) for crd in crds))}, "dump")


def shipped(name: str, release: str) -> dict[str, Any]:
    return render_crd(name, releases()[release])


def told(ours: str, theirs: str, *more: str, dump: Snapshot | None = None) -> Ended:
    ended = command("crds", ours, theirs, *more, read=lambda sources: dump or dumped())

    assert (ended.code, ended.err) == (0, "")
    return ended


def test_a_newer_mesh_loses_on_older_crds() -> None:
    out = told("1.15.3", "1.13.9").out

    assert out.startswith(
        "A mesh of Istio 1.15.3 on the CRDs of Istio 1.13.9:\n"
        "it runs, and loses what is listed (facts of 2026-11-01).\n"
    )
    assert "Dropped without a word (16 changes)\n" in out
    assert f"  {PLUGINS}\n    spec.vmConfig, with " in out


def test_an_older_mesh_loses_nothing_on_newer_crds() -> None:
    assert (
        told("1.13.9", "1.15.3").out
        == """\
A mesh of Istio 1.13.9 on the CRDs of Istio 1.15.3:
it loses nothing (facts of 2026-11-01).

20 changes more cost nothing; -v lists them.
"""
    )
    assert "field added" in told("1.13.9", "1.15.3", "-v").out


def test_what_a_mesh_reads_and_nobody_serves_stops_it() -> None:
    out = told("1.24.6", "v1.15.3-bzc.1").out

    assert "it cannot run on them" in out
    assert "    version v1, which it reads, is not served\n" in out


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ("1.13.9", "1.15.3", "compatible"),
        ("1.15.3", "1.13.9", "loses"),
        ("1.24.6", "1.15.3", "stops"),
        ("1.19.10", "1.22.8", "depends"),
        ("1.11.8", "1.13.9", "compatible"),
    ],
)
def test_the_answer_for_scripts(ours: str, theirs: str, verdict: str) -> None:
    answer = json.loads(told(ours, theirs, "-o", "json").out)

    assert (answer["schema"], answer["verdict"]) == ("mesh-auditor/crds/v1", verdict)
    assert (answer["from"], answer["to"]) == (f"Istio {ours}", f"Istio {theirs}")


def test_the_crds_of_a_dump(tmp_path: Path) -> None:
    dump = dumped(shipped(PLUGINS, "1.13.9"), shipped(CONFIGS, "1.13.9"))
    answer = json.loads(told("1.15.3", str(tmp_path), "-o", "json", dump=dump).out)
    of_plugins = {it["path"] for it in answer["changes"] if it["crd"] == PLUGINS}
    missing = {it["crd"] for it in answer["changes"] if it["what"] == "crd_missing"}

    assert "spec.vmConfig" in of_plugins
    assert "gateways.networking.istio.io" in missing
    assert CONFIGS not in missing


def test_a_dump_whose_schemas_were_cut(tmp_path: Path) -> None:
    bare = {"metadata": {"name": PLUGINS}, "spec": {"group": "extensions.istio.io"}}
    out = told("1.15.3", str(tmp_path), dump=dumped(bare, shipped(CONFIGS, "1.13.9"))).out

    assert f"Not compared\n  {PLUGINS}: neither their schemas nor a label of who wrote them" in out


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    empty = command("crds", "1.15.3", str(tmp_path), read=lambda sources: dumped())

    assert empty.complaint == f"{tmp_path}: there are no CRDs of Istio in it"
    assert command("crds", "1.15", "1.13.9").complaint == (
        "1.15 is no release of Istio that the facts know; the last one of 1.15 is 1.15.7"
    )
    assert command("crds", "newest", "1.13.9").complaint == (
        "newest is neither a release of Istio, such as 1.15.3, nor a file"
    )


def live(*options: str, seen: Seen[Obj]) -> Ended:
    asked: list[object] = []

    def survey(settings: object, kinds: object, progress: object) -> Snapshot:
        asked.append(kinds)
        return Snapshot({CRD: seen}, "the cluster of the context prod")

    ended = command("crds", *options, survey=survey)
    assert asked == [(CRD,)]
    return ended


def test_the_crds_of_the_live_cluster() -> None:
    ended = live("1.15.3", "--context", "prod", seen=dumped(shipped(PLUGINS, "1.15.3")).seen(CRD))

    assert ended.code == 0
    assert ended.out.startswith(
        "A mesh of Istio 1.15.3 on the CRDs of the cluster of the context prod:\n"
    )


def test_half_of_the_live_cluster_is_not_compared() -> None:
    """What was not listed would pass for what is not served."""
    some = dumped(shipped(PLUGINS, "1.15.3")).seen(CRD).so_far

    ended = live("1.15.3", seen=Seen(some, (gap(CRD, "403 Forbidden", get="a right"),)))

    assert ended.complaint == f"{CRD}: 403 Forbidden; it takes a right"


def test_beside_a_release_an_option_of_a_cluster_is_refused() -> None:
    ended = command("crds", "1.15.3", "1.13.9", "--context", "prod")

    said = "--context is about a live cluster, and 1.13.9 was named as the source"
    assert ended.complaint == said
