"""What to do about a finding: text for a person, data for a proof."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditor.objects import Obj, Ref
from auditor.snapshot import Snapshot

JSON = Mapping[str, Any]


@dataclass(frozen=True)
class Label:
    """Set a label, or with no value remove it."""

    ref: Ref
    key: str
    value: str | None = None

    @property
    def text(self) -> str:
        if self.value is None:
            return f"take the label {self.key} off {self.ref}"
        return f"label {self.ref} {self.key}={self.value}"

    @property
    def command(self) -> str:
        change = f"{self.key}-" if self.value is None else f"{self.key}={self.value}"
        overwrite = "" if self.value is None else " --overwrite"
        return f"kubectl label {self.ref.target} {shlex.quote(change)}{overwrite}"

    @property
    def patch(self) -> JSON:
        return {"metadata": {"labels": {self.key: self.value}}}


@dataclass(frozen=True)
class Patch:
    """Change an object by a JSON merge patch (RFC 7386)."""

    ref: Ref
    patch: JSON

    @property
    def text(self) -> str:
        return f"change {self.ref}"

    @property
    def command(self) -> str:
        patch = shlex.quote(json.dumps(self.patch, ensure_ascii=False))
        return f"kubectl patch {self.ref.target} --type merge -p {patch}"


@dataclass(frozen=True)
class Consequence:
    """What a controller does by itself once the step before it was taken.

    It is told, so that a person knows what to wait for, and it is data, so that a finding
    about what runs can be proven to end when what is declared was mended.
    """

    ref: Ref
    patch: JSON
    text: str

    command = ""


@dataclass(frozen=True)
class Command:
    """Something only a person can do, or only another tool.

    Where it is known what it changes of what was seen, `effects` say so, and it can be
    proven in memory like a change of data.
    """

    text: str
    command: str = ""
    effects: tuple[Consequence, ...] = ()
    hastens: bool = False
    """Whether a controller comes to it by itself in time, so that the finding ends without it."""


Change = Label | Patch | Consequence
Step = Change | Command


@dataclass(frozen=True)
class Remedy:
    """One way to end a finding. Several remedies of one outcome are alternatives."""

    title: str
    steps: tuple[Step, ...]

    @property
    def is_data(self) -> bool:
        """Whether the whole of it can be carried out, and so proven, in memory."""
        typed = (step for step in self.steps if isinstance(step, Command))
        return all(step.effects or step.hastens for step in typed)

    @property
    def changes(self) -> Iterator[Change]:
        """All that it changes of what was seen, in order."""
        for step in self.steps:
            if isinstance(step, Command):
                yield from step.effects
            else:
                yield step


def applied(snapshot: Snapshot, remedies: Iterable[Remedy]) -> Snapshot:
    """The snapshot as it would be after the remedies; the cluster is never touched."""
    patches: dict[Ref, list[JSON]] = {}
    for remedy in remedies:
        for change in remedy.changes:
            patches.setdefault(change.ref, []).append(change.patch)

    def mended(thing: Obj) -> Obj:
        raw = thing.raw
        for patch in patches.get(thing.ref, ()):
            raw = merged(raw, patch)
        return replace(thing, raw=raw)

    kinds = {
        kind: replace(seen, so_far=tuple(map(mended, seen.so_far)))
        for kind, seen in snapshot.kinds.items()
    }
    return replace(snapshot, kinds=kinds)


def merged(target: object, patch: JSON) -> dict[str, Any]:
    """A JSON merge patch applied to a value (RFC 7386)."""
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value) if isinstance(value, Mapping) else value
    return result
