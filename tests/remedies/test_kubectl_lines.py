"""Each line of kubectl in a remedy is one that kubectl takes, about what the dump has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from auditor.remedy import Remedy

from . import kubectl, shell
from .findings import PLACES, commands, every_place, findings
from .known import Known, known, made_by, missing
from .other_tools import namespaces_made


@every_place
def test_every_line_can_be_pasted_and_names_what_is_there(place: str) -> None:
    found = [
        f"{finding}: {fault}"
        for finding in findings(place)
        for remedy in finding.remedies
        for fault in faults(remedy, known(place))
    ]

    assert not found, "\n".join(found)


def faults(remedy: Remedy, there: Known) -> Iterator[str]:
    """What is wrong with the lines of a remedy, each after those before it was run."""
    for line in commands(remedy):
        try:
            programs = list(shell.programs(line))
            calls = [(it.words, kubectl.parsed(it.words)) for it in of_kubectl(programs)]
        except (shell.Unsafe, kubectl.Refused) as error:
            yield f"{error}: {line}"
            continue
        for words, call in calls:
            yield from (f"{it} is not there: {line}" for it in missing(call, there))
            there |= frozenset(made_by(call, words))
        there |= frozenset(namespaces_made(programs))


def of_kubectl(programs: Iterable[shell.Simple]) -> list[shell.Simple]:
    return [it for it in programs if it.words[0] == "kubectl"]


def test_there_are_many_lines() -> None:
    lines = {
        line
        for place in PLACES
        for finding in findings(place)
        for remedy in finding.remedies
        for line in commands(remedy)
        if line.startswith("kubectl")
    }

    assert len(lines) > len(PLACES)


@pytest.mark.parametrize(
    "line",
    [
        "kubectl label namespace shop",
        "kubectl label namespace shop a=b --force",
        "kubectl rollout restart",
        "kubectl rollout restart deployment shop/cart",
        "kubectl delete pod",
        "kubectl patch deployment cart --type merge",
        "kubectl restart deployment cart",
        "kubectl label namespace shop istio.io/rev=$REV",
        "kubectl patch crd a --type merge -p {}",
        "kubectl label namespace shop a=b; rm -r .",
    ],
)
def test_what_kubectl_would_not_take_is_seen(line: str) -> None:
    with pytest.raises((shell.Unsafe, kubectl.Refused)):
        [kubectl.parsed(it.words) for it in shell.programs(line)]


@pytest.mark.parametrize(
    "line",
    [
        "kubectl delete pod cart -n nowhere",
        "kubectl delete pod cart",
        "kubectl label namespace nowhere a=b",
        "kubectl delete namespace shop -n shop",
        "kubectl rollout restart statefulset -n shop",
        "kubectl delete unheard-of cart -n shop",
    ],
)
def test_what_is_not_there_is_seen(line: str) -> None:
    there = frozenset({("namespaces", "", "shop"), ("pods", "shop", "cart")})
    [program] = shell.programs(line)

    assert list(missing(kubectl.parsed(program.words), there))
