"""`dump_kubernetes.sh`, which Istio had up to 1.7 instead of bug-report.

(istio: tools/dump_kubernetes.sh)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from auditor.kinds import ALL, CRD, SECRET
from auditor.sources.layouts import times
from auditor.sources.layouts.bug_report import WORKLOADS
from auditor.sources.layouts.cluster_info_dump import take_for_printed
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import CUSTOM, lists_of
from auditor.sources.layouts.tree import Tree
from auditor.sources.reading import findings

RESOURCES, CRS = "resources.yaml", "istio-resources.yaml"
DUMPED, TIME = "cluster-info.dump.txt", "DUMP_TIME"
NEVER = "dump_kubernetes.sh never collects it"
OWN = frozenset((RESOURCES, CRS, DUMPED, TIME, "events.txt", "istio-system-pods.txt", "logs"))

_TOP = re.compile(r"((?:.*/)?)istio-resources\.yaml")


class IstioDump:
    """The folder `istio-dump`."""

    name = "istio-dump"
    title = "Istio's dump_kubernetes.sh"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        tops = {found[1] for path in paths if (found := _TOP.fullmatch(path))}
        return {top for top in tops if f"{top}{RESOURCES}" in paths}

    def owns(self, path: str) -> bool:
        return path.partition("/")[0] in OWN

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top, time=times.of_date(tree.text(TIME)))
        resources = lists_of(tree.files[RESOURCES], (*WORKLOADS, CRD))
        if any(it.thing.kind == SECRET for it in resources.objects):
            resources.lists.add(SECRET)
        dump.findings += [resources, lists_of(tree.files[CRS], CUSTOM)]
        if content := tree.files.get(DUMPED):
            printed = findings(content)
            take_for_printed(printed)
            printed.unlisted.clear()
            dump.findings.append(printed)
        dump.left_out((kind, NEVER) for kind in ALL)
        return dump
