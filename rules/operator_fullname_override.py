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

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.api import (
    APPLICATION_MANIFEST,
    OPERATORS,
    SDM,
    Cluster,
    Command,
    Field,
    Obj,
    Operator,
    Outcome,
    Patch,
    Remedy,
    Seen,
    Severity,
    parsed,
    rule,
)

KEY, DEFAULT = "fullnameOverride", "istio-operator"
LINE = re.compile(r"^[ \t]*[\"']?fullnameOverride[\"']?\s*:.*\n?", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Override:
    """The name that a manifest gives SDM's operator, or what is wrong with it."""

    name: str = ""
    fault: str = ""
    meant: str = ""
    """The name under a key that is spelt wrongly."""


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
    override = read(text)
    name = override.name or DEFAULT
    namespace = operator.at("namespace").value
    others = cluster.model(OPERATORS).where(lambda it: (it.kind, it.namespace) != (SDM, namespace))
    if rival := others.where(lambda it: it.name == name and it.shares_its_name).first():
        said = override.fault or f"it calls SDM's operator {name}"
        said = f"{said}, and {rival.said} is called {name}"
        evidence = [text, rival.deployment.at("metadata", "name"), rival.image]
        return Outcome.failed(said, *evidence, remedies=renamed(text, override, others))
    if override.name:
        return Outcome.passed(f"SDM's operator is called {name}, and no other is", text)
    remedies = renamed(text, override, others)
    return Outcome.failed(override.fault, text, remedies=remedies, severity=Severity.WARNING)


def read(text: Field) -> Override:
    """What the values say; Helm cuts a name to 63 characters."""
    if not text or not text.value:
        return Override(fault="it has no valuesOverride")
    values = parsed(text)
    if not isinstance(text.value, str) or values.gap or not isinstance(values.value, Mapping):
        return Override(fault="its valuesOverride is no text that holds a YAML mapping")
    name = values.value.get(KEY)
    if name and isinstance(name, str):
        return Override(name[:63].removesuffix("-"))
    for key, value in values.value.items():
        if str(key).lower() == KEY.lower() and key != KEY:
            return Override(fault=f"it sets {key}, which is no value of Helm's", meant=str(value))
    return Override(fault=f"it sets no {KEY}")


def renamed(text: Field, override: Override, others: Seen[Operator]) -> list[Remedy]:
    """How to set a name that is free, beside the other values where they can be kept."""
    taken = {it.name for it in others.so_far} | {DEFAULT, ""}
    names = (override.meant, "sdm-istio-operator", f"{text.ref.name}-istio-operator")
    name = next((name for name in names if name not in taken), "another-istio-operator")
    before = text.held if isinstance(text.held, str) else ""
    after = f"{LINE.sub('', before).rstrip()}\n{KEY}: {name}\n".lstrip("\n")
    title = f"call SDM's operator {name}"
    if (text and not isinstance(text.held, str)) or read(text.holding(after)).name != name:
        edit = f"kubectl edit {text.ref.target}"
        said = f"make valuesOverride a text that holds a YAML mapping, with {KEY}: {name}"
        return [Remedy(title, (Command(said, edit),))]
    patch = {"spec": {"istioOperator": {"valuesOverride": after}}}
    return [Remedy(title, (Patch(text.ref, patch),))]
