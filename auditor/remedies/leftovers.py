"""What to do with a webhook configuration behind which no istiod is."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from auditor.cluster import Cluster
from auditor.facts.versions import Version
from auditor.kinds import DEPLOYMENT, INJECTOR
from auditor.models.injection import LEGACY
from auditor.models.istiod import (
    DEFAULT,
    ISTIO,
    REVISION,
    TAG,
    discovery,
    is_istiod,
    revision_of,
)
from auditor.models.meshes import ControlPlane, running_control_planes
from auditor.models.versions import VERSIONS
from auditor.objects import Obj, Ref
from auditor.remedy import Command, Remedy
from auditor.seen import Seen

TAGS_OF_THEIR_OWN = 11
"""From here on `istioctl tag`, before it `istioctl x revision tag`."""


def without_an_istiod(configuration: Obj, cluster: Cluster) -> list[Remedy]:
    """Ways to mend it: a tag is moved, a leftover taken away. By what was seen."""
    ref = configuration.ref
    delete = Command("delete it", f"kubectl delete {ref.word} {shlex.quote(ref.name)}")
    tag, target = configuration.label(TAG).held, configuration.label(REVISION).held
    asked = str(tag or target or "")
    moved = moved_first(asked) if configuration.kind == INJECTOR and asked else ()
    away = Remedy("take it away", (*moved, delete))
    back = [_brought_back(it) for it in _scaled_to_nothing(str(target), cluster)]
    if not tag or "." in str(target):  # a tag on SDM's revision can be moved nowhere
        return [*back, away]
    planes = [it for it in running_control_planes(cluster).so_far if it.family == ISTIO]
    ordered = sorted(planes, key=lambda it: it.revision, reverse=True)
    moves = (
        tag_set(f"move the tag {tag} to {it.revision}", str(tag), it, cluster) for it in ordered
    )
    return [*back, *moves, away]


def moved_first(asked: str) -> tuple[Command, ...]:
    """What must be done before something goes that namespaces and pods ask for by label."""
    text = "let what relies on it alone ask for another revision first; this finds what asks for "
    labels = [f"{REVISION}={asked}"] + [f"{LEGACY}=enabled"] * (asked == DEFAULT)
    return tuple(
        Command(f"{text}{asked}", f"kubectl get namespace,pod -A -l {shlex.quote(label)}")
        for label in labels
    )


def until_ready(refs: Iterable[Ref], cluster: Cluster) -> list[Remedy]:
    """What a person reads where an istiod runs and does not become ready."""
    wanted = set(refs)
    istiods = cluster[DEPLOYMENT].where(lambda it: it.ref in wanted).so_far
    steps: list[Command] = []
    for it in istiods:
        container = shlex.quote(str(discovery(it).at("name").held or "discovery"))
        target = f"{shlex.quote(f'deployment/{it.name}')} -n {shlex.quote(it.namespace)}"
        steps.append(Command("see why its pods are not ready", f"kubectl describe {it.ref.target}"))
        steps.append(Command("and what it waits for", f"kubectl logs {target} -c {container}"))
    text = "it waits for ever for a CRD that does not serve what it reads, and ends at once for a "
    text += "certificate that cannot be read: see crd-served-versions and trust-anchors-valid"
    return [Remedy("let its istiod become ready", (*steps, Command(text)))]


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
    number = f" {version.number}" if version else " of its release"
    text = f"set the tag, with istioctl{number}"
    return Remedy(title, (Command(text, _set(tag, plane, version)),))


def _set(tag: str, plane: ControlPlane, version: Version | None) -> str:
    older = version is not None and not version.is_since(TAGS_OF_THEIR_OWN)
    word = "x revision tag" if older else "tag"
    place = f" -i {shlex.quote(plane.namespace)}"
    revision = shlex.quote(plane.revision or DEFAULT)
    return f"istioctl {word} set {shlex.quote(tag)} --revision {revision} --overwrite{place}"
