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
from auditor.remedy import Command, Label, Patch, Remedy


def one_of_two(overlap: Overlap, cluster: Cluster) -> Iterator[Remedy]:
    """Ways to end an overlap, the most reversible first. For rules that read the workloads."""
    pair = (overlap.first, overlap.second)
    for witness in overlap.witnesses.so_far[:1]:
        yield from _left_to_one(witness, overlap, cluster)
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
        again = "let what installed an edited one write it anew"
        yield Remedy("let just one of them match", (Command(said), Command(again)))


def _taken_away(injector: Injector) -> Remedy:
    ref = injector.configuration.ref
    command = f"kubectl delete {ref.word} {shlex.quote(ref.name)}"
    steps = [Command("delete it", command)]
    if injector.tag:
        moved = "let what relies on the tag alone ask for another revision first"
        steps.insert(0, Command(moved))
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
