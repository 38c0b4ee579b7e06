"""What kubectl and its friends print for people: no object can be read of it, but it can be named.

A table has no labels and no fields, so that whatever it shows does not count as collected.
(kubernetes: pkg/printers/internalversion/printers.go; kubectl: pkg/describe/describe.go)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.documents import lines
from auditor.kinds import (
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    CRD,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    NAMESPACE,
    POD,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    Kind,
)
from auditor.sources.findings import Findings

LOOKED_AT = 4096
FEW = 5
COLUMNS: Mapping[tuple[str, ...], Kind] = {
    ("READY", "STATUS", "RESTARTS"): POD,
    ("READY", "UP-TO-DATE", "AVAILABLE"): DEPLOYMENT,
    ("DESIRED", "CURRENT", "READY", "UP-TO-DATE"): DAEMON_SET,
    ("READY", "AGE"): STATEFUL_SET,
    ("COMPLETIONS", "DURATION"): JOB,
    ("STATUS", "COMPLETIONS", "DURATION"): JOB,
    ("SCHEDULE",): CRON_JOB,
    ("TYPE", "CLUSTER-IP"): SERVICE,
    ("STATUS", "AGE"): NAMESPACE,
    ("DATA", "AGE"): CONFIG_MAP,
    ("TYPE", "DATA", "AGE"): SECRET,
    ("ROLE", "AGE"): CLUSTER_ROLE_BINDING,
}
"""What follows NAME in a table, to where it tells the kind."""
ANY_TABLE = "is a table, which has no labels and no fields; the same command with -o yaml has them"
A_TABLE = "is a table of {0}, which has no labels and no fields; kubectl get {1} -o yaml has them"
NAMES = "has only names, as -o name prints them; the same command with -o yaml gives the objects"
DESCRIBED = "is what kubectl describe prints, for people; kubectl get with -o yaml gives objects"
PROXIES = "is what istioctl proxy-status prints: what proxies were sent, and no object"
RELEASES = "is a list of Helm releases; helm get all NAME -n NAMESPACE gives what each declares"
NOTHING = "says that nothing was found, and not of what; with -o yaml it would be an empty list"

_HEAD = re.compile(r"(?:NAMESPACE +)?NAME +[A-Z][A-Z0-9()/.: _-]*")
_NAMED = re.compile(r"[a-z]+(?:\.[a-z0-9.-]+)?/[a-z0-9][a-z0-9.:-]*")
_DESCRIBED = re.compile(
    r"Name: {2,}\S+\n(?:[^\n]*\n){0,3}?(?:Namespace|Labels|Annotations|Priority|API Version"
    r"|Service Account|Selector|Role|Status|CreationTimestamp):"
)
KNOWN: Mapping[re.Pattern[str], str] = {
    re.compile(r"NAME\s+NAMESPACE\s+REVISION\s+UPDATED\s+STATUS\s+CHART"): RELEASES,
    re.compile(r"NAME +(?:CLUSTER +)?(?:CDS|ISTIOD)\b"): PROXIES,
    re.compile(r"No resources found"): NOTHING,
    re.compile(r"(?:NAMESPACE,)?NAME,[A-Z]"): ANY_TABLE,
    _DESCRIBED: DESCRIBED,
}
"""How what is no table of kubectl's begins."""
_GAP = re.compile(r" {2,}")


@dataclass(frozen=True)
class ForPeople:
    """What a text is, in words for a person, and the kind that it shows, where it shows one."""

    what: str
    kind: Kind | None = None


def for_people(data: bytes) -> ForPeople | None:
    """What a text that holds no object was printed by; None where nobody can tell."""
    said = [it.rstrip() for it in lines(data[:LOOKED_AT]) if it.strip()]
    if not said:
        return None
    if _HEAD.fullmatch(said[0]) and not any(mark.match(said[0]) for mark in KNOWN):
        return _table(_GAP.split(said[0]), _GAP.split(said[1]) if len(said) > 1 else [])
    if all(map(_NAMED.fullmatch, said[:FEW])):
        return ForPeople(NAMES)
    beginning = "\n".join(said[:FEW]) + "\n"
    return next((ForPeople(what) for mark, what in KNOWN.items() if mark.match(beginning)), None)


def noted_for_people(data: bytes, found: Findings) -> bool:
    """Note in the findings of a file what it was printed by; whether that can be told."""
    printed = for_people(data)
    if printed is None:
        return False
    found.passed_over = printed.what
    if printed.kind:
        found.unlisted[printed.kind] = f"{found.file} {printed.what}"
    return True


def _table(head: list[str], row: list[str]) -> ForPeople:
    """A table, by what its columns are called; of several kinds it names each in its rows."""
    place = head.index("NAME")
    name, titles = row[place] if place < len(row) else "", tuple(head[place + 1 :])
    kind = next((it for of, it in COLUMNS.items() if titles[: len(of)] == of), None)
    if titles == ("CREATED AT",):
        kind = CRD if "." in name else CLUSTER_ROLE
    if kind is None or "/" in name:
        return ForPeople(ANY_TABLE)
    everywhere = " -A" if kind.namespaced else ""
    return ForPeople(A_TABLE.format(kind.plural, f"{kind}{everywhere}"), kind)
