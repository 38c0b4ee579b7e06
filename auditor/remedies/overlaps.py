"""How one of two webhooks that are called for the same pods is kept from it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from auditor.cluster import Cluster
from auditor.kinds import POD
from auditor.models.containers import pod_template
from auditor.models.injection import Injector, namespace_labels
from auditor.models.istiod import REVISION
from auditor.models.overlaps import Overlap, Witness
from auditor.models.workloads import restarts
from auditor.remedies.joining import relabelled
from auditor.remedies.leftovers import moved_first
from auditor.remedy import Command, Label, Patch, Remedy

MEMBER = "maistra.io/member-of"
"""The label of a namespace that is a member of a mesh of OpenShift Service Mesh 2."""


def one_of_two(overlap: Overlap, cluster: Cluster) -> Iterator[Remedy]:
    """Ways to end an overlap, the most reversible first. For rules that read the workloads."""
    pair = (overlap.first, overlap.second)
    if witness := overlap.witness:
        yield from _left_to_one(witness, overlap, cluster)
        yield from _no_member(witness, overlap, cluster)
    apart = overlap.first.configuration.name != overlap.second.configuration.name
    tags = [it for it in pair if it.tag] if apart else []
    yield from map(_taken_away, tags[:1])
    if apart and not tags and overlap.calls_one:
        yield from map(_taken_away, pair)
    elif apart and overlap.first.answers_to == overlap.second.answers_to and not tags:
        said = "let one of the two answer to another revision or tag; revisions-distinct says how"
        yield Remedy("tell the two apart", (Command(said),))
    elif not tags:
        names = " and ".join(dict.fromkeys(it.configuration.name for it in pair))
        said = f"compare the selectors of {names} with those that its release renders"
        both = " ".join(dict.fromkeys(shlex.quote(it.configuration.name) for it in pair))
        read = f"kubectl get {overlap.first.configuration.ref.word} {both} -o yaml"
        again = "let what installed an edited one write it anew"
        yield Remedy("let just one of them match", (Command(said, read), Command(again)))


def _taken_away(injector: Injector) -> Remedy:
    ref = injector.configuration.ref
    command = f"kubectl delete {ref.word} {shlex.quote(ref.name)}"
    steps = [Command("delete it", command)]
    if injector.tag:
        steps = [*moved_first(str(injector.tag.held)), *steps]
    return Remedy(f"take {ref.name} away", tuple(steps))


def _left_to_one(witness: Witness, overlap: Overlap, cluster: Cluster) -> Iterator[Remedy]:
    """The label `istio.io/rev` taken off, where that leaves just one webhook to be called."""
    namespace, thing = witness.namespace, witness.thing
    if overlap.made_up is not None or (thing and thing.kind == POD):
        return  # the next that carries such labels would be injected twice all the same
    asked = pod_template(thing).at("metadata", "labels") if thing else overlap.first.labels({})
    labelled = thing.ref if thing else namespace.ref
    if not (asked.at(REVISION) if thing else namespace.label(REVISION)):
        return
    around = namespace_labels(namespace, without=() if thing else (REVISION,))
    pods = asked.holding({k: v for k, v in dict(asked.held or {}).items() if k != REVISION})
    left = [it for it in (overlap.first, overlap.second) if it.selects(around, pods)]
    if len(left) != 1:
        return
    restart = (Command("restart its workloads", it) for it in restarts(cluster, namespace.name))
    steps: tuple[Label | Patch | Command, ...] = (Label(namespace.ref, REVISION), *restart)
    if thing:
        steps = (relabelled(thing, None),)
    yield Remedy(f"leave {labelled} to {left[0].target}", steps)


def _no_member(witness: Witness, overlap: Overlap, cluster: Cluster) -> Iterator[Remedy]:
    """A namespace taken out of the members of a mesh of OpenShift Service Mesh 2.

    Its operator labels them by the roll of a mesh, which is always called `default`
    (maistra istio-operator: pkg/controller/common/metadata.go MemberRollName).
    """
    namespace = witness.namespace
    mesh = str(namespace.label(MEMBER).held or "")
    without = namespace_labels(namespace, without=(MEMBER,))
    thing = witness.thing
    pods = pod_template(thing).at("metadata", "labels") if thing else overlap.first.labels({})
    left = [it for it in (overlap.first, overlap.second) if it.selects(without, pods)]
    if not mesh or len(left) != 1:
        return
    text = f"take {namespace.name} out of the members of the mesh in {mesh}"
    edit = f"kubectl edit servicemeshmemberrolls.maistra.io default -n {shlex.quote(mesh)}"
    restart = (Command("restart its workloads", it) for it in restarts(cluster, namespace.name))
    title = f"leave {namespace.ref} to {left[0].target}"
    yield Remedy(title, (Command(text, edit), *restart))
