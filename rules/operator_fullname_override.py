"""SDM's operator is told a name of its own.

## Why
Of two operators that are called alike, the one that is installed later takes the
ClusterRoleBinding over, and the other stops reconciling without a word in its custom
resources. SDM's operator and upstream's in-cluster operator both call their ClusterRole
and their binding `istio-operator` unless told otherwise. Whoever removes one removes the
rights of both.

## Pass
`valuesOverride` is YAML that sets `fullnameOverride` to a name that no other operator of
Istio has.

## Fail
It sets none, or one that another operator has. A warning where no other operator has the
name that results: the clash concerns operators, never istiod, and istioctl, Helm and
Istio from 1.24 on bring none. `fullNameOverride`, as the vendor's prose spells it, is
ignored by Helm; the vendor's sample spells it right.

## Unknown
The text was not in the dump, or which other operators there are was not.

## Fix
Set `fullnameOverride` in `spec.istioOperator.valuesOverride`, which is a text that holds
YAML. Where SDM's operator runs under the old name, its old ClusterRole and its binding
go with the change: let the other operator's installer write its own again afterwards.
"""

from auditor.api import (
    APPLICATION_MANIFEST,
    OPERATORS,
    SDM,
    Cluster,
    Obj,
    Outcome,
    Seen,
    Severity,
    called_otherwise,
    override_in,
    rule,
)

DEFAULT = "istio-operator"
"""How the chart calls an operator that is told no name."""


def application_manifests(cluster: Cluster) -> Seen[Obj]:
    return cluster[APPLICATION_MANIFEST]


@rule(
    id="operator-fullname-override",
    family="names",
    severity=Severity.ERROR,
    over=application_manifests,
    reads=[APPLICATION_MANIFEST, OPERATORS],
    references=[
        "https://github.com/banzaicloud/istio-operator/blob/v2.17.4/deploy/charts/istio-operator/templates/_helpers.tpl"
    ],
)
def operator_fullname_override(manifest: Obj, cluster: Cluster) -> Outcome:
    operator = manifest.at("spec", "istioOperator")
    if not operator or operator.at("enabled").value is False:
        return Outcome.not_applicable("it installs no operator of Istio", operator.at("enabled"))
    text = operator.at("valuesOverride")
    override = override_in(text)
    name = override.name or DEFAULT
    namespace = operator.at("namespace").value
    others = cluster.model(OPERATORS).where(lambda it: (it.kind, it.namespace) != (SDM, namespace))
    if rival := others.where(lambda it: it.name == name and it.shares_its_name).first():
        said = override.fault or f"it calls SDM's operator {name}"
        said = f"{said}, and {rival.said} is called {name}"
        evidence = [text, rival.deployment.at("metadata", "name"), rival.image]
        return Outcome.failed(said, *evidence, remedies=called_otherwise(text, override, others))
    if override.name:
        return Outcome.passed(f"SDM's operator is called {name}, and no other is", text)
    remedies = called_otherwise(text, override, others)
    return Outcome.failed(override.fault, text, remedies=remedies, severity=Severity.WARNING)
