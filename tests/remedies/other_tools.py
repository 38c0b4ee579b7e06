"""What helm and istioctl take, of the words that a remedy may use, by their versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .shell import Simple

BEFORE = 99
"""A minor that is not there yet."""
ISTIOCTL: dict[str, tuple[int, int, dict[str, int]]] = {
    "install": (6, BEFORE, {"-f": 6, "--set": 6, "--revision": 6}),
    "operator init": (
        5,
        24,
        {"--operatorNamespace": 5, "--watchedNamespaces": 6, "--revision": 7},
    ),
    "x revision tag set": (10, BEFORE, {"--revision": 10, "--overwrite": 10, "-i": 10}),
    "tag set": (11, BEFORE, {"--revision": 11, "--overwrite": 11, "-i": 11}),
    "x uninstall": (7, BEFORE, {"--revision": 7}),
    "uninstall": (15, BEFORE, {"--revision": 15}),
}
"""For each command the first minor of Istio that has it, the first that has not, and its flags.

Istio 1.5.10 to 1.30.3: operator/cmd/mesh/{install,uninstall,operator-init}.go,
istioctl/cmd/{root,tag}.go, istioctl/pkg/tag/tag.go.
"""

SETTINGS = {
    "values.base.enableIstioConfigCRDs": (9, BEFORE),
    "values.base.excludedCRDs": (24, BEFORE),
    "base.excludedCRDs": (24, BEFORE),
    "global.trustBundleName": (27, BEFORE),
    "values.global.trustBundleName": (27, BEFORE),
}
"""Values of the charts that help only some minors: the first is taken from 1.24 on to no effect,
and `trustBundleName` of 1.26 renames one side alone.

Istio 1.8.6 to 1.30.3: manifests/charts/base/values.yaml, istio-discovery/templates/deployment.yaml.
"""

CHARTS = {"istio/base", "istio/istiod"}
HELM = {
    "get values": {"-n", "-o"},
    "install": {"-n", "-f", "--set", "--version", "--create-namespace"},
    "uninstall": {"-n"},
    "upgrade": {
        *("-n", "--install", "--reuse-values", "--set", "--set-json", "--set-string"),
        *("--take-ownership", "--version"),
    },
}
"""The flags of Helm 3.17 and newer (cmd/helm/{install,upgrade,uninstall,get_values,flags}.go)."""
VALUELESS = {"--create-namespace", "--install", "--overwrite", "--reuse-values", "--take-ownership"}
NUMBER = re.compile(r"\b1\.(\d+)\.\d+\b")


class NotTaken(Exception):
    """What a tool of that version would not take."""


def minor_in(text: str) -> int | None:
    """The minor of the release that a text names."""
    found = NUMBER.search(text)
    return int(found[1]) if found else None


def check_istioctl(words: tuple[str, ...], minor: int | None) -> None:
    """Raises `NotTaken` where istioctl of a minor has no such command, flag or value."""
    command = next((it for it in ISTIOCTL if _starts(words, it)), None)
    if command is None:
        raise NotTaken(f"no such command: {' '.join(words[:4])}")
    first, end, flags = ISTIOCTL[command]
    _within(command, minor, first, end)
    for flag, value in _flags(words):
        if flag not in flags:
            raise NotTaken(f"istioctl {command} is not known to take {flag}")
        _within(flag, minor, flags[flag], BEFORE)
        if flag == "--set":
            _check_setting(value, minor)


def check_helm(words: tuple[str, ...]) -> None:
    """Raises `NotTaken` where Helm has no such flag, or the chart of that version no such value."""
    command = next((it for it in HELM if _starts(words, it)), None)
    if command is None:
        raise NotTaken(f"no such command: {' '.join(words[:3])}")
    flags = dict(_flags(words))
    if unknown := flags.keys() - HELM[command]:
        raise NotTaken(f"helm {command} is not known to take {', '.join(sorted(unknown))}")
    if "-n" not in flags:
        raise NotTaken("no namespace is named")
    if not CHARTS & set(words):
        return
    if "--version" not in flags:
        raise NotTaken("it takes the newest chart, of whatever release")
    for flag, value in _flags(words):
        if flag.startswith("--set"):
            _check_setting(value, minor_in(flags["--version"]))


def _check_setting(value: str, minor: int | None) -> None:
    key = value.partition("=")[0]
    first, end = SETTINGS.get(key, (0, BEFORE))
    _within(key, minor, first, end)


def _within(what: str, minor: int | None, first: int, end: int) -> None:
    if minor is not None and not first <= minor < end:
        raise NotTaken(f"Istio 1.{minor} has no {what}")


def _starts(words: tuple[str, ...], command: str) -> bool:
    parts = tuple(command.split())
    return words[1 : 1 + len(parts)] == parts


def _flags(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            yield name, value if equals or name in VALUELESS else next(rest, "")


def namespaces_made(programs: Iterable[Simple]) -> Iterator[tuple[str, str, str]]:
    """The namespaces that these programs make where they are missing.

    Helm does with `--create-namespace`. Istioctl makes the one it installs into
    (istio 1.13.9: operator/pkg/helmreconciler/reconciler.go createNamespace).
    """
    for program in programs:
        words = program.words
        if words[0] == "helm" and "--create-namespace" in words:
            yield "namespaces", "", words[words.index("-n") + 1]
        if words[:2] == ("istioctl", "install"):
            for word in words:
                key, _, value = word.partition("=")
                if key == "values.global.istioNamespace":
                    yield "namespaces", "", value
