"""Archives of the Insights operator: objects that OpenShift's support looks at, one a file.

Neither their kind nor their apiVersion is in them: only the folder tells what a file is.
(insights-operator: docs/insights-archive-sample)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from auditor.kinds import ALL, INJECTOR, VALIDATOR
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import some_of
from auditor.sources.layouts.tree import Tree

FOLDERS = {f"config/{kind.plural}/": kind for kind in (INJECTOR, VALIDATOR)}
PICKED = "an Insights archive has only some objects, picked for OpenShift"

_TOP = re.compile(r"((?:.*/)?)(?:config/id|insights-operator/gathers)(?:\.json)?")


class Insights:
    """The tree of an archive."""

    name = "insights"
    title = "Insights archive"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        tops = {found[1] for path in paths if (found := _TOP.fullmatch(path))}
        return {top for top in tops if any(path.startswith(f"{top}config/") for path in paths)}

    def owns(self, path: str) -> bool:
        return "/" in path

    def read(self, tree: Tree) -> Dump:
        dump = Dump(self.title, tree.top, time=tree.modified)
        dump.cluster = tree.text("config/id").strip()
        for path, content in tree.files.items():
            kind = next((it for folder, it in FOLDERS.items() if path.startswith(folder)), None)
            if kind:
                dump.findings.append(some_of(content, kind))
        dump.left_out((kind, PICKED) for kind in ALL)
        return dump
