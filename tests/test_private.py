"""What nobody may see never gets beyond the reading of an object."""

import base64
import gzip
import json
from typing import Any

import pytest

from auditor.keeps import NotKept, projected
from auditor.kinds import ALL, CONFIG_MAP, DEPLOYMENT, KINDS, NAMESPACE, POD, SECRET, Kind
from auditor.objects import Obj
from auditor.private import certificates_only, without_private_keys
from auditor.seen import Unseen

HUNTER = "hunter2"


def kept(kind: Kind, raw: dict[str, Any]) -> Obj:
    return Obj(kind, projected({"metadata": {"name": "it"}, **raw}, kind.projection))


def release(**fields: Any) -> str:
    whole = {"name": "istiod", "namespace": "mesh", "version": 2, **fields}
    return base64.b64encode(gzip.compress(json.dumps(whole).encode())).decode()


def secret(data: str) -> str:
    return base64.b64encode(data.encode()).decode()


ISTIOD = {"metadata": {"name": "istiod", "version": "1.20.3"}, "templates": [{"data": HUNTER}]}


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (SECRET, {"data": {"ca-key.pem": HUNTER, "password": HUNTER}}),
        (SECRET, {"stringData": {"password": HUNTER}}),
        (CONFIG_MAP, {"data": {"application.properties": HUNTER}}),
        (POD, {"spec": {"containers": [{"env": [{"name": "DB_PASSWORD", "value": HUNTER}]}]}}),
        (POD, {"spec": {"containers": [{"env": [{"name": "PILOT_API_KEY", "value": HUNTER}]}]}}),
        (POD, {"spec": {"containers": [{"args": ["--password=" + HUNTER]}]}}),
        (POD, {"spec": {"containers": [{"args": ["--password", HUNTER]}]}}),
        (POD, {"spec": {"containers": [{"command": ["sh", "-c", f"login {HUNTER}"]}]}}),
        (
            NAMESPACE,
            {
                "metadata": {
                    "name": "it",
                    "annotations": {"kubectl.kubernetes.io/last-applied-configuration": HUNTER},
                }
            },
        ),
        (
            SECRET,
            {"data": {"release": secret(release(chart=ISTIOD, config={"db": {"p": HUNTER}}))}},
        ),
        (
            SECRET,
            {
                "data": {
                    "release": secret(
                        release(chart={"metadata": {"name": "shop"}}, config={"global": HUNTER})
                    )
                }
            },
        ),
        (SECRET, {"data": {"release": secret(HUNTER)}}),
    ],
    ids=[
        "keys of a Secret",
        "stringData",
        "a ConfigMap of an application",
        "a variable of an application",
        "a variable that only looks like Istio's",
        "a flag with its value",
        "a flag and its value",
        "a script",
        "the copy that kubectl apply leaves",
        "values that are not Istio's",
        "the values of another chart",
        "what is no Helm release",
    ],
)
def test_no_secret_is_kept(kind: Kind, raw: dict[str, Any]) -> None:
    thing = kept(kind, raw)

    assert HUNTER not in repr(thing) + json.dumps(thing.raw, default=repr)


def test_what_is_not_kept_is_there_for_certain() -> None:
    key = kept(SECRET, {"data": {"ca-key.pem": HUNTER}}).at("data", "ca-key.pem")

    assert key
    with pytest.raises(Unseen):
        assert key.value


def test_certificates_are_public() -> None:
    thing = kept(SECRET, {"data": {"root-cert.pem": "cm9vdA=="}})

    assert thing.at("data", "root-cert.pem").value == "cm9vdA=="


@pytest.mark.parametrize("stored", [secret(release(chart=ISTIOD)), release(chart=ISTIOD)])
def test_a_helm_release_says_its_chart(stored: str) -> None:
    thing = kept(SECRET, {"data": {"release": stored}})

    assert thing.at("data", "release", "chart", "metadata", "version").value == "1.20.3"


def test_a_release_that_inflates_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.helm.LONGEST_RELEASE", 1000)
    thing = kept(SECRET, {"data": {"release": secret(release(chart={"it": "x" * 5000}))}})

    with pytest.raises(Unseen):
        assert thing.at("data", "release").value


def test_what_a_kind_does_not_keep_cannot_be_read() -> None:
    thing = kept(DEPLOYMENT, {"spec": {"paused": True}})

    with pytest.raises(NotKept):
        thing.at("spec", "paused")


def test_objects_of_another_shape_are_read_as_absent() -> None:
    thing = Obj(POD, {"metadata": "odd", "spec": ["odd"]})

    assert (thing.name, thing.namespace) == ("", "")
    assert not thing.label("app")
    assert not thing.at("spec", "containers").each()


def test_no_two_kinds_share_a_name() -> None:
    assert len(KINDS) == len(ALL)


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "ENCRYPTED "])
@pytest.mark.parametrize("end", ["-----END {}PRIVATE KEY-----", "cut short"])
def test_a_private_key_in_a_text_is_taken_out(kind: str, end: str) -> None:
    pem = f"-----BEGIN {kind}PRIVATE KEY-----\n{HUNTER}\n{end.format(kind)}\n"
    root = "-----BEGIN CERTIFICATE-----\ncm9vdA==\n-----END CERTIFICATE-----\n"
    found = without_private_keys({"items": [{"pem": pem + root}], "other": [1, None, "text"]})

    assert HUNTER not in repr(found)
    assert found["items"][0]["pem"].endswith(root)
    assert found["other"] == [1, None, "text"]


def test_a_key_beside_a_certificate_of_a_secret_is_taken_out() -> None:
    """As some keep both in one value: of a Secret it is base64, whatever stands in it."""
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n"
    stored = base64.b64encode((key + certificate).encode()).decode()
    alone = base64.b64encode(certificate.encode()).decode()

    kept = certificates_only({"tls.crt": stored, "ca.crt": alone, "cert.pem": key})

    assert kept["ca.crt"] == alone
    text = base64.b64decode(kept["tls.crt"]).decode()
    assert text.endswith(certificate)
    assert "MHcCAQEE" not in text + kept["cert.pem"]
