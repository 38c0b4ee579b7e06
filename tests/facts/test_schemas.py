"""Installed CRDs: which release they are of, and what a mesh loses on them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditor.facts.changes import Impact
from auditor.facts.crds import changes, shipped_by
from auditor.facts.definition import Crd
from auditor.facts.fields import HASHED, Field
from auditor.facts.normalise import MalformedCrd
from auditor.facts.releases import Release, releases
from auditor.facts.render import manifest_of, render_crd
from auditor.facts.schemas import changes_on, changes_on_crd, installed, releases_with

VIRTUAL_SERVICES = "virtualservices.networking.istio.io"
FIRST_OF_SNAPSHOT = {it.snapshot: it for it in reversed([*releases().values()])}


def release(number: str) -> Release:
    return releases()[number]


def manifest(number: str = "1.15.3") -> dict[str, Any]:
    return copy.deepcopy(render_crd(VIRTUAL_SERVICES, release(number)))


def plain(crd: Crd) -> Crd:
    """What an installed CRD can tell, without what only hashes are known of."""
    versions = {
        name: replace(version, schema=version.schema.without(HASHED))
        for name, version in crd.versions.items()
    }
    return replace(crd, api=None, chart=None, read_as=None, versions=versions)


@pytest.mark.parametrize("listed", FIRST_OF_SNAPSHOT.values(), ids=str)
def test_a_rendered_crd_is_read_back_as_it_was(listed: Release) -> None:
    for crd in shipped_by(listed).values():
        assert installed(manifest_of(crd)) == plain(crd)


@pytest.mark.parametrize("listed", FIRST_OF_SNAPSHOT.values(), ids=str)
def test_a_rendered_crd_has_the_fingerprint_of_its_release(listed: Release) -> None:
    for name, crd in shipped_by(listed).items():
        for version, own in installed(manifest_of(crd)).versions.items():
            whole = {key for _, it in crd.versions[version].schema.walk() for key in it.constraints}
            ignoring = HASHED if whole & HASHED else frozenset()
            print_of = own.schema.fingerprint
            assert listed in releases_with(name, version, print_of, ignoring=ignoring)
            assert (listed in releases_with(name, version, print_of)) is not bool(ignoring)


def test_a_content_is_of_all_releases_that_ship_it() -> None:
    crd = installed(manifest("1.17.0"))
    found = releases_with(crd.name, "v1beta1", crd.versions["v1beta1"].schema.fingerprint)
    numbers = [it.number for it in found]
    assert numbers[0] == "1.15.0"
    assert numbers[-1] == "1.18.7"


def test_a_content_that_no_release_ships_has_none() -> None:
    changed = manifest()
    schema = changed["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    schema["properties"]["spec"]["properties"]["ours"] = {"type": "string"}
    crd = installed(changed)
    first, second = (crd.versions[name].schema.fingerprint for name in ("v1alpha3", "v1beta1"))
    assert releases_with(crd.name, "v1alpha3", first) == ()
    assert releases_with(crd.name, "v1beta1", second) != ()
    assert releases_with(crd.name, "v9", second) == ()
    assert releases_with("things.example.org", "v1", second) == ()


@pytest.mark.parametrize("pair", [("1.15.3", "1.11.8"), ("1.11.8", "1.15.3"), ("1.24.0", "1.17.8")])
def test_what_a_mesh_meets_on_installed_crds_is_what_it_meets_on_their_release(
    pair: tuple[str, str],
) -> None:
    ours, theirs = map(release, pair)
    rendered = [installed(manifest_of(crd)) for crd in shipped_by(theirs).values()]
    assert changes_on(ours, rendered) == changes(ours, theirs)


def test_what_a_mesh_loses_on_a_content_of_no_release_is_told_exactly() -> None:
    changed = manifest()
    for entry in changed["spec"]["versions"]:
        fields = entry["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
        del fields["tls"]["items"]["properties"]["route"]
        fields["ours"] = {"type": "string"}
    told = changes_on_crd(release("1.15.3"), installed(changed))
    assert [(it.what, it.path, it.impact, it.versions) for it in told] == [
        ("field_added", "spec.ours", Impact.ADDITIVE, ("v1alpha3", "v1beta1")),
        ("field_removed", "spec.tls[].route", Impact.LOSSY, ("v1alpha3", "v1beta1")),
    ]


def test_a_crd_that_is_not_installed_is_missing() -> None:
    told = changes_on(release("1.15.3"), [installed(manifest())])
    assert {it.what for it in told} == {"crd_missing"}
    assert len(told) == len(shipped_by(release("1.15.3"))) - 1


def test_a_release_meets_nothing_on_a_crd_that_it_does_not_ship() -> None:
    [name] = set(shipped_by(release("1.30.0"))) - set(shipped_by(release("1.29.0")))
    assert changes_on_crd(release("1.29.0"), shipped_by(release("1.30.0"))[name]) == ()


def test_a_crd_of_an_older_cluster_may_still_keep_unknown_fields() -> None:
    kept = manifest("1.11.8") | {}
    kept["spec"]["preserveUnknownFields"] = True
    told = changes_on_crd(release("1.15.3"), installed(kept))
    assert {it.impact for it in told} <= {Impact.ADDITIVE, Impact.BREAKING}
    assert "pruning_ended" in {it.what for it in told}


def test_a_v1beta1_manifest_says_once_what_v1_says_for_each_version() -> None:
    current = manifest()
    spec = current["spec"]
    versions = [{k: it[k] for k in ("name", "served", "storage")} for it in spec["versions"]]
    old = {
        **current,
        "apiVersion": "apiextensions.k8s.io/v1beta1",
        "spec": {
            **spec,
            "preserveUnknownFields": False,
            "subresources": {"status": {}},
            "validation": spec["versions"][0]["schema"],
            "versions": versions,
        },
    }
    assert installed(old) == installed(current)
    del old["spec"]["preserveUnknownFields"]
    assert installed(old) == replace(installed(current), prunes=False)


def test_a_v1beta1_manifest_without_a_schema_keeps_everything() -> None:
    old = {
        "apiVersion": "apiextensions.k8s.io/v1beta1",
        "metadata": {"name": "adapters.config.istio.io"},
        "spec": {"names": {"kind": "adapter"}, "scope": "Namespaced", "version": "v1alpha2"},
    }
    crd = installed(old)
    assert crd.versions["v1alpha2"].schema == Field({"type": "object", "keep": True})
    assert crd.stored_as == "v1alpha2"
    assert not crd.prunes


def cut(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for step in path[:-1]:
            whole = whole[step]
        del whole[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (cut("metadata"), "metadata is no mapping"),
        (cut("spec"), "virtualservices.networking.istio.io: spec is no mapping"),
        (cut("spec", "names"), "spec.names is no mapping"),
        (cut("metadata", "name"), "metadata.name is no text"),
        (cut("spec", "names", "kind"), "spec.names.kind is no text"),
        (cut("spec", "scope"), "spec.scope is no text"),
        (cut("spec", "versions"), "spec.versions lists no version"),
        (cut("spec", "versions", 0, "name"), r"spec.versions\[\].name is no text"),
        (cut("spec", "versions", 0, "served"), "v1alpha3: served is neither true nor false"),
        (cut("spec", "versions", 0, "storage"), "v1alpha3: storage is neither true nor false"),
        (cut("spec", "versions", 0, "schema"), "v1alpha3: has no schema; it may have been cut"),
        (cut("spec", "versions", 1, "schema", "openAPIV3Schema"), "v1beta1: has no schema"),
    ],
)
def test_what_was_cut_from_a_crd_is_not_taken_for_absent(
    change: Callable[[dict[str, Any]], None], message: str
) -> None:
    broken = manifest()
    change(broken)
    with pytest.raises(MalformedCrd, match=message) as refused:
        installed(broken)
    assert "\n" not in str(refused.value)


def test_a_crd_that_the_release_does_not_ship_cannot_be_rendered() -> None:
    with pytest.raises(KeyError):
        render_crd("trafficextensions.extensions.istio.io", release("1.15.3"))
