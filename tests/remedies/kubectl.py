"""What kubectl takes, of the verbs that a remedy may use.

Of kubectl 1.32, `kubectl VERB --help`; a flag that is not listed is not used by us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

IN_NAMESPACE = {"-n": True}
FLAGS: dict[str, dict[str, bool]] = {
    "annotate": {**IN_NAMESPACE, "--overwrite": False},
    "apply": {
        **IN_NAMESPACE,
        "-f": True,
        "--server-side": False,
        "--force-conflicts": False,
    },
    "create clusterrolebinding": {"--clusterrole": True, "--serviceaccount": True},
    "create configmap": {**IN_NAMESPACE, "--from-file": True},
    "create namespace": {},
    "create secret generic": {
        **IN_NAMESPACE,
        "--from-file": True,
        "--dry-run": True,
        "-o": True,
    },
    "delete": IN_NAMESPACE,
    "describe": IN_NAMESPACE,
    "edit": IN_NAMESPACE,
    "get": {
        **IN_NAMESPACE,
        "-o": True,
        "-A": False,
        "--show-managed-fields": False,
        "-l": True,
        "-L": True,
        "--ignore-not-found": False,
    },
    "label": {**IN_NAMESPACE, "--overwrite": False},
    "logs": {**IN_NAMESPACE, "-c": True, "--since": True, "--tail": True},
    "patch": {**IN_NAMESPACE, "--type": True, "-p": True},
    "rollout restart": IN_NAMESPACE,
    "rollout status": IN_NAMESPACE,
    "scale": {**IN_NAMESPACE, "--replicas": True},
    "set env": {**IN_NAMESPACE, "-c": True},
    "set image": IN_NAMESPACE,
}
"""For each verb its flags, and whether a value follows."""

CHANGES = {"annotate", "label", "set env", "set image"}
CHANGE = re.compile(r"[A-Za-z0-9./_-]+(=.*|-)", re.DOTALL)
MAKES = {
    "create clusterrolebinding",
    "create configmap",
    "create namespace",
    "create secret generic",
}
NAMELESS = {"apply", *MAKES}
"""Verbs whose arguments name no object that is there."""
WHOLE_KINDS = {"rollout restart", "get"}
"""Verbs that act upon all objects of a kind where none is named."""


class Refused(Exception):
    """What kubectl would not take."""


@dataclass(frozen=True)
class Call:
    """A command line of kubectl that it takes."""

    verb: str
    targets: tuple[tuple[str, str], ...]
    """The objects that it is about: their kinds as typed, and names; empty for all of a kind."""
    namespace: str
    flags: dict[str, str]
    changes: tuple[str, ...] = field(default=())


def parsed(words: tuple[str, ...]) -> Call:
    """The call that a command line makes. Raises `Refused`."""
    verb = next((it for it in FLAGS if words[1 : 1 + len(it.split())] == tuple(it.split())), None)
    if words[:1] != ("kubectl",) or verb is None:
        raise Refused(f"no such verb: {' '.join(words[:3])}")
    flags: dict[str, str] = {}
    plain: list[str] = []
    rest = iter(words[1 + len(verb.split()) :])
    for word in rest:
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            plain.append(word)
        elif name not in FLAGS[verb]:
            raise Refused(f"kubectl {verb} is not known to take {name}")
        elif FLAGS[verb][name] and not equals:
            flags[name] = next(rest, "")
        else:
            flags[name] = value
    changes: tuple[str, ...] = ()
    if verb in CHANGES:
        first = next((n for n, it in enumerate(plain) if n and CHANGE.fullmatch(it)), len(plain))
        plain, changes = plain[:first], tuple(plain[first:])
        if not changes or not all(map(CHANGE.fullmatch, changes)):
            raise Refused(f"kubectl {verb} changes nothing by {changes}")
    if verb == "patch" and not {"--type", "-p"} <= flags.keys():
        raise Refused("kubectl patch needs --type and -p")
    return Call(verb, _targets(verb, plain), flags.get("-n", ""), flags, changes)


def _targets(verb: str, plain: list[str]) -> tuple[tuple[str, str], ...]:
    if verb in NAMELESS:
        return ()
    if not plain:
        raise Refused(f"kubectl {verb} needs an object")
    if all("/" in it for it in plain):
        return tuple((kind, name) for kind, _, name in (it.partition("/") for it in plain))
    kinds, *names = plain
    if any("/" in it for it in plain):
        raise Refused("there is no need to specify a resource type as a separate argument")
    if not names and verb not in WHOLE_KINDS:
        raise Refused(f"kubectl {verb} needs a name")
    return tuple((kind, name) for kind in kinds.split(",") for name in names or [""])
