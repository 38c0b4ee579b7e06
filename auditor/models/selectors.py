"""Kubernetes' label selectors and admission rules, evaluated on fields that may be withheld."""

from __future__ import annotations

from auditor.objects import Field
from auditor.seen import Seen


def selects(selector: Field, labels: Field) -> bool:
    """Whether a selector matches some labels. An absent or empty one matches everything.

    Raises `Unseen` where what is withheld decides, or an operator that Kubernetes does not
    know: the API server refuses it, so it stands in rendered manifests alone.
    """
    wanted = Seen(selector.at("matchLabels").each())
    required = Seen(selector.at("matchExpressions").each())
    misses = wanted.where(lambda label: labels.at(*label.path[-1:]).value != label.value)
    unmet = required.where(lambda requirement: not _satisfies(requirement, labels))
    return not (misses + unmet)


def _satisfies(requirement: Field, labels: Field) -> bool:
    """One requirement. `NotIn` also holds where the key is absent
    (kubernetes: apimachinery/pkg/labels/selector.go).
    """
    label = labels.at(str(requirement.at("key").value))
    operator = requirement.at("operator")
    match operator.value:
        case "Exists":
            return bool(label)
        case "DoesNotExist":
            return not label
        case "In":
            return bool(label) and label.value in _values(requirement)
        case "NotIn":
            return not label or label.value not in _values(requirement)
        case _:
            return bool(operator.withheld("Kubernetes knows no such operator").value)


def _values(requirement: Field) -> Seen[object]:
    return Seen(requirement.at("values").each()).map(lambda item: item.value)


def admits_new_pods(webhook: Field) -> bool:
    """Whether a webhook has a rule for pods that are created; without rules it is never called
    (kubernetes: apiserver/pkg/admission/plugin/webhook/predicates/rules/rules.go).
    """
    return bool(Seen(webhook.at("rules").each()).where(_covers_new_pods))


def _covers_new_pods(rule: Field) -> bool:
    scope = rule.at("scope")
    wanted = {
        "operations": ("CREATE", "*"),
        "apiGroups": ("", "*"),
        "apiVersions": ("v1", "*"),
        "resources": ("pods", "*", "*/*"),
    }
    missed = Seen(tuple(wanted.items())).where(
        lambda it: not Seen(rule.at(it[0]).each()).where(lambda named: named.value in it[1])
    )
    return not missed and (not scope or scope.value != "Cluster")
