"""Rebuilding the facts on Istio's CRDs from manifests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.facts.crds import read_crd, shipped_by
from auditor.facts.definition import Crd
from auditor.facts.fields import Field
from auditor.facts.releases import facts_date, newest, releases
from auditor.facts.render import manifest_of
from tools.istio_crd_facts.__main__ import History, add, known, main, text_of
from tools.istio_crd_facts.encoding import crd_entry, joined
from tools.istio_crd_facts.release_folder import UnusableFolder, crds_in

DATE = facts_date().isoformat()
SHIPPED = files("auditor.facts").joinpath("data", "istio-crds.json").read_text(encoding="utf-8")
WITHOUT_HASHES = "1.19.6"
"""A release of which a manifest can be written whole."""


def write_release(folder: Path, crds: Mapping[str, Crd]) -> None:
    """Writes the source files that a release with these CRDs has."""
    charts = {"base": "charts/base/files", "operator": "charts/istio-operator/crds"}
    for chart, place in charts.items():
        manifests = [manifest_of(crd) for crd in crds.values() if crd.chart == chart]
        path = folder / "manifests" / place / "crd-all.gen.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump_all(manifests), encoding="utf-8")
    kinds = [
        {"plural": name.partition(".")[0], "group": name.partition(".")[2], "version": crd.read_as}
        for name, crd in crds.items()
        if crd.read_as
    ]
    path = folder / "pkg/config/schema/metadata.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump({"resources": kinds}), encoding="utf-8")


@pytest.fixture
def release_folder(tmp_path: Path) -> Path:
    folder = tmp_path / WITHOUT_HASHES
    write_release(folder, shipped_by(releases()[WITHOUT_HASHES]))
    return folder


def test_the_facts_are_written_as_they_were_read() -> None:
    assert text_of(known(), DATE) == SHIPPED


def test_a_release_is_read_from_its_folder(release_folder: Path) -> None:
    assert crds_in(release_folder) == shipped_by(releases()[WITHOUT_HASHES])


def test_a_release_added_in_its_place_gives_the_same_bytes(
    release_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without: History = {n: crds for n, crds in known().items() if n != WITHOUT_HASHES}
    assert text_of(without, DATE) != SHIPPED
    assert text_of(add(without, WITHOUT_HASHES, release_folder), DATE) == SHIPPED
    assert capsys.readouterr().out == "1.19.5 on the CRDs of 1.19.6: no change\n"


def test_a_newer_release_is_a_snapshot_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crds = dict(shipped_by(newest()))
    del crds["trafficextensions.extensions.istio.io"]
    write_release(tmp_path / "new", crds)
    output = tmp_path / "istio-crds.json"
    command = ["add", "1.99.0", str(tmp_path / "new"), "--date", "2099-01-01"]
    assert main([*command, "--output", str(output)]) == 0
    text = output.read_text(encoding="utf-8")
    assert '"date": "2099-01-01"' in text
    assert '  ["1.99.0"]\n],' in text
    assert "breaking: trafficextensions.extensions.istio.io: crd missing" in capsys.readouterr().out


def test_all_releases_of_a_folder_are_built(release_folder: Path) -> None:
    output = release_folder.parent / "istio-crds.json"
    command = ["build", str(release_folder.parent), "--date", "2024-02-03"]
    assert main([*command, "--output", str(output)]) == 0
    [line] = [it for it in output.read_text(encoding="utf-8").splitlines() if "virtualserv" in it]
    shipped = shipped_by(releases()[WITHOUT_HASHES])["virtualservices.networking.istio.io"]
    assert shipped.versions["v1beta1"].schema.fingerprint in line


@pytest.mark.parametrize("number", ["1.31", "1.31.0-rc.0", "v", "latest"])
def test_what_is_no_release_number_is_refused(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["add", number, str(tmp_path), "--date", DATE])
    assert refused.value.code == 2
    assert "is no release number such as 1.31.0" in capsys.readouterr().err


def test_a_folder_without_the_files_is_refused_in_one_line(
    release_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = release_folder.parent / "istio-crds.json"
    command = ["add", "1.99.0", str(release_folder), "--date", DATE, "--output", str(output)]
    crds = release_folder / "manifests/charts/base/files/crd-all.gen.yaml"
    whole = crds.read_text(encoding="utf-8")
    for text, message in (
        ("a: [", "no YAML"),
        ("kind: CustomResourceDefinition\n", "metadata is no mapping"),
        ("", "no CRD in manifests/charts/base/crds/crd-*.yaml"),
    ):
        crds.write_text(text, encoding="utf-8")
        assert main(command) == 2
        told = capsys.readouterr().err
        assert message in told
        assert told.count("\n") == 1
    crds.write_text(whole, encoding="utf-8")
    (release_folder / "pkg/config/schema/metadata.yaml").unlink()
    with pytest.raises(UnusableFolder, match=r"metadata\.yaml: not there"):
        crds_in(release_folder)
    assert not output.exists()


def test_versions_of_a_crd_that_differ_are_written_apart_and_read_back() -> None:
    name = "virtualservices.networking.istio.io"
    own = shipped_by(releases()["1.17.0"])[name]
    schema = own.versions["v1beta1"].schema
    poorer = Field({**schema.constraints, "maxProperties": 9}, {"status": schema.fields["status"]})
    versions = {**own.versions, "v1beta1": replace(own.versions["v1beta1"], schema=poorer)}
    other = replace(own, versions=versions)
    history: list[tuple[str, Mapping[str, Any]]] = [
        ("1.0.0", {name: own}),
        ("1.1.0", {name: other}),
        ("1.2.0", {name: own}),
    ]
    entry = crd_entry(name, joined(history))
    assert entry["schema"]["p"]["spec"]["in"] == "v1alpha3@0-2;v1beta1@0,2"
    assert entry["schema"]["maxProperties"] == {"v1beta1@1": 9}
    for snapshot, (_, crds) in enumerate(history):
        assert read_crd(name, entry, snapshot) == crds[name]
