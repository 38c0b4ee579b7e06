"""Old versions of an API, read in the shape of the present one."""

from __future__ import annotations

from collections.abc import Callable

from auditor.kinds import CRD, DEPLOYMENT, INJECTOR
from auditor.snapshot import Snapshot
from auditor.sources.versions import modern

Piped = Callable[[str | bytes], Snapshot]


def test_a_deployment_of_extensions_is_one_of_apps(piped: Piped) -> None:
    text = """\
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec: {replicas: 2}
"""
    [istiod] = piped(text).seen(DEPLOYMENT)
    assert istiod.ref.api_version == "apps/v1"
    assert istiod.at("spec", "replicas").value == 2


DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: gateways.networking.istio.io
spec:
  group: networking.istio.io
  version: v1alpha3
"""


def test_a_definition_with_one_version_at_its_top(piped: Piped) -> None:
    [crd] = piped(DEFINITION).seen(CRD)
    versions = crd.at("spec", "versions")
    assert versions.value == [{"name": "v1alpha3", "served": True, "storage": True}]
    assert crd.at("spec", "preserveUnknownFields").value is True
    assert crd.origin is not None
    assert crd.origin.line(versions.at(0, "name").path) == 5
    assert crd.at("apiVersion").value == "apiextensions.k8s.io/v1beta1"


def test_a_definition_with_versions_keeps_them(piped: Piped) -> None:
    text = DEFINITION + "  preserveUnknownFields: false\n  versions:\n"
    text += "  - {name: v1alpha3, served: true, storage: true}\n  - {name: v1beta1, served: true}\n"
    [crd] = piped(text).seen(CRD)
    names = [version.at("name").value for version in crd.at("spec", "versions").each()]
    assert names == ["v1alpha3", "v1beta1"]
    assert crd.at("spec", "preserveUnknownFields").value is False


def test_a_schema_at_the_top_is_that_of_each_version() -> None:
    schema = {"openAPIV3Schema": {"type": "object"}}
    spec = {"version": "v1", "validation": schema, "additionalPrinterColumns": [{"name": "Age"}]}
    fields = {"apiVersion": "apiextensions.k8s.io/v1beta1", "spec": spec}
    [version] = modern(CRD, fields)["spec"]["versions"]
    assert version["schema"] == schema
    assert version["additionalPrinterColumns"] == [{"name": "Age"}]


def test_an_old_webhook_that_says_nothing_ignores_failures(piped: Piped) -> None:
    text = """\
apiVersion: admissionregistration.k8s.io/{}
kind: MutatingWebhookConfiguration
metadata: {{name: istio-sidecar-injector}}
webhooks:
- name: a
- name: b
  failurePolicy: Fail
"""
    policies = ("webhooks", 0, "failurePolicy"), ("webhooks", 1, "failurePolicy")
    [old] = piped(text.format("v1beta1")).seen(INJECTOR)
    assert [old.at(*path).value for path in policies] == ["Ignore", "Fail"]
    [new] = piped(text.format("v1")).seen(INJECTOR)
    assert [new.at(*path).value for path in policies] == [None, "Fail"]
