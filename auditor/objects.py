"""Kubernetes objects, and the fields rules quote as evidence."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from auditor.asked import Asked
from auditor.keeps import WHOLE, Keeps, below
from auditor.kinds import KINDS, Kind
from auditor.seen import Gap, Unseen
from auditor.visible import visible
from auditor.withheld import Withheld

LONGEST_QUOTE = 80
FINGERPRINT = re.compile(rf"sha256:{'([0-9a-f]{4})' * 4}[0-9a-f]{{48}}")


class Origin(Protocol):
    """Where an object was read."""

    @property
    def file(self) -> str: ...

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """The line, from 1, of the field at `path`; of what is above it where it is absent."""


@dataclass(frozen=True, order=True)
class Ref:
    """An object's name, as a person would say it; or that of a mesh, or of two in order."""

    kind: str
    name: str
    namespace: str = ""
    group: str = ""
    version: str = field(default="", compare=False)

    def __str__(self) -> str:
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {where}{self.name}"

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def word(self) -> str:
        """What a person types after `kubectl get` for its kind."""
        kind = KINDS.get((self.group, self.kind))
        return kind.word if kind else self.kind.lower()

    @property
    def target(self) -> str:
        """The object as an argument of kubectl, quoted for a shell."""
        namespace = f" -n {shlex.quote(self.namespace)}" if self.namespace else ""
        return f"{self.word} {shlex.quote(self.name)}{namespace}"


@dataclass(frozen=True)
class Field:
    """One value and the place it was read from: present, absent (false) or withheld.

    To ask a withheld field for its value raises `Unseen`; so does asking whether it is
    there, unless that is known for certain.
    """

    ref: Ref
    path: tuple[str | int, ...]
    _raw: Any = field(default=None, repr=False)
    keeps: Keeps = field(default=WHOLE, repr=False, compare=False)
    origin: Origin | None = field(default=None, repr=False, compare=False)

    @property
    def value(self) -> Any:
        """The value, None where it is absent. Raises `Unseen` where a part of it is withheld."""
        if gap := self.gap:
            raise Unseen(gap)
        return self._raw

    @property
    def held(self) -> Any:
        """The value as it is held, withheld parts and all; to build upon, never to judge by."""
        return self._raw

    @property
    def gap(self) -> Gap | None:
        """Why the value, or a part of it, is not known."""
        hidden = _hidden(self._raw)
        if hidden is None:
            return None
        get = f"kubectl get {self.ref.target} -o yaml" if hidden.get is None else hidden.get
        return Gap(f"{self.ref} {dotted(self.path)}", hidden.why, get)

    def __bool__(self) -> bool:
        if isinstance(self._raw, Withheld):
            return self._raw.there or bool(self.value)  # the latter raises
        return self._raw is not None

    def at(self, *path: str | int) -> Field:
        """The field at `path` below this one. An absent field is evidence too.

        Raises `NotKept` where the kind of the object does not keep what is asked for.
        """
        value, keeps = self._raw, self.keeps
        for step in path:
            keeps = below(keeps, step)
            if not isinstance(value, Withheld):
                value = _step(value, step)
        return Field(self.ref, self.path + path, value, keeps, self.origin)

    def each(self) -> tuple[Field, ...]:
        """The items of a list or the values of a mapping; none when there are none."""
        if isinstance(self._raw, list):
            return tuple(self.at(index) for index in range(len(self._raw)))
        if isinstance(self._raw, Mapping):
            return tuple(self.at(key) for key in self._raw)
        return () if not self else (self,)

    def withheld(self, why: str, there: bool = False, get: str | None = None) -> Field:
        """The same place, its value hidden from us."""
        return self.holding(Withheld(why, there, get))

    def holding(self, value: object) -> Field:
        """The same place, with what its value amounts to."""
        return Field(self.ref, self.path, value, WHOLE, self.origin)

    @property
    def said(self) -> str:
        """The value as a report quotes it, shortened in the middle; or that there is none."""
        if gap := self.gap:
            return f"is withheld: {gap.why}"
        return "is absent" if self._raw is None else f"= {quoted(self._raw)}"

    def __str__(self) -> str:
        return f"{dotted(self.path)} {self.said}"


def quoted(value: object) -> str:
    """A value as JSON on one line, shortened in the middle, in visible characters only.

    Of a fingerprint the beginning tells enough, and is not lost in what is shortened.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return in_the_middle(with_short_fingerprints(visible(text)))


def in_the_middle(text: str) -> str:
    """A text that is shortened in the middle where it is longer than a value is quoted."""
    if len(text) <= LONGEST_QUOTE:
        return text
    half = LONGEST_QUOTE // 2 - 2
    return f"{text[:half]} … {text[-half:]}"


def with_short_fingerprints(text: str) -> str:
    """A text in which each fingerprint is written as everywhere: `sha256 3f2a 9c1e 77aa 01bf …`."""
    return FINGERPRINT.sub(r"sha256 \1 \2 \3 \4 …", text)


def dotted(path: Iterable[str | int]) -> str:
    """A path as kubectl and jq write it."""
    steps = ""
    for step in path:
        plain = isinstance(step, str) and step.isidentifier()
        steps += f".{step}" if plain else f"[{json.dumps(step)}]"
    return steps.removeprefix(".")


def _step(value: Any, step: str | int) -> Any:
    if type(value) is dict or isinstance(value, Mapping):  # the first is what nearly all are
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


def _hidden(value: object) -> Withheld | None:
    """What is withheld of a value, or of something inside it."""
    if value is None or type(value) is str:  # nearly all are: asked a hundred times a pod
        return None
    if isinstance(value, Withheld):
        return value
    inside: Iterable[object] = ()
    if isinstance(value, list):
        inside = value
    elif isinstance(value, Mapping):
        inside = value.values()
    for item in inside:
        if hidden := _hidden(item):
            return hidden
    return None


@dataclass(frozen=True)
class Obj(Asked):
    """A read-only view of one object, of which its kind says what was kept."""

    kind: Kind
    raw: Mapping[str, Any]
    origin: Origin | None = field(default=None, compare=False, repr=False)
    rivals: tuple[Obj, ...] = field(default=(), compare=False, repr=False)
    """The same object as other sources have it, where they differ."""

    @cached_property
    def name(self) -> str:
        return str(_step(_step(self.raw, "metadata"), "name") or "")

    @cached_property
    def namespace(self) -> str:
        return str(_step(_step(self.raw, "metadata"), "namespace") or "")

    @cached_property
    def ref(self) -> Ref:
        version = str(_step(self.raw, "apiVersion") or "").rpartition("/")[2]
        return Ref(self.kind.name, self.name, self.namespace, self.kind.group, version)

    def at(self, *path: str | int) -> Field:
        """The field at `path`: false where nothing is there.

        Raises `NotKept` where the kind does not keep what is asked for.
        """
        return Field(self.ref, (), self.raw, self.kind.projection, self.origin).at(*path)

    def label(self, key: str) -> Field:
        return self.at("metadata", "labels", key)

    def annotation(self, key: str) -> Field:
        return self.at("metadata", "annotations", key)
