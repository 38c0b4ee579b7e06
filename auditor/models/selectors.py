"""Kubernetes' label selectors, evaluated on fields that may be withheld."""

from __future__ import annotations

from auditor.objects import Field
from auditor.seen import Seen


class BadSelector(Exception):
    """A selector that the API server would refuse."""


def selects(selector: Field, labels: Field) -> bool:
    """Whether a selector matches some labels. An absent or empty one matches everything.

    Raises `Unseen` where what is withheld decides, and `BadSelector` for an operator that
    Kubernetes does not know.
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
    values = requirement.at("values").value or ()
    match requirement.at("operator").value:
        case "In":
            return bool(label) and label.value in values
        case "NotIn":
            return not label or label.value not in values
        case "Exists":
            return bool(label)
        case "DoesNotExist":
            return not label
        case operator:
            raise BadSelector(f"{requirement.ref}: no such operator: {operator}")
