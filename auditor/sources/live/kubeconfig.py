"""Kubeconfig files, found, merged and chosen from as kubectl does it.

Several files are one: the first that defines a name, or sets the current context, counts
(https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/).
The Python client lets the last `current-context` win and refuses an empty file, so it is
only handed what was chosen here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.documents import Malformed, value
from auditor.sources.source import Unusable
from auditor.visible import visible

PATHS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
"""What is a path in the entry of a cluster or a user, relative to the file that it stands in."""


@dataclass(frozen=True)
class Chosen:
    """A context of the kubeconfig with its cluster and user, each path in them absolute."""

    context: str
    cluster: Mapping[str, Any]
    user: Mapping[str, Any]

    @property
    def document(self) -> dict[str, Any]:
        """A kubeconfig that holds nothing else."""
        context = {"cluster": "it", "user": "it"}
        return {
            "current-context": "it",
            "contexts": [{"name": "it", "context": context}],
            "clusters": [{"name": "it", "cluster": dict(self.cluster)}],
            "users": [{"name": "it", "user": dict(self.user)}],
        }


def chosen(kubeconfig: str, context: str, environment: Mapping[str, str]) -> Chosen | None:
    """The context to use; None where no kubeconfig defines anything.

    Raises `Unusable` where a file or the context cannot be used.
    """
    files = [_File(path, _content(path)) for path in _paths(kubeconfig, environment)]
    merged = _Merged(tuple(file for file in files if file.content))
    if not merged.defines_something:
        if kubeconfig or context:
            where = kubeconfig or "the kubeconfig"
            raise Unusable(f"{where}: it defines no context; see `kubectl config get-contexts`")
        return None
    return merged.chosen(context)


def _paths(kubeconfig: str, environment: Mapping[str, str]) -> Iterator[Path]:
    """The files that there are; one that was named with the option must be there."""
    if kubeconfig:
        if not Path(kubeconfig).is_file():
            raise Unusable(f"--kubeconfig {visible(kubeconfig)}: there is no such file")
        yield Path(kubeconfig)
        return
    listed = environment.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    for path in dict.fromkeys(filter(None, listed.split(os.pathsep))):
        if Path(path).exists():
            yield Path(path)


def _content(path: Path) -> Mapping[str, Any]:
    try:
        content = value(path.read_text("utf-8"))
    except OSError as error:
        raise Unusable(f"{path}: cannot be read: {error.strerror}") from error
    except (Malformed, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, Malformed) else "it is not UTF-8"
        raise Unusable(f"{path}: is no kubeconfig: {why}") from None
    if content is not None and not isinstance(content, Mapping):
        raise Unusable(f"{path}: is no kubeconfig: it is no mapping")
    return content or {}


@dataclass(frozen=True)
class _File:
    path: Path
    content: Mapping[str, Any]

    def entries(self, section: str, of: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The names of a section with what they name, its paths made absolute."""
        entries = self.content.get(section) or []
        if not isinstance(entries, list):
            raise Unusable(f"{self.path}: is no kubeconfig: `{section}` is no list")
        for entry in entries:
            if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
                raise Unusable(f"{self.path}: is no kubeconfig: a name is missing in `{section}`")
            named = entry.get(of) or {}
            if not isinstance(named, Mapping):
                raise Unusable(f"{self.path}: is no kubeconfig: a `{of}` is no mapping")
            yield entry["name"], self._absolute(named)

    def _absolute(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """What an entry says; the client takes an empty value for one that is set."""
        said = {key: item for key, item in entry.items() if item is not None and item != ""}
        for key in PATHS:
            if isinstance(said.get(key), str):
                said[key] = str(self._folder / said[key])
        plugin = said.get("exec")
        if isinstance(plugin, Mapping) and isinstance(command := plugin.get("command"), str):
            beside = os.path.dirname(command) and not os.path.isabs(command)
            said["exec"] = {**plugin, "command": str(self._folder / command) if beside else command}
        return said

    @property
    def _folder(self) -> Path:
        return self.path.absolute().parent


@dataclass(frozen=True)
class _Merged:
    files: Sequence[_File]

    @property
    def defines_something(self) -> bool:
        return bool(self._section("contexts", "context") or self._section("clusters", "cluster"))

    def chosen(self, context: str) -> Chosen:
        contexts = self._section("contexts", "context")
        there = f"it has {', '.join(sorted(map(visible, contexts))) or 'none'}"
        name = context or self._current
        if not name:
            raise Unusable(f"{self}: no current context is set; choose one with --context: {there}")
        if name not in contexts:
            option = "--context" if context else "the current context"
            raise Unusable(f"{self}: {option} {visible(name)}: there is no such context; {there}")
        cluster = self._named("clusters", "cluster", name, contexts[name])
        if not isinstance(cluster.get("server"), str):
            raise Unusable(f"{self}: the cluster of the context {visible(name)} has no server")
        user = self._named("users", "user", name, contexts[name])
        if "tokenFile" in user:  # as client-go, which prefers the file when both are set
            user = {key: item for key, item in user.items() if key != "token"}
        return Chosen(name, cluster, user)

    def _named(
        self, section: str, of: str, context: str, entry: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The cluster or the user of a context. A context need not have a user."""
        name = entry.get(of)
        if name is None and of == "user":
            return {}
        found = self._section(section, of).get(str(name))
        if found is None:
            said = f"names the {of} {visible(str(name))}" if name is not None else f"names no {of}"
            raise Unusable(f"{self}: the context {visible(context)} {said}, which is not defined")
        return found

    def _section(self, section: str, of: str) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for file in self.files:
            for name, entry in file.entries(section, of):
                found.setdefault(name, entry)
        return found

    @property
    def _current(self) -> str:
        names = (file.content.get("current-context") for file in self.files)
        return next((name for name in names if isinstance(name, str) and name), "")

    def __str__(self) -> str:
        return ", ".join(visible(str(file.path)) for file in self.files)
