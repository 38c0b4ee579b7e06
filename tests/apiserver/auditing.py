"""Audits by the command line, of a real API server and of files, so that they can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.apiserver.grants import Rule
from tests.command import really

NOW = "2026-11-20T08:14:00Z"
"""The moment at which both judge certificates."""

Verdicts = dict[tuple[str, str], tuple[str, str]]


def audited(*words: str) -> dict[str, Any]:
    """The document of an audit."""
    ended = really("audit", "--now", NOW, "-o", "json", *words)
    assert ended.err == ""
    document: dict[str, Any] = json.loads(ended.out)
    assert document["exit_code"] == ended.code
    return document


def verdicts(document: dict[str, Any]) -> Verdicts:
    """The verdict and the message on each subject of each rule.

    Of a kind that is served in several versions, a server may show another than a dump did.
    """
    return {
        (result["rule"], json.dumps(_without_version(outcome["about"]))): (
            outcome["verdict"],
            outcome["message"],
        )
        for result in document["results"]
        for outcome in result["outcomes"]
    }


def _without_version(about: dict[str, str] | None) -> dict[str, str] | None:
    """What an outcome is about, if anything; an object by the group of its kind."""
    if about is None or "apiVersion" not in about:
        return about
    group, _, _ = about["apiVersion"].rpartition("/")
    return {**about, "apiVersion": group}


def gaps(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All that was asked for and not answered."""
    return [gap for kind in document["coverage"].values() for gap in kind.get("gaps", ())]


def roles(*options: str) -> list[dict[str, Any]]:
    """What `permissions` prints, as objects."""
    ended = really("permissions", *options)
    assert (ended.code, ended.err) == (0, "")
    return list(yaml.safe_load_all(ended.out))


def rules() -> list[Rule]:
    """The rules of all roles that an audit takes."""
    return [rule for role in roles() for rule in role["rules"]]


def kinds_of(rule: Rule) -> set[str]:
    """The kinds that a rule lets be read, as reports name them."""
    return {
        f"{resource}.{group}" if group else resource
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def saved(kubeconfig: Path, file: Path) -> Path:
    """A snapshot of a live cluster."""
    ended = really("snapshot", "--kubeconfig", str(kubeconfig), "-o", str(file))
    assert (ended.code, ended.err) == (0, "")
    return file
