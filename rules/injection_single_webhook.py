"""No pod is sent to two webhooks that inject sidecars.

## Why
A pod for which two injectors are called is injected twice: the one called later, by the
names of their configurations, throws out what the first put in, so that the pod may land
in the wrong mesh with settings of both.

## Pass
No labels of a namespace and of a pod exist that both are called for: every combination of
Istio's own labels is tried. Where a selector asks about other labels too, no namespace,
workload or pod that is there is selected by both. A webhook that matches
`istio.io/deactivated: never-match` is never called.

## Fail
Both are called for pods that are there: two meshes share a revision or a tag, somebody
changed a selector, or a namespace of OpenShift Service Mesh 2, whose injector asks for no
revision, also names one. As a warning: both call the same istiod, as while a failed
installation left the plain injector active beside the default tag; or both would be
called for labels that nothing there carries.

## Unknown
A selector, or what a selector beyond Istio's own labels could match, was not seen; or
`matchConditions` decide, which are programs.

## Fix
Take one of the two away, give it back the selectors that its release renders, or take the
label off the namespace that makes both match.
"""

from collections.abc import Mapping

from auditor.api import (
    INJECTOR,
    NAMESPACE,
    OVERLAPS,
    WORKLOADS,
    Cluster,
    Outcome,
    Overlap,
    Seen,
    Severity,
    Together,
    injectors_together,
    one_of_two,
    rule,
)


@rule(
    id="injection-single-webhook",
    family="injection",
    severity=Severity.ERROR,
    over=injectors_together,
    reads=[INJECTOR, NAMESPACE, OVERLAPS, *WORKLOADS],
    references=[
        "https://istio.io/latest/docs/reference/config/analysis/ist0139/",
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
    ],
)
def injection_single_webhook(together: Together, cluster: Cluster) -> Outcome:
    overlaps = cluster.model(OVERLAPS)
    found = together.webhooks.map(lambda pair: overlaps.of(*pair)).where(lambda it: it)
    if not found:
        alone = together.first.name == together.second.name
        names = dict.fromkeys(it.at("metadata", "name") for it in (together.first, together.second))
        said = "calls one webhook for a pod at most" if alone else "are never called for one pod"
        return Outcome.passed(said, *names)

    meetings = [it for it in found.so_far if it]
    worst = min(meetings, key=lambda it: (it.calls_one, not it.witnesses.so_far))
    nothing = not worst.witnesses.so_far and not worst.witnesses.gaps
    mild = Severity.WARNING if worst.calls_one or nothing else None
    advice = Seen((worst,)).each(lambda it: one_of_two(it, cluster)).so_far
    return Outcome.failed(said_of(worst), *worst.shown, remedies=advice, severity=mild)


def said_of(overlap: Overlap) -> str:
    known = Seen((overlap,)).map(effect_of).so_far  # they are called, whomever they call
    effect = f", and {known[0]}" if known else ""
    for witness in overlap.witnesses.so_far[:1]:
        return f"both are called for {(witness.thing or witness.namespace).ref}{effect}"
    around, pod = overlap.made_up or ({}, {})
    place, asking = labelled(around), labelled(pod)
    return f"both would be called for a pod{asking} in a namespace{place}{effect}"


def effect_of(overlap: Overlap) -> str:
    one, two = overlap.first, overlap.second
    if overlap.calls_one:
        return f"both call the istiod of {two.target}"
    if one.target == two.target:
        return f"that in {two.place} throws out what that in {one.place} puts in"
    return f"that of {two.target} throws out what that of {one.target} puts in"


def labelled(labels: Mapping[str, str]) -> str:
    said = ", ".join(f"{key}={value}" for key, value in labels.items())
    return f" with {said}" if said else " without labels"
