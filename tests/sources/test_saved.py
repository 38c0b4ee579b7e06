"""A snapshot reads back as it was seen, or is refused."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.kinds import CONFIG_MAP, CRD, NAMESPACE, POD, SECRET, Kind
from auditor.seen import Gap, LookedFor, Seen
from auditor.snapshot import Remark, Snapshot, gap
from auditor.sources import Unusable, read
from auditor.sources.files import InMemory
from auditor.sources.saved import LAYOUT, is_snapshot, read_snapshot, write_snapshot
from auditor.sources.saved.form import MARKER, kept_of, not_kept
from auditor.withheld import Withheld
from tests.house import thing

PODS = Seen(
    (thing(POD, "b-1", "bank"), thing(POD, "a-0", "shop", spec={"containers": [{"z": 1, "a": 2}]})),
    (gap(POD, "403", "vault"), gap(POD, "not asked for", but=("shop", "bank"), get="ask")),
)
HIDDEN = thing(SECRET, "cacerts", "mesh", data={"ca-key.pem": Withheld("a key", True)})
OTHERS = Gap("others", "", looked_for=(LookedFor(("cacerts",), ("mesh", "*")),), unasked=True)
SEEN = Snapshot(
    {
        NAMESPACE: Seen((thing(NAMESPACE, "shop", metadata={"labels": {"é": "\u2028"}}),)),
        POD: PODS,
        SECRET: Seen((HIDDEN,), (OTHERS, replace(gap(SECRET, "403", "mesh"), names=("a", "b")))),
        CRD: Seen(gaps=(gap(CRD, "500"),)),
        CONFIG_MAP: Seen(),
    },
    "the cluster of the context prod",
    ("live cluster",),
    datetime(2026, 11, 20, 8, 14, 1, 5, tzinfo=UTC),
    remarks=(Remark("https://prod", "not verified"),),
)


def written(snapshot: Snapshot = SEEN) -> bytes:
    file = io.BytesIO()
    write_snapshot(snapshot, file)
    return file.getvalue()


def back(data: bytes) -> Snapshot:
    return read_snapshot(InMemory("it.tar.gz", data))


def members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {it.name: tar.extractfile(it).read() for it in tar}  # type: ignore[union-attr]  # all are files


def packed(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return file.getvalue()


def with_header(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A snapshot whose first member was changed."""
    parts = members(written())
    header = json.loads(parts[MARKER])
    change(header)
    return packed({**parts, MARKER: json.dumps(header).encode()})


def test_it_reads_back_as_it_was_seen() -> None:
    described = "it.tar.gz of the cluster of the context prod"

    assert back(written()) == replace(SEEN, description=described, layouts=(LAYOUT,))
    [hidden] = back(written()).seen(SECRET).so_far
    assert hidden.raw == HIDDEN.raw


def test_fields_keep_their_order() -> None:
    [_, pod] = back(written()).seen(POD).so_far

    assert list(pod.raw["spec"]["containers"][0]) == ["z", "a"]


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
values = st.recursive(
    leaves | st.builds(Withheld, st.text(max_size=5), st.booleans()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


# A machine that does other things is slow, which is no fault of what is tested.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=3), values, max_size=2))
def test_every_value_reads_back(spec: dict[str, Any]) -> None:
    seen = Seen((thing(POD, "a", "shop", spec=spec),))

    assert back(written(Snapshot({POD: seen}))).seen(POD) == seen


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert written() == written()
    assert written()[4:8] == bytes(4)  # gzip's time


def test_a_private_key_does_not_get_into_the_file() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"
    config = thing(CONFIG_MAP, "a", "shop", data={"mesh": f"x: |\n{key}"})
    text = b"".join(members(written(Snapshot({CONFIG_MAP: Seen((config,))}))).values())

    assert b"MIIEpAIBAAKCAQEA" not in text
    assert b"(a private key was here)" in text


@pytest.mark.parametrize("cut", [1, 8, 40, 300])
def test_one_that_is_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(Unusable, match=r"it\.tar\.gz: is damaged or cut short; take it again"):
        back(written()[:-cut])


def test_one_that_is_damaged_is_refused() -> None:
    data = written()
    for place in range(30, len(data), 7):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        with pytest.raises(Unusable, match=r"^it\.tar\.gz: .*; take it again"):
            back(bytes(broken))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: it.update(schema="mesh-auditor/snapshot/v9"), "form mesh-auditor/snapshot/v9"),
        (lambda it: it["kinds"][1].update(objects=3), "holds 2 of 3 objects of pods"),
        (lambda it: it.update(kinds=7), "is not as `mesh-auditor snapshot` writes it"),
        (lambda it: it["kinds"].append({}), "is not as `mesh-auditor snapshot` writes it"),
        (lambda it: it.update(time="noon"), "is not as `mesh-auditor snapshot` writes it"),
    ],
)
def test_one_that_says_what_cannot_be_is_refused(change: Any, said: str) -> None:
    with pytest.raises(Unusable, match=f"^it.tar.gz: .*{said}.*; take it again"):
        back(with_header(change))


