"""What Helm prints and stores is what was declared: told as that, never taken for what runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
import yaml

from auditor.kinds import CLUSTER_ROLE, DEPLOYMENT, SECRET, SERVICE
from auditor.snapshot import Snapshot
from auditor.sources.collected import DECLARED
from auditor.sources.helm.listed import SOME_VALUES
from auditor.sources.helm.sections import NO_MANIFEST
from tests.formats import helm, kubectl_get
from tests.formats.cluster_state import ClusterState
from tests.formats.sample import sample
from tests.sources.dumps import Piped, complaint

Read = Callable[[Mapping[str, str | bytes]], Snapshot]
STATE = sample()
HUNTER = "hunter2"
RELEASE = helm.Release(manifest=helm.manifest(STATE))
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: one}\n"
HOMELESS = "apiVersion: v1\nkind: Service\nmetadata: {name: istiod}\n"
LOGIN = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: login}}\nstringData: {{it: {HUNTER}}}\n"


def all_of(manifest: str, name: str = "istiod", namespace: str = "mesh") -> str:
    """What `helm get all` prints of a release; its notes are no YAML."""
    head = f"NAME: {name}\nLAST DEPLOYED: Tue May  2 10:11:12 2023\nNAMESPACE: {namespace}\n"
    head += "STATUS: deployed\nREVISION: 3\nCHART: istiod\nVERSION: 1.24.6\n"
    values = "USER-SUPPLIED VALUES:\nrevision: blue\n\nCOMPUTED VALUES:\nrevision: blue\n\n"
    hook = "apiVersion: v1\nkind: Service\nmetadata: {name: a-hook}\n"
    notes = 'NOTES:\n"istiod" installed: see\n\tNAME: other\nit: is: there\n'
    return f"{head}{values}HOOKS:\n---\n{hook}MANIFEST:\n---\n{manifest}\n{notes}"


def notes(snapshot: Snapshot) -> list[str]:
    return [str(it) for it in snapshot.remarks]


def names(snapshot: Snapshot) -> set[tuple[str, str]]:
    seen = snapshot.seen(SERVICE).so_far + snapshot.seen(CLUSTER_ROLE).so_far
    return {(it.namespace, it.name) for it in seen}


def test_helm_get_all_is_a_manifest_with_its_release(piped: Piped) -> None:
    snapshot = piped(all_of(HOMELESS + "---\n" + ROLE))
    assert snapshot.layouts == ("manifests",)
    assert names(snapshot) == {("mesh", "istiod"), ("", "one")}
    [record] = snapshot.seen(SECRET).so_far
    assert str(record.ref) == "Secret mesh/sh.helm.release.v1.istiod.v3"
    assert record.at("data", "release", "config", "revision").value == "blue"
    said = "Helm releases: mesh/istiod (istiod 1.24.6, values and manifest): what was asked for, "
    assert f"{said}which need not be what runs" in notes(snapshot)
    assert f"standard input: {DECLARED}" in notes(snapshot)
    assert snapshot.seen(SECRET).gaps


def test_objects_keep_their_lines(piped: Piped) -> None:
    text = all_of(ROLE)
    [role] = piped(text).seen(CLUSTER_ROLE).so_far
    assert role.origin
    line = role.origin.line(("metadata", "name"))
    assert line
    assert "name: one" in text.split("\n")[line - 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_in_any_encoding(piped: Piped, encoding: str, end: str) -> None:
    text = all_of(HOMELESS).replace("revision: blue", "revision: bläu").replace("\n", end)
    snapshot = piped(text.encode(encoding))
    assert names(snapshot) == {("mesh", "istiod")}
    [record] = snapshot.seen(SECRET).so_far
    assert record.at("data", "release", "config", "revision").value == "bläu"


@pytest.mark.parametrize("data", [b"\xfe\xff\0", b"NAME: a\nLAST DEPLOYED:\nMANIFEST:\n\xff\xfe"])
def test_bytes_that_are_no_text_are_no_release(piped: Piped, data: bytes) -> None:
    assert complaint(lambda: piped(data))


def test_several_releases_in_one_file(piped: Piped) -> None:
    """As a loop over `helm list -q` appends them."""
    snapshot = piped(all_of(HOMELESS, "one", "first") + all_of(HOMELESS, "two", "second"))
    assert names(snapshot) == {("first", "istiod"), ("second", "istiod")}
    assert [it.namespace for it in snapshot.seen(SECRET).so_far] == ["first", "second"]


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_helm_status_as_an_object(piped: Piped, write: Callable[[object], str]) -> None:
    release = json.loads(
        helm.Release(namespace="mesh", manifest=f"{HOMELESS}---\n{LOGIN}").as_json()
    )
    snapshot = piped(write(release))
    assert names(snapshot) == {("mesh", "istiod")}
    assert HUNTER not in repr(snapshot)
    assert "Secret mesh/sh.helm.release.v1.istiod.v1" in map(
        str, (it.ref for it in snapshot.seen(SECRET).so_far)
    )


def test_a_release_whose_manifest_is_broken_hides_what_it_declares(piped: Piped) -> None:
    release = json.loads(helm.Release(manifest=f"{ROLE}---\na: [{HUNTER}").as_json())
    snapshot = piped(json.dumps(release))
    assert any("manifest cannot be parsed" in it.why for it in snapshot.seen(CLUSTER_ROLE).gaps)
    assert HUNTER not in repr(snapshot)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("USER-SUPPLIED VALUES:\npilot: {env: {}}\n", NO_MANIFEST),
        ("COMPUTED VALUES:\npilot: {env: {}}\nglobal: {}\n", NO_MANIFEST),
        ("pilot: {env: {}}\nglobal: {}\n", SOME_VALUES),
        ('{"meshConfig": {}, "revision": "blue"}', SOME_VALUES),
        (
            '[{"name":"istiod","namespace":"mesh","revision":"3","updated":"2026","status":'
            '"deployed","chart":"istiod-1.24.6","app_version":"1.24.6"}]',
            "is a list of Helm releases (istiod-1.24.6 as mesh/istiod); helm get all NAME -n "
            "NAMESPACE gives what each declares",
        ),
    ],
    ids=["user-supplied", "computed", "values as YAML", "values as JSON", "helm list"],
)
def test_what_has_no_object_is_told_what_it_is(piped: Piped, text: str, said: str) -> None:
    assert said in complaint(lambda: piped(text))


def of_releases(*releases: helm.Release) -> bytes:
    """`kubectl get secrets -A -l owner=helm -o yaml`."""
    return kubectl_get.list_yaml(ClusterState(tuple(map(helm.release_secret, releases))))


def test_releases_alone_show_what_they_declare(piped: Piped) -> None:
    old = helm.Release(name="old", status="superseded", manifest=ROLE.replace("one", "gone"))
    snapshot = piped(of_releases(helm.Release(namespace="mesh", manifest=HOMELESS), old))
    assert snapshot.layouts == ("manifests",)
    assert names(snapshot) == {("mesh", "istiod")}
    assert len(snapshot.seen(SECRET).so_far) == 2
    assert snapshot.seen(SECRET).gaps
    assert f"standard input: {DECLARED}" in notes(snapshot)


def test_beside_the_cluster_they_declare_nothing_that_runs(directory: Read) -> None:
    """An object of a release that is not in the cluster is not there."""
    cluster = kubectl_get.list_yaml(STATE)
    snapshot = directory({"all.yaml": cluster, "helm.yaml": of_releases(RELEASE)})
    alone = directory({"all.yaml": cluster})
    for kind in (CLUSTER_ROLE, DEPLOYMENT, SERVICE):
        assert snapshot.seen(kind) == alone.seen(kind)
    assert snapshot.layouts == alone.layouts
    assert any(
        "istio-system/istiod (istiod 1.20.8, values and manifest)" in it for it in notes(snapshot)
    )


def test_a_secret_of_another_beside_them_is_of_the_cluster(directory: Read) -> None:
    login = yaml.safe_load(LOGIN)
    state = ClusterState((helm.release_secret(helm.Release(manifest=HOMELESS)), login))
    assert not names(directory({"secrets.yaml": kubectl_get.list_yaml(state)}))


def test_the_secret_of_a_release_counts_where_it_was_collected(directory: Read) -> None:
    release = helm.Release(namespace="mesh", manifest=HOMELESS, values={"revision": "blue"})
    cluster = helm.with_releases(STATE, [release])
    printed = replace(release, values={"revision": "green"}).as_json()
    snapshot = directory({"all.yaml": kubectl_get.list_yaml(cluster), "status.json": printed})
    [record] = snapshot.within(SECRET, "mesh", "sh.helm.release.v1.*").so_far
    assert record.at("data", "release", "config", "revision").value == "blue"
    assert not any("Secret" in it and "differs" in it for it in notes(snapshot))
