"""The order in which a person acts on what an audit found."""

from __future__ import annotations

from auditor.rule import Rule

FAMILIES = (
    "names",
    "control-plane",
    "crd",
    "versions",
    "injection",
    "trust",
)
"""A cause before its effects: a control plane that is in the wrong place or missing makes
the CRDs, then the labels that point to it, then the trust in it look wrong."""


def acting_order(rule: Rule) -> tuple[int, str, str]:
    """Where a rule stands among others of its severity. A family not named here comes last."""
    known = rule.family in FAMILIES
    return FAMILIES.index(rule.family) if known else len(FAMILIES), rule.family, rule.id
