"""`istioctl bug-report` of every release since 1.8.

A file is missing where its kubectl failed; what is there was printed with exit code 0, so it lists
every kind that it was asked for. The kinds grew with the releases, and the file shows which they
are: every cluster has namespaces, and webhooks were added together with them.
(istio: tools/bug-report/pkg/{archive,bugreport,content})
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from auditor.kinds import (
    ALL,
    CONFIG_MAP,
    CRD,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    INJECTOR,
    JOB,
    NAMESPACE,
    POD,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    VALIDATOR,
    Kind,
)
from auditor.snapshot import gap
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import CUSTOM, lists_of, some_of
from auditor.sources.layouts.running_mesh import running_mesh
from auditor.sources.layouts.tree import Tree
from auditor.sources.refusals import is_failure
from auditor.visible import visible

RESOURCES, CLUSTER_RESOURCES = "cluster/k8s-resources", "cluster/k8s-cluster-resources"
CRS, SECRETS, PODS = "cluster/crs", "cluster/secrets", "cluster/pods"
LOG = "bug-report.log"
OWN = frozenset(
    ("analyze", LOG, "cluster", "cni", "istio", "operator", "proxies", "versions", "ztunnel")
)

WORKLOADS = (POD, SERVICE, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, CONFIG_MAP)
WITH_NAMESPACES = (NAMESPACE, INJECTOR, VALIDATOR)
"""What releases from 1.12 on ask for as well."""

NEVER = "istioctl bug-report never collects it"
NOT_YET = "istioctl bug-report before 1.12 does not collect it"
A_TABLE = "cluster/secrets is a table; istioctl bug-report --full-secrets gives the objects"
NARROW = "istioctl bug-report --include asked kubectl for a namespace that does not exist"
NO_FILE = "the bug-report has no file of it: it was not asked for, or could not be had"

_MARK = re.compile(r"((?:.*/)?)(?:cluster/(?:k8s-resources|crs|cluster-context)|bug-report\.log)")


class BugReport:
    """The tree of its archive, with or without the folder `bug-report`."""

    name = "bug-report"
    title = "istioctl bug-report"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        return {found[1] for path in paths if (found := _MARK.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return path.partition("/")[0] in OWN

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top, time=_time(tree))
        why = _complaint(tree)
        reasons: dict[Kind, str] = dict.fromkeys(ALL, NEVER)
        reasons.update(dict.fromkeys((*WORKLOADS, CRD, *WITH_NAMESPACES, *CUSTOM), why))
        narrow = False
        if content := tree.files.get(RESOURCES):
            found = lists_of(content, WORKLOADS)
            narrow = not found.is_usable and not found.losses
            if narrow:
                found.gaps.clear()
                why = NARROW
                reasons.update(dict.fromkeys((*WORKLOADS, *CUSTOM), why))
            if CLUSTER_RESOURCES not in tree.files and found.objects:
                _add_what_is_asked_beside(found)
                reasons.update(dict.fromkeys(WITH_NAMESPACES, NOT_YET))
            dump.findings.append(found)
        if content := tree.files.get(CLUSTER_RESOURCES):
            dump.findings.append(lists_of(content, (CRD, *WITH_NAMESPACES)))
        if content := tree.files.get(CRS):
            whole = [kind for kind in CUSTOM if not narrow or not kind.namespaced]
            dump.findings.append(lists_of(content, whole))
        if content := tree.files.get(SECRETS):
            found = some_of(content) if _is_table(tree) else lists_of(content, (SECRET,))
            dump.findings.append(found)
            reasons[SECRET] = A_TABLE
        if PODS in tree.files and (narrow or RESOURCES not in tree.files):
            dump.findings.append(_pods(tree, why))
        dump.findings.append(running_mesh(tree, dump.findings))
        dump.left_out(reasons.items())
        return dump


def _add_what_is_asked_beside(found: Findings) -> None:
    """The kinds of which no cluster with Istio is without, if they were asked for."""
    occurring = {it.thing.kind for it in found.objects}
    kinds = {CRD} & occurring
    if NAMESPACE in occurring:
        kinds |= set(WITH_NAMESPACES)
    found.lists |= kinds
    found.everywhere |= kinds
    cut = [it.why for of, it in found.losses if of == POD]
    found.losses += [(kind, gap(kind, why)) for kind in kinds for why in cut]


def _pods(tree: Tree, why: str) -> Findings:
    """The pods of the one namespace that Istio is said to be in."""
    found = some_of(tree.files[PODS])
    places = {it.thing.namespace for it in found.objects}
    if len(places) == 1:
        found.listed_in[POD] = places
        found.unlisted[POD] = why
    return found


def _is_table(tree: Tree) -> bool:
    return "apiVersion" not in tree.text(SECRETS)


def _complaint(tree: Tree) -> str:
    """The first thing that kubectl complained of; which file that was for nobody tells."""
    for line in tree.text(LOG).split("\n"):
        if is_failure(line):
            return f"{NO_FILE} ({visible(line)})"
    return NO_FILE


def _time(tree: Tree) -> datetime | None:
    said = times.said(tree.text(LOG)[:4096])
    return said[0] if said else tree.modified
