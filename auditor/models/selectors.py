"""Kubernetes' label selectors and admission rules, evaluated on fields that may be withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.objects import Field
from auditor.seen import Seen

OTHER = "another-value"
"""A value that no selector names."""


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
            return bool(operator.withheld("Kubernetes knows no such operator", get="").value)


def is_empty(selector: Field) -> bool:
    """Whether a selector asks for nothing."""
    return not selector.at("matchLabels").each() and not selector.at("matchExpressions").each()


def keys_of(selector: Field) -> set[str]:
    """The keys of the labels that a selector asks about, as far as they are known."""
    labels = selector.at("matchLabels").held
    expressions = (it.at("key").held for it in selector.at("matchExpressions").each())
    return {*map(str, labels if isinstance(labels, Mapping) else ()), *map(str, expressions)}


def labels_for(selectors: tuple[Field, ...], free: Mapping[str, bool]) -> dict[str, str] | None:
    """Labels that all of the selectors match; None where no such labels exist.

    Each requirement asks about one key, so the keys can be tried one by one. Only those that
    are `free` may have any value, and be absent where that is true of them; others are absent.
    Raises `Unseen` where what is withheld decides.
    """
    found: dict[str, str] = {}
    for key in sorted(set(free).union(*map(keys_of, selectors))):
        values: tuple[str | None, ...] = (None,) if free.get(key, True) else ()
        if key in free:
            values += (*_named_by(selectors, key), OTHER)
        fitting = _fitting(values, key, selectors)
        if not fitting:
            return None
        if (value := fitting.so_far[0]) is not None:
            found[key] = value
    return found


def _fitting(
    values: tuple[str | None, ...], key: str, selectors: tuple[Field, ...]
) -> Seen[str | None]:
    """The values of one key, None for its absence, that all of the selectors allow."""
    return Seen(values).where(lambda value: _all_allow(selectors, key, value))


def _all_allow(selectors: tuple[Field, ...], key: str, value: str | None) -> bool:
    unmet = Seen(selectors).each(lambda it: _asked_of(it, key))
    labels = selectors[0].holding({} if value is None else {key: value})
    return not unmet.where(lambda asked: not _holds(asked, key, labels))


def _asked_of(selector: Field, key: str) -> Iterator[Field]:
    if label := selector.at("matchLabels", key):
        yield label
    for requirement in selector.at("matchExpressions").each():
        if requirement.at("key").value == key:
            yield requirement


def _holds(asked: Field, key: str, labels: Field) -> bool:
    if asked.path[-2:] == ("matchLabels", key):
        return bool(labels.at(key).value == asked.value)
    return _satisfies(asked, labels)


def _named_by(selectors: tuple[Field, ...], key: str) -> tuple[str, ...]:
    named: set[str] = set()
    for asked in Seen(selectors).each(lambda it: _asked_of(it, key)).so_far:
        values = asked.at("values").each() if isinstance(asked.held, Mapping) else (asked,)
        named |= {it.held for it in values if isinstance(it.held, str)}
    return tuple(sorted(named))


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
