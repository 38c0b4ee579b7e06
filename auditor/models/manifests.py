"""An object of the cluster beside the same one in a rendered manifest."""

from __future__ import annotations

from auditor.kinds import CLUSTER_ROLE_BINDING, INJECTOR, VALIDATOR
from auditor.models.crd_owners import MANAGED_BY
from auditor.objects import Field, Obj

INSTANCE = "app.kubernetes.io/instance"


def takes_over(manifest: Obj, thing: Obj) -> bool:
    """Whether a manifest would make an object another installer's than it is.

    By the labels that charts render, by the accounts that a binding names, or by the service
    that a webhook calls. A manifest without labels claims nothing.
    """
    if manifest.kind == CLUSTER_ROLE_BINDING and _accounts(manifest) != _accounts(thing):
        return True
    if manifest.kind in (INJECTOR, VALIDATOR) and _services(manifest) != _services(thing):
        return True
    theirs, ours = manifest.label(MANAGED_BY), thing.label(MANAGED_BY)
    if not theirs:
        return False
    named = manifest.label(INSTANCE) and thing.label(INSTANCE)
    apart = bool(named) and manifest.label(INSTANCE).value != thing.label(INSTANCE).value
    return apart or bool(ours.value != theirs.value)


def _accounts(binding: Obj) -> set[tuple[object, object]]:
    subjects = binding.at("subjects").each()
    return {(it.at("namespace").value, it.at("name").value) for it in subjects}


def _services(configuration: Obj) -> set[tuple[object, object]]:
    called = [_service(webhook) for webhook in configuration.at("webhooks").each()]
    return {(it.at("namespace").value, it.at("name").value) for it in called}


def _service(webhook: Field) -> Field:
    return webhook.at("clientConfig", "service")
