"""What is in a cluster by the evidence of a snapshot, or comes to be there by a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from auditor.kinds import KINDS, NAMESPACE, Kind
from auditor.objects import Obj
from auditor.snapshot import Snapshot

from .findings import snapshot_of
from .kubectl import MAKES, Call

WORDS = {name: it for it in KINDS.values() for name in (it.word, it.plural, it.name.lower())}

BY_CONVENTION = {("servicemeshmemberrolls.maistra.io", "default")}
"""What the rules do not read, and is always called so: OpenShift Service Mesh 2 has one such roll
beside each of its control planes."""

OF_OTHERS = {"certificates.cert-manager.io", "servicemeshcontrolplanes.maistra.io"}
"""Kinds that the rules do not always read, but whose objects mark others with their names."""

Known = frozenset[tuple[str, str, str]]
"""Kinds as they are typed, namespaces and names."""


def kind_of(word: str) -> Kind | None:
    """The kind that a person means by a word."""
    return WORDS.get(word) or next((it for it in KINDS.values() if str(it) == word), None)


@cache
def known(place: str) -> Known:
    """Every object that a snapshot has, and those that its objects name as their owners."""
    return frozenset(_all(snapshot_of(place)))


def _all(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    for seen in snapshot.kinds.values():
        for thing in seen.so_far:
            yield str(thing.kind), thing.namespace, thing.name
            if thing.namespace:
                yield str(NAMESPACE), "", thing.namespace
            yield from _owners(thing)


def _owners(thing: Obj) -> Iterator[tuple[str, str, str]]:
    for owner in thing.at("metadata", "ownerReferences").each():
        kind, name = str(owner.at("kind").held), str(owner.at("name").held)
        if kind == "ReplicaSet":  # a Deployment's, which calls it NAME-HASH
            kind, name = "Deployment", name.rpartition("-")[0]
        found = WORDS.get(kind.lower())
        if found:
            yield str(found), thing.namespace, name


def missing(call: Call, there: Known) -> Iterator[str]:
    """What a call names that is not there."""
    places = {it[:2] for it in there}
    if call.namespace and (str(NAMESPACE), "", call.namespace) not in there:
        yield f"Namespace {call.namespace}"
    for word, name in call.targets:
        kind = kind_of(word)
        if (word, name) in BY_CONVENTION or word in OF_OTHERS:
            continue
        if "--ignore-not-found" in call.flags:
            continue
        if kind is None:
            yield f"the kind {word}"
        elif kind.namespaced and not call.namespace and "-A" not in call.flags:
            yield f"a namespace for {word} {name}"
        elif not kind.namespaced and call.namespace:
            yield f"a {word} in a namespace"
        elif name and (str(kind), call.namespace, name) not in there:
            yield f"{word} {name} in {call.namespace or 'the cluster'}"
        elif not name and "-A" not in call.flags and (str(kind), call.namespace) not in places:
            yield f"any {word} in {call.namespace}"


def made_by(call: Call, words: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What a call makes, which those after it may name."""
    if call.verb in MAKES:
        word, count = call.verb.split()[1], len(call.verb.split())
        kind = kind_of(word)
        assert kind is not None
        yield str(kind), call.namespace, words[1 + count]
