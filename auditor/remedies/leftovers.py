"""What to do with a webhook configuration behind which no istiod is."""

from __future__ import annotations

import shlex

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.kinds import DEPLOYMENT
from auditor.models.istiod import DEFAULT, ISTIO, REVISION, TAG, is_istiod, revision_of
from auditor.models.meshes import ControlPlane, running_control_planes
from auditor.models.versions import VERSIONS
from auditor.objects import Obj
from auditor.remedy import Command, Remedy
from auditor.seen import Seen

TAGS_OF_THEIR_OWN = 11
"""From here on `istioctl tag`, before it `istioctl x revision tag`."""


def without_an_istiod(configuration: Obj, cluster: Cluster) -> list[Remedy]:
    """Ways to mend it: a tag is moved, a leftover taken away. By what was seen."""
    ref = configuration.ref
    delete = Command("delete it", f"kubectl delete {ref.word} {shlex.quote(ref.name)}")
    moved = Command("let what asks for it by label ask for a revision that runs first")
    away = Remedy("take it away", (moved, delete))
    tag, target = configuration.label(TAG).held, configuration.label(REVISION).held
    back = [_brought_back(it) for it in _scaled_to_nothing(str(target), cluster)]
    if not tag or "." in str(target):  # a tag on SDM's revision can be moved nowhere
        return [*back, away]
    planes = [it for it in running_control_planes(cluster).so_far if it.family == ISTIO]
    ordered = sorted(planes, key=lambda it: it.revision, reverse=True)
    moves = (
        tag_set(f"move the tag {tag} to {it.revision}", str(tag), it, cluster) for it in ordered
    )
    return [*back, *moves, away]


def _scaled_to_nothing(revision: str, cluster: Cluster) -> tuple[Obj, ...]:
    istiods = cluster[DEPLOYMENT].where(lambda it: it.at("spec", "replicas").value == 0)
    return istiods.where(lambda it: is_istiod(it) and revision_of(it) == revision).so_far


def _brought_back(istiod: Obj) -> Remedy:
    command = f"kubectl scale {istiod.ref.target} --replicas=1"
    return Remedy(f"bring {istiod.ref} back", (Command("let it run again", command),))


def tag_set(title: str, tag: str, plane: ControlPlane, cluster: Cluster) -> Remedy:
    """A tag set on a control plane of upstream Istio, for rules that read VERSIONS."""
    said = Seen((plane,)).each(cluster.model(VERSIONS).of).so_far
    version = next((it.version for it in said if it.version), None)
    return Remedy(title, (Command("set the tag", _set(tag, plane, version)),))


def _set(tag: str, plane: ControlPlane, version: Version | None) -> str:
    older = version is not None and not version.is_since(TAGS_OF_THEIR_OWN)
    word = "x revision tag" if older else "tag"
    place = f" -i {plane.namespace}"
    revision = plane.revision or DEFAULT
    return f"istioctl {word} set {shlex.quote(tag)} --revision {revision} --overwrite{place}"
