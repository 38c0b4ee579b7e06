"""How SDM's operator is given a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.kinds import APPLICATION_MANIFEST
from auditor.models.istiod import SDM
from auditor.models.operators import OPERATORS, Operator
from auditor.models.overrides import DEFAULT, KEY, Override, override_in
from auditor.objects import Field
from auditor.remedy import Command, Patch, Remedy, Step
from auditor.seen import Seen

LINE = re.compile(r"^[ \t]*[\"']?fullnameOverride[\"']?\s*:.*\n?", re.IGNORECASE | re.MULTILINE)


def called_otherwise(text: Field, override: Override, others: Seen[Operator]) -> list[Remedy]:
    """How to set a name that is free, beside the other values where they can be kept."""
    taken = {it.name for it in others.so_far} | {DEFAULT, ""}
    names = (override.meant, "sdm-istio-operator", f"{text.ref.name}-istio-operator")
    name = next((name for name in names if name not in taken), "another-istio-operator")
    before = text.held if isinstance(text.held, str) else ""
    after = f"{LINE.sub('', before).rstrip()}\n{KEY}: {name}\n".lstrip("\n")
    title = f"call SDM's operator {name}"
    if (text and not isinstance(text.held, str)) or override_in(text.holding(after)).name != name:
        edit = f"kubectl edit {text.ref.target}"
        said = f"make valuesOverride a text that holds a YAML mapping, with {KEY}: {name}"
        return [Remedy(title, (Command(said, edit),))]
    patch = {"spec": {"istioOperator": {"valuesOverride": after}}}
    return [Remedy(title, (Patch(text.ref, patch),))]


def named_apart(operator: Operator, cluster: Cluster) -> Iterator[Step]:
    """The steps for an operator of SDM's that runs, by the manifest that its namespace stands in.

    For rules that read OPERATORS and the manifests.
    """
    others = cluster.model(OPERATORS).where(lambda it: (it.kind, it.namespace) != _place(operator))
    for manifest in cluster[APPLICATION_MANIFEST].so_far:
        told = manifest.at("spec", "istioOperator")
        if told.at("namespace").held == operator.namespace:
            text = told.at("valuesOverride")
            override = Override() if text.gap else override_in(text)
            for remedy in called_otherwise(text, override, others):
                yield from remedy.steps
            return
    said = f"set {KEY}: sdm-istio-operator in SDM's ApplicationManifest, which this finds"
    yield Command(said, f"kubectl get {APPLICATION_MANIFEST.word} -A")


def _place(operator: Operator) -> tuple[str, str]:
    return SDM, operator.namespace
