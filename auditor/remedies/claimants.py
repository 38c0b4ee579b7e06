"""What ends the claims of two installers on one cluster-scoped object."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.models.claims import Claim
from auditor.models.crd_owners import HELM_NAMESPACE
from auditor.models.installers import HELM, HELM_RELEASE, ISTIOCTL, MANAGED
from auditor.objects import Obj
from auditor.remedy import Command, Label, Patch, Remedy


def installers_apart(thing: Obj, claims: Iterable[Claim]) -> list[Remedy]:
    """The marks of one taken off, as after a move; two meshes must be told apart themselves."""
    said = {it.installer: it.said for it in claims}
    if said.keys() == {ISTIOCTL, HELM}:
        marks = {HELM_RELEASE: None, HELM_NAMESPACE: None}
        return [
            Remedy(f"leave it to {said[HELM]}", (Label(thing.ref, MANAGED),)),
            Remedy(
                f"leave it to {said[ISTIOCTL]}",
                (Patch(thing.ref, {"metadata": {"annotations": marks}}),),
            ),
        ]
    text = "give one of the two a revision or a namespace of its own, as the findings of "
    text += "revisions-distinct and control-plane-namespaces-distinct say"
    again = f"let {' and '.join(said.values())} write their objects again, under two names by then"
    return [Remedy("tell the two control planes apart", (Command(text), Command(again)))]
