"""What runs a control plane: the Deployment of an istiod, and its Pods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from auditor.kinds import DEPLOYMENT, POD
from auditor.models.istiod import family_of, revision_of
from auditor.objects import Obj, Ref

ENDED = ("Succeeded", "Failed")
"""The phases of a Pod that runs no more."""


@dataclass(frozen=True)
class Instance:
    """A Deployment or a Pod that runs a control plane."""

    family: str
    namespace: str
    revision: str
    thing: Obj

    @property
    def ref(self) -> Ref:
        """The Deployment, also where only a Pod of it was seen."""
        if self.thing.kind == DEPLOYMENT:
            return self.thing.ref
        return Ref(DEPLOYMENT.name, _deployment_of(self.thing), self.namespace, "apps", "v1")

    @cached_property
    def runs(self) -> bool:
        """Whether it runs at all: a Deployment may be scaled to nothing."""
        return self.thing.kind == POD or self.thing.at("spec", "replicas").value != 0


def lives(thing: Obj) -> bool:
    """Whether a thing may run: not a Pod that has ended, as one that was evicted, and stays
    listed.
    """
    return thing.kind != POD or thing.at("status", "phase").value not in ENDED


def instance_of(thing: Obj) -> Instance:
    """What a Deployment or a Pod of istiod runs."""
    return Instance(family_of(thing), thing.namespace, revision_of(thing), thing)


def _deployment_of(pod: Obj) -> str:
    """The Deployment that a Pod comes from, by its ReplicaSet, whose name ends in a hash."""
    for owner in pod.at("metadata", "ownerReferences").each():
        if owner.at("kind").value == "ReplicaSet":
            return str(owner.at("name").value).rpartition("-")[0]
    return pod.name
