"""How a custom resource is made again under another name, and the old one goes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from auditor.objects import Obj
from auditor.remedy import Command, Step


def copied(resource: Obj, given: str) -> Iterator[Step]:
    """A copy in a file, what a person changes in it, and the copy in the cluster."""
    file = shlex.quote(f"{resource.name}-copy.yaml")
    yield Command(f"copy {resource.ref}", f"kubectl get {resource.ref.target} -o yaml > {file}")
    text = f"give the copy {given}; take out its status, uid and resourceVersion"
    yield Command(f"{text}; then apply it", f"kubectl apply -f {file}")


def deleted(resource: Obj) -> Command:
    """The end of the old one, once nothing asks for it any more."""
    text = f"delete {resource.ref}, once no proxy asks for it any more"
    return Command(text, f"kubectl delete {resource.ref.target}")
