"""Where the vendor's page is wrong, the page of the rule says so that its reader goes wrong by.

The page is Cisco's "How to run SDM with upstream Istio in the same Kubernetes cluster".
"""

import pytest

from auditor.packs import load

PAGES = {rule.id: " ".join(" ".join(rule.page.values()).split()) for rule in load()}
CORRECTIONS = {
    "SDM is not always Istio 1.13": (
        "versions-compatible",
        "the vendor's page speaks of SDM with Istio 1.13, and its own sample runs 1.15.3",
    ),
    "the key is fullnameOverride": (
        "operator-fullname-override",
        "`fullNameOverride`, as the vendor's prose spells it, is ignored by Helm",
    ),
    "meshConfig is no component": (
        "mesh-config-placement",
        "`meshConfig` under `spec.components`, where the vendor's page has it",
    ),
    "nor where trust is made": (
        "trust-mutual",
        "under `spec.components.meshConfig`, where the vendor's page has it, nothing reads it",
    ),
    "enableIstioConfigCRDs ends with 1.23": (
        "crd-single-writer",
        "`enableIstioConfigCRDs` from 1.24 on, where the vendor's advice does nothing",
    ),
    "owning-resource has another cause": (
        "crd-transfer-complete",
        "`owning-resource` is there whenever the IstioOperator had a name, not only with",
    ),
    "a transfer takes more than labels": (
        "crd-transfer-complete",
        "that page leaves out three things. Upstream must be kept from writing the CRDs again",
    ),
    "nor is it the owner's only duty": ("crd-single-owner", "two things more are needed"),
    "the operator in the cluster ends with 1.23": (
        "operators-inventory",
        "the vendor's recipes that apply an IstioOperator to the cluster do nothing from there on",
    ),
    "so its meshConfig goes to istioctl": (
        "mesh-config-placement",
        "From Istio 1.24 on no operator reads an IstioOperator that is applied to the cluster",
    ),
    "and its CRD settings too": (
        "crd-single-writer",
        "Nor does anything read the IstioOperator there that the vendor's page applies",
    ),
    "trust takes restarts": (
        "trust-mutual",
        "then restart its workloads, gateways too, since a proxy is given the setting only when "
        "it starts: the vendor's page leaves that out",
    ),
    "and trust domains": ("trust-mutual", "where the meshes' trust domains differ"),
    "istio-cr-name is icp-cr-name": (
        "sdm-revision-derived",
        "`<istio-cr-name>` or `<icp-cr-name>`: both mean that name, and none of them says that "
        "its dots become dashes",
    ),
    "ClusterRoles clash between operators": (
        "operator-fullname-override",
        "the clash concerns operators, never istiod",
    ),
    "and not between istiods": (
        "cluster-scoped-names-distinct",
        "It concerns operators only: istiod's objects are named by revision and namespace",
    ),
}


@pytest.mark.parametrize(("rule", "said"), CORRECTIONS.values(), ids=list(CORRECTIONS))
def test_each_correction_stands_in_the_page_of_its_rule(rule: str, said: str) -> None:
    assert said in PAGES[rule]
