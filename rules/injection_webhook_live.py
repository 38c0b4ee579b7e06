"""Behind each injector and validator of Istio an istiod answers.

## Why
Where the service of a webhook is gone, or no istiod is behind it, the API server rejects
every pod that the webhook is called for, or every change of an Istio object, of both
meshes. It is what a revision that was removed leaves behind, and a tag that nobody moved.

## Pass
The service is there, and selects a Deployment or a pod that runs.

## Fail
There is no such service, or it selects nothing that runs and is ready: new pods are
rejected, or start without a sidecar where `failurePolicy` is `Ignore`; Istio objects cannot
be changed. As a warning: a validator whose `failurePolicy` is `Ignore`.

## Unknown
The control plane is outside the cluster, behind a URL or a service without a selector: no
object can show it. Or its URL names a Service, which the API server may be unable to resolve.
Or the services, or what they select, were not seen.

## Fix
Move the tag to a revision that runs, or take away what was left behind; bring the istiod
back where it is missed. `istioctl tag set` up to 1.23 lets a tag point to an SDM revision:
its service then cannot exist. Take such a tag away and use the revision itself.
"""

from auditor.api import (
    BACKENDS,
    INJECTOR,
    RUNNING_MESHES,
    VALIDATOR,
    VERSIONS,
    Backend,
    Behind,
    Cluster,
    Obj,
    Outcome,
    Remedy,
    Seen,
    Severity,
    called,
    is_deactivated,
    istio_webhook_configurations,
    istio_webhooks,
    rule,
    until_ready,
    without_an_istiod,
)

WHY = {
    Behind.NO_SERVICE: "is not there",
    Behind.NOTHING: "has no istiod behind it",
    Behind.NOT_READY: "has an istiod behind it that is not ready",
}


@rule(
    id="injection-webhook-live",
    family="injection",
    severity=Severity.ERROR,
    over=istio_webhook_configurations,
    reads=[INJECTOR, VALIDATOR, BACKENDS, RUNNING_MESHES, VERSIONS],
    references=[
        "https://istio.io/latest/docs/ops/common-problems/injection/",
        "https://istio.io/latest/docs/setup/upgrade/canary/",
        "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#url",
    ],
)
def injection_webhook_live(configuration: Obj, cluster: Cluster) -> Outcome:
    webhooks = Seen((configuration,)).each(istio_webhooks)
    active = webhooks.where(lambda it: not is_deactivated(it))
    if not active:
        selector = webhooks.so_far[0].at("namespaceSelector")
        return Outcome.not_applicable("is deactivated: it is never called", selector)

    backends = active.map(cluster.model(BACKENDS).of)
    missing = backends.where(lambda it: it.behind in (Behind.NOTHING, Behind.NO_SERVICE))
    if missing:
        return failing(configuration, missing.so_far[0], cluster)
    if waiting := backends.where(lambda it: it.behind is Behind.NOT_READY).first():
        return failing(configuration, waiting, cluster)
    if named := backends.where(lambda it: it.behind is Behind.BY_URL).first():
        said = (
            "its URL names a Service, which only pods find by that name: use clientConfig.service"
        )
        return Outcome.unknown(said, *named.shown)
    if outside := backends.where(lambda it: it.behind is Behind.OUTSIDE).first():
        said = "its control plane is outside the cluster, where no object shows it"
        return Outcome.unknown(said, *outside.shown)
    return Outcome.passed("an istiod is behind it", *backends.so_far[0].shown)


def failing(configuration: Obj, missing: Backend, cluster: Cluster) -> Outcome:
    whom = called(missing.webhook)
    name = f"Service {whom.place}/{whom.service}"
    policy = missing.webhook.at("failurePolicy")
    ignored = Seen((policy,)).where(lambda it: it.value == "Ignore").so_far
    why = WHY[missing.behind]
    if configuration.kind == INJECTOR:
        effect = "its pods start without a sidecar" if ignored else "its pods are rejected"
    else:
        effect = "Istio objects go unchecked" if ignored else "Istio objects cannot be changed"
    mild = ignored and configuration.kind == VALIDATOR
    return Outcome.failed(
        f"{name} {why}: {effect}",
        *(*missing.shown, policy),
        remedies=ways(configuration, missing, cluster),
        severity=Severity.WARNING if mild else None,
    )


def ways(configuration: Obj, missing: Backend, cluster: Cluster) -> list[Remedy]:
    if missing.behind is not Behind.NOT_READY:
        return without_an_istiod(configuration, cluster)
    return until_ready((it.ref for it in missing.shown), cluster)
