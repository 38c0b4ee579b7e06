"""What istiod itself decides about a pod, once a webhook was called for it."""

from __future__ import annotations

from auditor.models.workloads import INJECT

ERAS = (8, 11, 26, 27)
"""A minor of 1.x for each way to decide that there has been."""

NEVER = ("kube-system", "kube-public")
NEVER_SINCE_9 = ("kube-node-lease", "local-path-storage")
YES = ("y", "yes", "true", "on")

LABEL = ("metadata", "labels", INJECT)
ANNOTATION = ("metadata", "annotations", INJECT)


def means_yes(said: object) -> bool:
    """Whether a person who wrote this meant yes, whatever the version at hand makes of it."""
    return str(said).lower() in YES


def wanted(
    label: object, annotation: object, network: object, namespace: str, minor: int
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether a pod is to be injected, and the place in it that says so; None: as by default.

    The label counts since 1.12, before it only the annotation does. Until 1.26 any value that
    is not a word for yes means no; from 1.27 on only `false` does
    (istio 1.30.3, 1.26.8, 1.12.9: pkg/kube/inject/inject.go injectRequired).
    """
    if network is True:
        return False, ("spec", "hostNetwork")
    if namespace in NEVER or (minor >= 9 and namespace in NEVER_SINCE_9):
        return False, ("metadata", "namespace")
    by_label = minor >= 12 and label is not None
    said, path = (label, LABEL) if by_label else (annotation, ANNOTATION)
    text = str(said if said is not None else "")
    if minor >= 27:
        return {"true": True, "false": False}.get(text), path
    if text == "":
        return None, path
    return means_yes(text), path
