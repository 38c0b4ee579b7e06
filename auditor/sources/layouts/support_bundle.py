"""Support bundles of troubleshoot, from 2022 on.

Each kind has a file, or a folder with a file for each namespace; what failed stands in an `-errors`
file beside it. Custom resources have files only where there are any, so none of them means none
only where the definitions are listed, no error names theirs, and the namespace was looked at.
(troubleshoot: pkg/collect/cluster_resources.go, pkg/constants/constants.go)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from auditor.kinds import (
    ALL,
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
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
from auditor.sources.findings import Findings
from auditor.sources.layouts import times
from auditor.sources.layouts.bundle_data import picked_data
from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.pages import BY_NAME, CUSTOM, defined, failed, list_of, some_of
from auditor.sources.layouts.served import unserved
from auditor.sources.layouts.tree import Tree
from auditor.visible import visible

RESOURCES = "cluster-resources/"
CUSTOM_RESOURCES = f"{RESOURCES}custom-resources/"
CUSTOM_ERRORS = f"{CUSTOM_RESOURCES}custom-resources-errors.json"
NAMESPACES = f"{RESOURCES}namespaces.json"
DISCOVERY = (f"{RESOURCES}groups.json", f"{RESOURCES}resources.json")
DISCOVERY_ERRORS = f"{RESOURCES}groups-resources-errors.json"
NAMESPACED: Mapping[str, Kind] = {
    it.plural: it
    for it in (POD, SERVICE, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, CONFIG_MAP)
}
WHOLE: Mapping[str, Kind] = {
    "namespaces": NAMESPACE,
    "custom-resource-definitions": CRD,
    "clusterroles": CLUSTER_ROLE,
    "clusterRoles": CLUSTER_ROLE,
    "clusterrolebindings": CLUSTER_ROLE_BINDING,
    "clusterRoleBindings": CLUSTER_ROLE_BINDING,
    "mutating-webhook-configurations": INJECTOR,
    "validating-webhook-configurations": VALIDATOR,
}
NEVER = "a support bundle never collects it"
NO_FILE = "the support bundle has no file of it: its release does not collect it, or it failed"
NO_DEFINITIONS = "custom resources are known only with their definitions, which were not listed"
NOT_COMPLETE = "only some namespaces were collected"

_MARK = re.compile(
    r"((?:.*/)?)cluster-resources/(?:[a-zA-Z-]+\.json|(?:pods|deployments)/[^/]+\.json)"
)
_OF_NAMESPACE = re.compile(r"(?P<kind>[a-z]+)/(?P<namespace>[^/]+)\.json")


class SupportBundle:
    """The tree of its archive; the folder in it has any name."""

    name = "support-bundle"
    title = "troubleshoot support bundle"

    def tops(self, paths: Collection[str]) -> Iterable[str]:
        return {found[1] for path in paths if (found := _MARK.fullmatch(path))}

    def owns(self, path: str) -> bool:
        return "/" in path or path in ("version.yaml", "analysis.json")

    def read(self, tree: Tree) -> Dump:
        folder = tree.top.rstrip("/").rpartition("/")[2]
        dump = Dump(self.title, tree.top, time=tree.modified or times.in_name(folder))
        reasons = dict.fromkeys(ALL, NO_FILE)
        dump.findings += self._whole(tree)
        for path, content in tree.below(RESOURCES):
            found = _OF_NAMESPACE.fullmatch(path)
            if found and (kind := NAMESPACED.get(found["kind"])):
                dump.findings.append(list_of(content, kind, found["namespace"]))
        dump.findings += [*_errors(tree), picked_data(tree)]
        dump.findings += self._custom(tree, dump.findings)
        dump.left_out({**reasons, SECRET: NEVER}.items())
        return dump

    def _whole(self, tree: Tree) -> Iterator[Findings]:
        for name, kind in WHOLE.items():
            path = f"{RESOURCES}{name}.json"
            if content := tree.files.get(path):
                if kind == NAMESPACE and _is_picked(tree):
                    found = some_of(content, NAMESPACE)
                    found.unlisted[NAMESPACE] = NOT_COMPLETE
                    yield found
                else:
                    error = _first(tree.value(f"{RESOURCES}{name}-errors.json"))
                    yield list_of(content, kind, error=error)

    def _custom(self, tree: Tree, read: Iterable[Findings]) -> list[Findings]:
        known = defined(read)
        complete = any(CRD in it.lists for it in read)
        refused = _messages(tree.value(CUSTOM_ERRORS))
        unknown = _unserved(tree).lists
        files = _files_of_custom_resources(tree)
        places = _namespaces(read)
        found: list[Findings] = []
        for kind in CUSTOM:
            error = refused.get("crdList") or refused.get(str(kind), "")
            for path in files.get(kind, ()):
                page = list_of(tree.files[path], kind, _namespace_of(path, kind))
                found.append(page)
            if kind in unknown and not files.get(kind):
                found.append(_none_but_those(kind, None))
            elif error:
                found.append(failed(CUSTOM_ERRORS, kind, error))
            elif not complete:
                found.append(failed(tree.top or CUSTOM_RESOURCES, kind, NO_DEFINITIONS))
            else:
                found.append(_none_but_those(kind, places if str(kind) in known else None))
        return found


def _none_but_those(kind: Kind, places: frozenset[str] | None) -> Findings:
    """That a kind has no objects but those in its files, where it was looked for.

    One that is not defined can have none anywhere.
    """
    found = Findings(CUSTOM_RESOURCES)
    if places is None or not kind.namespaced:
        found.lists.add(kind)
        found.everywhere.add(kind)
    else:
        found.listed_in[kind] = set(places)
        found.unlisted[kind] = NOT_COMPLETE
    return found


def _unserved(tree: Tree) -> Findings:
    """The kinds that the server did not know, where its answer to that is whole."""
    whole = DISCOVERY_ERRORS not in tree.files
    return unserved(tree.files[it] for it in DISCOVERY if whole and it in tree.files)


def _is_picked(tree: Tree) -> bool:
    """Whether the namespaces are those that somebody named, not all."""
    root = tree.value(NAMESPACES)
    return isinstance(root, list) or (isinstance(root, Mapping) and "items" not in root)


def _namespaces(read: Iterable[Findings]) -> frozenset[str] | None:
    """The namespaces that were looked at; None where all were."""
    if any(NAMESPACE in it.lists for it in read):
        return None
    return frozenset(
        it.thing.name for each in read for it in each.objects if it.thing.kind == NAMESPACE
    )


def _files_of_custom_resources(tree: Tree) -> dict[Kind, list[str]]:
    """The files of each kind. Of twins the one in JSON: no redactor passed over it."""
    found: dict[Kind, list[str]] = {}
    for path in tree.files:
        if not path.startswith(CUSTOM_RESOURCES) or path == CUSTOM_ERRORS:
            continue
        stem, _, ending = path.rpartition(".")
        name = stem.removeprefix(CUSTOM_RESOURCES).partition("/")[0]
        twin = ending == "yaml" and f"{stem}.json" in tree.files
        if (kind := BY_NAME.get(name)) and ending in ("yaml", "json") and not twin:
            found.setdefault(kind, []).append(path)
    return found


def _namespace_of(path: str, kind: Kind) -> str:
    return path.rpartition("/")[2].rpartition(".")[0] if kind.namespaced else ""


def _errors(tree: Tree) -> Iterator[Findings]:
    """What the bundle itself says it could not collect."""
    for name, kind in WHOLE.items():
        path = f"{RESOURCES}{name}-errors.json"
        if path in tree.files and f"{RESOURCES}{name}.json" not in tree.files:
            yield failed(path, kind, _first(tree.value(path)) or "it failed")
    for name, kind in NAMESPACED.items():
        path = f"{RESOURCES}{name}-errors.json"
        for namespace, said in _messages(tree.value(path)).items():
            yield failed(path, kind, said, namespace)


def _messages(errors: object) -> dict[str, str]:
    """What was said of each namespace, or of each definition."""
    if not isinstance(errors, Mapping):
        return {}
    return {str(key): visible(str(said)) for key, said in errors.items()}


def _first(errors: object) -> str:
    if isinstance(errors, list) and errors:
        return visible(str(errors[0]))
    return visible(str(errors)) if isinstance(errors, str) else ""
