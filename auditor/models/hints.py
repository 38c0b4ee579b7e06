"""What names a control plane without running it: webhooks and mesh configurations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.asked import asked_once
from auditor.models.istiod import DEFAULT, ISTIO, REVISION, SDM, TAG
from auditor.objects import Field, Obj
from auditor.seen import Seen

OUTSIDE = "outside"
"""The family of control planes that run outside the cluster, known by their webhooks alone."""
INJECTOR_ALONE = "istio-sidecar-injector"
"""The label `app` of an injector that SDM installs without an istiod, in the mode PASSIVE."""
OF_A_SERVICE = re.compile(r"(?P<name>[^.]+)\.(?P<namespace>[^.]+)\.svc(\.|$)")
"""The names that Kubernetes' DNS gives to Services."""


@dataclass(frozen=True)
class Hint:
    """What names a control plane and may be a leftover: it makes no mesh by itself."""

    family: str
    namespace: str
    revision: str
    field: Field


@dataclass(frozen=True)
class Called:
    """Whom a webhook calls: a Service, or a host outside the cluster, which has no `service`."""

    place: str
    """The namespace of the Service, or the host, which stands for one."""
    service: str
    field: Field

    def names(self, service: Obj) -> bool:
        """Whether it is a Service, of those in its namespace."""
        return service.name == self.service


def called(webhook: Field) -> Called:
    """Whom a webhook calls. Its URL may name a Service too, as Kubernetes' DNS does."""
    client = webhook.at("clientConfig")
    if url := client.at("url"):
        host = urlsplit(str(url.value)).hostname or "elsewhere"
        if named := OF_A_SERVICE.match(host):
            return Called(named["namespace"], named["name"], url)
        return Called(host, "", url)
    namespace, name = client.at("service", "namespace"), client.at("service", "name")
    return Called(str(namespace.value or ""), str(name.value or ""), namespace)


def outside_of(configuration: Obj) -> Iterator[Hint]:
    """The control planes that an injector reaches by a URL, as that of a managed mesh does."""
    for webhook in injecting(configuration):
        whom = called(webhook)
        if whom.place and not whom.service:
            yield Hint(OUTSIDE, whom.place, revision_label(configuration), whom.field)


def led_outside(
    configuration: Obj, here: Collection[tuple[str, str]], services: Seen[Obj]
) -> Iterator[Hint]:
    """The control planes of other clusters whose injector has a Service in this one.

    In a remote cluster of a multicluster mesh it selects no pods, but has addresses or an
    external name of its own (istio 1.24.6: istio-discovery/templates/remote-istiod-service.yaml;
    1.20.8: base/templates/services.yaml). SDM puts an injector alone into such a cluster
    (banzaicloud/istio-operator v2.17.4: internal/assets/manifests/istio-sidecar-injector).
    The Service is not asked of a control plane that is `here`, by its namespace and revision.
    """
    revision = revision_label(configuration)
    for whom in map(called, injecting(configuration)):
        if whom.service and (whom.place, revision) not in here:
            service = services.within(whom.place).where(whom.names).first()
            if service is None:
                continue
            selector = service.at("spec", "selector")
            if not selector.each() or selector.at("app").value == INJECTOR_ALONE:
                yield Hint(OUTSIDE, whom.place, revision, whom.field)


def injectors_of(configuration: Obj) -> Iterator[Hint]:
    """The control planes that the services of an injector belong to."""
    if configuration.label(TAG):
        return
    for webhook in injecting(configuration):
        whom = called(webhook)
        if whom.service:
            revision = revision_label(configuration)
            family = SDM if "." in revision else ISTIO
            yield Hint(family, whom.place, revision, whom.field)


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


@asked_once
def revision_label(thing: Obj) -> str:
    """The revision in an object's label, `default` where it has none."""
    return str(thing.label(REVISION).value or DEFAULT)
