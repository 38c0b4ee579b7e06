"""What names a control plane without running it: webhooks and mesh configurations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.models.istiod import DEFAULT, ISTIO, REVISION, SDM, TAG
from auditor.objects import Field, Obj

OUTSIDE = "outside"
"""The family of control planes that run outside the cluster, known by their webhooks alone."""


@dataclass(frozen=True)
class Hint:
    """What names a control plane and may be a leftover: it makes no mesh by itself."""

    family: str
    namespace: str
    revision: str
    field: Field


def outside_of(configuration: Obj) -> Iterator[Hint]:
    """The control planes that an injector reaches by a URL, as that of a managed mesh does."""
    for webhook in injecting(configuration):
        if url := webhook.at("clientConfig", "url"):
            yield Hint(OUTSIDE, host_of(url), revision_label(configuration), url)


def host_of(url: Field) -> str:
    """The host that a webhook's URL names, which stands for the namespace of what is outside."""
    return urlsplit(str(url.value)).hostname or "elsewhere"


def injectors_of(configuration: Obj) -> Iterator[Hint]:
    """The control planes that the services of an injector belong to."""
    if configuration.label(TAG):
        return
    for webhook in injecting(configuration):
        if namespace := webhook.at("clientConfig", "service", "namespace"):
            revision = revision_label(configuration)
            family = SDM if "." in revision else ISTIO
            yield Hint(family, str(namespace.value), revision, namespace)


def mesh_configs_of(config: Obj) -> Iterator[Hint]:
    """The control plane that a mesh configuration is for."""
    if mesh := config.at("data", "mesh"):
        revision = revision_label(config)
        yield Hint(SDM if "." in revision else ISTIO, config.namespace, revision, mesh)


def injecting(configuration: Obj) -> Iterator[Field]:
    """The webhooks of a configuration that inject sidecars
    (istio 1.30.3: pkg/config/analysis/analyzers/webhook/webhook.go).
    """
    labelled = configuration.label("app").value == "sidecar-injector"
    for webhook in configuration.at("webhooks").each():
        name = str(webhook.at("name").value or "")
        if labelled or name.endswith("sidecar-injector.istio.io"):
            yield webhook


def revision_label(thing: Obj) -> str:
    """The revision in an object's label, `default` where it has none."""
    return str(thing.label(REVISION).value or DEFAULT)
