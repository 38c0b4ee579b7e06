"""What helm and istioctl take, of the words that a remedy may use, by their versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .shell import Simple


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
