"""What somebody declared is written as the tools write it."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode

import pytest
import yaml

from tests.formats import gitops, helm, kubectl_get, rendered
from tests.formats.plain_loading import content, documents
from tests.formats.sample import sample

STATE = sample()


@pytest.mark.parametrize("packed", [True, False])
def test_a_release_is_packed_twice(packed: bool) -> None:
    release = helm.Release(manifest=helm.manifest(STATE))
    data = helm.release_secret(release, packed=packed)["data"]["release"]
    inner = b64decode(b64decode(data))
    assert inner.startswith(b"\x1f\x8b\x08") == packed
    read = json.loads(gzip.decompress(inner) if packed else inner)
    assert read["manifest"].startswith("---\n# Source: istiod/templates/")
    assert read["config"] == release.values
    config_map = helm.release_config_map(release)["data"]["release"]
    assert json.loads(gzip.decompress(b64decode(config_map))) == json.loads(release.as_json())


def test_releases_go_into_any_dump() -> None:
    with_one = helm.with_releases(STATE, [helm.Release()])
    assert b"sh.helm.release.v1.istiod.v1" in kubectl_get.list_yaml(with_one)


def test_documents_of_comments() -> None:
    printed = documents(helm.template(STATE))
    assert None in printed
    assert printed[-1]["metadata"]["annotations"] == {"helm.sh/hook": "test"}


def test_manifests_end_in_an_empty_document() -> None:
    *printed, last = documents(rendered.manifest_generate(STATE))
    assert last is None
    kinds = [it["kind"] for it in printed]
    assert kinds[0] == "CustomResourceDefinition"
    assert kinds[-1] == "Service"


def test_declared_objects_have_no_status() -> None:
    printed = rendered.kustomize_build(STATE)
    assert b"status:" not in printed
    assert b"uid:" not in printed
    assert b"last-applied" not in printed


def test_an_overlay_has_other_labels_than_its_base() -> None:
    tree = gitops.repository(STATE)
    patches = documents(content(tree, "prod/patch.yaml"))
    assert {it["metadata"]["labels"]["istio.io/rev"] for it in patches} == {gitops.PATCHED}
    assert isinstance(yaml.safe_load(content(tree, "operations.yaml")), list)
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(content(tree, "templates/gateway.yaml"))