@pytest.mark.parametrize("line", [b"[]", b"{", b'{"object":{},"withheld":[]}', b"7"])
def test_an_object_that_is_none_is_refused(line: bytes) -> None:
    parts = {**members(written()), "objects/namespaces.jsonl": line}

    with pytest.raises(Unusable, match="take it again"):
        back(packed(parts))


def test_one_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.sources.saved.reading.LARGEST", 1 << 16)
    parts = {**members(written()), "objects/pods.jsonl": bytes(1 << 20)}

    with pytest.raises(Unusable, match="is longer than 0 MiB"):
        back(packed(parts))


def test_what_an_older_version_did_not_keep_is_not_absent() -> None:
    def older(header: dict[str, Any]) -> None:
        header["tool"]["version"] = "0.0.9"
        header["kinds"][1]["keeps"].remove("status.phase")

    snapshot = back(with_header(older))

    [lost] = snapshot.seen(POD).gaps
    assert lost.why == "saved by version 0.0.9, which did not keep status.phase"
    assert snapshot.seen(POD).so_far == ()
    assert snapshot.seen(NAMESPACE).so_far


def test_what_was_kept_whole_has_all_its_parts() -> None:
    kind = Kind("", "It", "its", True, ("spec.list[].name", "spec.more"))

    assert not_kept(kind, kept_of(kind)) == []
    assert not_kept(kind, [*kept_of(POD), "spec"]) == []
    assert not_kept(kind, [*kept_of(POD), "spec.list"]) == ["spec.more"]
    assert not_kept(kind, [*kept_of(POD), "spec.list[].n"]) == ["spec.list[].name", "spec.more"]


def test_a_kind_that_nobody_reads_any_more_is_passed_over() -> None:
    def renamed(header: dict[str, Any]) -> None:
        header["kinds"][1]["kind"] = "Bean"

    assert back(with_header(renamed)).seen(POD).gaps == (gap(POD, "not collected"),)


def test_it_is_known_by_what_is_first_in_it(tmp_path: Path) -> None:
    other = packed({"a/mesh-auditor-snapshot.json": b"", MARKER: b""})
    for data in (b"", b"\x1f\x8b", other, gzip.compress(b""), b"kind: Pod", written()[:12]):
        assert not is_snapshot(InMemory("it", data))
    assert is_snapshot(InMemory("it", written()))


def test_it_is_read_from_standard_input_and_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "it.tar.gz").write_bytes(written())
    kinds = SEEN.kinds

    assert read(["-"], io.BytesIO(written())).kinds == kinds
    assert read([str(tmp_path)]).kinds == kinds
    assert read([str(tmp_path / "it.tar.gz")]).kinds == kinds


def test_a_file_adds_what_was_missing(tmp_path: Path) -> None:
    (tmp_path / "it.tar.gz").write_bytes(written())
    crd = thing(CRD, "beans.example.org", metadata={"uid": "1"}, spec={"group": "example.org"})
    crds = {"apiVersion": "v1", "kind": "List", "items": [crd.raw]}
    (tmp_path / "crds.yaml").write_text(json.dumps(crds))

    both = read([str(tmp_path / "it.tar.gz"), str(tmp_path / "crds.yaml")])

    assert both.seen(CRD).gaps == ()
    assert [it.name for it in both.seen(CRD).so_far] == ["beans.example.org"]
    assert both.seen(POD) == PODS
    assert both.seen(CONFIG_MAP).gaps == ()
    assert (both.time, both.remarks) == (SEEN.time, SEEN.remarks)
    assert both.layouts == (LAYOUT, "Kubernetes objects")
    assert {it.origin.file for it in both.seen(POD).so_far if it.origin} == {
        str(tmp_path / "it.tar.gz")
    }


def test_one_that_was_unpacked_is_not_taken_for_whole_lists(tmp_path: Path) -> None:
    """Its gaps would be lost, and what was not seen taken for absent."""
    for name, data in members(written()).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)

    with pytest.raises(Unusable, match="nothing in there can be used"):
        read([str(tmp_path)])


def test_no_gap_is_lost() -> None:
    lost = Gap("a", "b", "c", "d", ("e", "f"))

    assert back(written(Snapshot({POD: Seen(gaps=(lost,))}))).seen(POD).gaps == (lost,)
