"""What a tool took out of a dump is unknown: neither the mark that it left, nor absent."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from auditor.kinds import CONFIG_MAP, NAMESPACE, POD, SECRET
from auditor.objects import Field
from auditor.seen import Unseen
from auditor.snapshot import Snapshot
from auditor.withheld import Withheld

Piped = Callable[[str | bytes], Snapshot]


def pod(value: object) -> str:
    variable = {"name": "TRUST_DOMAIN", "value": value}
    containers = [{"name": "discovery", "env": [variable]}]
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "a", "namespace": "b"},
            "spec": {"containers": containers},
        }
    )


def variable(snapshot: Snapshot) -> Field:
    [found] = snapshot.seen(POD).so_far
    return found.at("spec", "containers", 0, "env", 0, "value")


@pytest.mark.parametrize(
    "mark",
    [
        "***HIDDEN***",
        "https://***HIDDEN***:***HIDDEN***@example.com",
        "***TOKEN_PASSWORD_0F3A***",
        "********",
        "-----SCRUBBED CERTIFICATE-----",
        "-----SCRUBBED BASE64 KEY-----",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_mark_is_no_value(piped: Piped, mark: str, encoding: str) -> None:
    found = variable(piped(pod(mark).encode(encoding)))
    with pytest.raises(Unseen):
        _ = found.value
    assert found.gap is not None


@pytest.mark.parametrize("value", ["***", "*********", "a********", "***HIDDEN**", "SCRUBBED"])
def test_what_only_looks_like_a_mark_is_a_value(piped: Piped, value: str) -> None:
    assert variable(piped(pod(value))).value == value


def test_a_mesh_configuration_with_a_mark_in_it_is_unknown(piped: Piped) -> None:
    text = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: ***HIDDEN***
  meshNetworks: "networks: {}"
"""
    [istio] = piped(text).seen(CONFIG_MAP).so_far
    assert istio.raw["data"] == {
        "mesh": Withheld("redacted in the dump"),
        "meshNetworks": "networks: {}",
    }


def secret(**data: bytes) -> str:
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "cacerts", "namespace": "istio-system"},
            "data": {
                key.replace("_", "."): base64.b64encode(it).decode() for key, it in data.items()
            },
        }
    )


def test_what_oc_elides_is_unknown(piped: Piped) -> None:
    text = secret(ca_crt=b"1054 bytes long", tls_crt=b"-----BEGIN", tls_key=b"227 bytes long")
    [found] = piped(text).seen(SECRET).so_far
    data: dict[str, Any] = found.raw["data"]
    assert data["ca.crt"] == Withheld("elided by oc")
    assert base64.b64decode(data["tls.crt"]) == b"-----BEGIN"
    assert isinstance(data["tls.key"], Withheld)


def test_an_object_whose_name_was_taken_out_is_lost(piped: Piped) -> None:
    objects = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        for name in ("***HIDDEN***", "shop")
    ]
    seen = piped(json.dumps(objects)).seen(NAMESPACE)
    assert [thing.name for thing in seen.so_far] == ["shop"]
    assert "its name is no text" in seen.gaps[0].why


def test_a_label_that_was_taken_out_is_unknown(piped: Piped) -> None:
    shop = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "shop", "labels": {"istio.io/rev": "***HIDDEN***"}},
    }
    [found] = piped(json.dumps(shop)).seen(NAMESPACE)
    with pytest.raises(Unseen):
        bool(found.label("istio.io/rev"))


def test_no_value_of_a_secret_is_kept(piped: Piped) -> None:
    snapshot = piped(secret(password=b"hunter2", ca_crt=b"-----BEGIN"))
    assert base64.b64encode(b"hunter2").decode() not in repr(snapshot)


def test_a_private_key_that_was_pasted_into_a_text_is_dropped(piped: Piped) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\n"
    mesh = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "istio", "namespace": "a"},
        "data": {"mesh": f"trustDomain: a\nkey: |\n  {key}"},
    }
    for text in (json.dumps(mesh).encode(), json.dumps(mesh).encode("utf-16")):
        [found] = piped(text).seen(CONFIG_MAP).so_far
        assert "trustDomain: a" in found.at("data", "mesh").value
        assert "MIIabc" not in repr(found.raw)
