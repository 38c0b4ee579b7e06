"""The plugin kubernetes of sosreport, on a node of the control plane.

A file is named after its command. With `kubernetes.all=on` there is a List for each kind and
namespace, else there are tables. Namespaces are a table always, which has names and no labels.
(sos: sos/report/plugins/kubernetes.py)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from auditor.kinds import ALL, CRD, INJECTOR, NAMESPACE, VALIDATOR, Kind
from auditor.sources.layouts import times
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BUILT_IN, list_of
from auditor.sources.layouts.sos_openshift import openshift_pages
from auditor.sources.layouts.tree import Tree

KINDS = {kind.plural: kind for kind in BUILT_IN}
ASKED = frozenset(BUILT_IN) - {NAMESPACE, CRD, INJECTOR, VALIDATOR}
NO_FILE = "the sosreport has no file of it"
NEVER = "a sosreport never collects it"
A_TABLE = "a table, which shows no labels and no fields"
ONLY_TABLES = "a table; sos report -k kubernetes.all=on gives the objects"

_TOP = re.compile(r"((?:.*/)?)sos_commands/(?:kubernetes|openshift)/.+")
_COMMAND = re.compile(r"kubectl_.*get_(?P<json>-o_json_)?(?:.*_)?(?P<plural>[A-Za-z0-9]+)")
_ROW = re.compile(r"^([a-z0-9][a-z0-9-]*) +(?:Active|Terminating) ", re.MULTILINE)


class SosReport:
    """The tree of a report of one node."""

    name = "sosreport"
    title = "sosreport"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        return {found[1] for path in paths if (found := _TOP.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return bool(path)

    def read(self, tree: Tree) -> Dump:
        date = times.of_date(tree.text("sos_commands/date/date"))
        folder = tree.top.rstrip("/").rpartition("/")[2]
        dump = Dump(self.title, tree.top, time=date or times.in_name(folder))
        reasons: dict[Kind, str] = {kind: NO_FILE if kind in ASKED else NEVER for kind in ALL}
        for path, content in tree.below("sos_commands/kubernetes/"):
            *folders, file = path.split("/")
            found = _COMMAND.fullmatch(file)
            kind = KINDS.get(found["plural"]) if found else None
            if found is None or kind is None:
                continue
            if found["json"]:
                namespace = folders[-1] if kind.namespaced and folders else ""
                dump.findings.append(list_of(content, kind, namespace, printed=True))
            elif kind == NAMESPACE:
                dump.namespaces = frozenset(_ROW.findall(tree.text(_below(path))))
                reasons[kind] = A_TABLE
            else:
                reasons[kind] = ONLY_TABLES
        dump.findings += openshift_pages(tree)
        dump.left_out(reasons.items())
        return dump


def _below(path: str) -> str:
    return f"sos_commands/kubernetes/{path}"
