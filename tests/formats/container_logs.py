"""Logs of containers, with lines that look like what a reader searches for.

Programs log JSON, and operators log the objects they handle. No line of a log is an object of the
cluster, whatever it looks like.
"""

from __future__ import annotations

from tests.formats.cluster_state import Manifest

NEVER_WAS = "never-was"
"""The name of all objects that only logs hold."""

_OBJECT = f'{{"apiVersion":"v1","kind":"Namespace","metadata":{{"name":"{NEVER_WAS}"}}}}'


def log_of(container: str) -> str:
    """A container's log. Its last line has no end, as when the program was killed while writing."""
    return (
        f"2023-05-09T06:12:01.102938Z\tinfo\t{container} starts\n"
        f'{{"level":"info","ts":"2023-05-09T06:12:02Z","msg":"applied"}}\n'
        f"{_OBJECT}\n"
        "---\n"
        "apiVersion: v1\n"
        "kind: Namespace\n"
        f"metadata:\n  name: {NEVER_WAS}\n"
        "---\n"
        f"[{_OBJECT}]\n"
        "kind: List\n"
        "\x1b[31mE0509 06:12:03.000001       1 reflector.go:127] failed: tab\tand \\ too\x1b[0m\n"
        'panic: {"apiVersion": "v1", "items": ['
    )


def containers_of(pod: Manifest) -> list[str]:
    """The names of a pod's containers, those that start it first."""
    spec = pod["spec"]
    return [it["name"] for it in (*spec.get("initContainers", ()), *spec.get("containers", ()))]
