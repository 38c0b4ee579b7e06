"""Collectors that take tables, texts and logs, in which there is nothing to audit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from auditor.kinds import ALL
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.tree import Tree


@dataclass(frozen=True)
class TablesOnly:
    """A format that is recognised to say that nothing can be made of it."""

    name: str
    title: str
    marks: re.Pattern[str]
    needs: str = ""
    """The end of another path that must be there as well."""

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        tops = {found[1] for path in paths if (found := self.marks.fullmatch(path))}
        return {top for top in tops if not self.needs or f"{top}{self.needs}" in paths}

    def owns(self, path: str) -> bool:
        return "/" in path

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top)
        dump.left_out((kind, f"{self.title} has only tables of it, or nothing") for kind in ALL)
        [found] = dump.findings
        found.passed_over = f"is of {self.title}: tables and logs, and no object to audit"
        return dump


RANCHER = TablesOnly(
    "rancher",
    "Rancher's logs collector",
    re.compile(r"((?:.*/)?)(?:rke2?|k3s|kubeadm)/kubectl/[^/]+"),
)
EKS = TablesOnly(
    "eks",
    "the EKS log collector",
    re.compile(r"((?:.*/)?)system/instance-id\.txt"),
)
AKS = TablesOnly(
    "aks-periscope",
    "aks-periscope",
    re.compile(r"((?:.*/)?)collector/(?:kubeobjects/.+|.*networkoutbound.*)"),
)
