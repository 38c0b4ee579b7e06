"""Each line of istioctl and helm in a remedy is one that the tool takes, of that release."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditor.remedy import Remedy

from .findings import PLACES, every_place, findings
from .other_tools import NotTaken, check_helm, check_istioctl, minor_in
from .shell import programs

KNOWN = {"base64", "grep", "helm", "istioctl", "kubectl", "make", "printf"}


@every_place
def test_every_line_is_one_that_its_tool_takes(place: str) -> None:
    found = [
        f"{finding}: {fault}"
        for finding in findings(place)
        for remedy in finding.remedies
        for fault in faults(remedy)
    ]

    assert not found, "\n".join(found)


def faults(remedy: Remedy) -> Iterator[str]:
    for step in remedy.steps:
        for program in programs(step.command) if step.command else ():
            tool = program.words[0]
            try:
                if tool == "istioctl":
                    check_istioctl(program.words, minor_in(step.text))
                elif tool == "helm":
                    check_helm(program.words)
            except NotTaken as error:
                yield f"{error}: {step.command}"
            if tool not in KNOWN:
                yield f"{tool} is no tool that a reader has: {step.command}"
            if tool == "istioctl" and "istioctl" not in step.text:
                yield f"it does not say which istioctl: {step.text}: {step.command}"


def test_both_tools_are_told_what_to_do() -> None:
    tools = {
        program.words[0]
        for place in PLACES
        for finding in findings(place)
        for remedy in finding.remedies
        for step in remedy.steps
        if step.command
        for program in programs(step.command)
    }

    assert tools == KNOWN


@pytest.mark.parametrize(
    ("line", "minor"),
    [
        ("istioctl uninstall --revision a", 14),
        ("istioctl tag set prod --revision a", 10),
        ("istioctl operator init", 24),
        ("istioctl install --set values.base.excludedCRDs={a}", 23),
        ("istioctl install --set values.base.enableIstioConfigCRDs=false", 8),
        ("istioctl install --purge", 20),
        ("istioctl upgrade", 20),
    ],
)
def test_what_istioctl_of_a_release_would_not_take_is_seen(line: str, minor: int) -> None:
    with pytest.raises(NotTaken):
        check_istioctl(tuple(line.split()), minor)


@pytest.mark.parametrize(
    "line",
    [
        "helm upgrade istiod istio/istiod -n istio-system --reuse-values",
        "helm upgrade istiod istio/istiod --version 1.20.8",
        "helm upgrade base istio/base -n a --version 1.23.6 --set base.excludedCRDs={a}",
        "helm upgrade istiod istio/istiod -n a --version 1.26.2 --set global.trustBundleName=a",
        "helm upgrade istiod istio/istiod -n a --version 1.26.2 --keep-values",
        "helm rollback istiod",
    ],
)
def test_what_helm_would_not_take_is_seen(line: str) -> None:
    with pytest.raises(NotTaken):
        check_helm(tuple(line.split()))
