"""The types that lose a whole mesh configuration."""

import pytest

from auditor.models.mesh_types import camel, mistyped, named, snake
from auditor.objects import Field, Ref


def config(value: object) -> Field:
    return Field(Ref("ConfigMap", "istio", "mesh"), ("data", "mesh"), value)


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        {"defaultConfig": {"proxyMetadata": {"A": "true"}}},
        {"defaultConfig": None, "caCertificates": None, "trustDomain": None},
        {"caCertificates": [{"pem": "text", "certSigners": ["a"], "trustDomains": []}]},
        {"enableAutoMtls": False, "trustDomainAliases": ["a.example"]},
        {"somethingNewer": [1, 2, 3], "defaultConfig": {"somethingNewer": True}},
        {"ca_certificates": [{"pem": "text"}]},
        {"connectTimeout": "10s", "dnsRefreshRate": "1m30s", "protocolDetectionTimeout": "0"},
        {"proxyListenPort": 15001, "proxyInboundListenPort": "15006"},
        {"accessLogEncoding": "JSON", "ingressControllerMode": 1},
        {"defaultConfig": {"concurrency": 2.0, "interceptionMode": "TPROXY"}},
    ],
)
def test_what_istiod_parses(value: object) -> None:
    assert not list(mistyped(config(value)))


@pytest.mark.parametrize(
    ("value", "last"),
    [
        ([], "mesh"),
        ("text", "mesh"),
        ({"defaultConfig": {"proxyMetadata": {"A": True}}}, "A"),
        ({"defaultConfig": {"proxyMetadata": {"A": "a", "B": 1}}}, "B"),
        ({"defaultConfig": "text"}, "defaultConfig"),
        ({"caCertificates": {"pem": "text"}}, "caCertificates"),
        ({"caCertificates": ["text"]}, 0),
        ({"caCertificates": [{"pem": 1}]}, "pem"),
        ({"ca_certificates": [{"pem": 1}]}, "pem"),
        ({"trustDomain": 1}, "trustDomain"),
        ({"enableAutoMtls": "true"}, "enableAutoMtls"),
        ({"trustDomainAliases": "a.example"}, "trustDomainAliases"),
        ({"outboundTrafficPolicy": "ALLOW_ANY"}, "outboundTrafficPolicy"),
        ({"connectTimeout": 10}, "connectTimeout"),
        ({"connectTimeout": "10"}, "connectTimeout"),
        ({"connectTimeout": "10 s"}, "connectTimeout"),
        ({"proxyListenPort": True}, "proxyListenPort"),
        ({"defaultConfig": {"concurrency": "two"}}, "concurrency"),
        ({"defaultConfig": {"concurrency": 1.5}}, "concurrency"),
        ({"ingressControllerMode": False}, "ingressControllerMode"),
        ({"accessLogEncoding": "json"}, "accessLogEncoding"),
    ],
)
def test_what_it_does_not(value: object, last: str | int) -> None:
    assert [wrong.field.path[-1] for wrong in mistyped(config(value))] == [last]


@pytest.mark.parametrize("name", ["caCertificates", "defaultConfig", "spiffeBundleUrl"])
def test_a_field_is_found_by_either_of_its_names(name: str) -> None:
    assert camel(snake(name)) == name
    assert named(config({snake(name): "it"}), name).value == "it"
