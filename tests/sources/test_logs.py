"""Logs that hold what looks like objects, in files of any name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.kinds import NAMESPACE
from tests.sources.dumps import NAMESPACES, Piped, complaint

NEVER_WAS = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "never-was"}}
TEXT = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: never-was\n"
TIMED = "2026-01-01T00:00:00.1Z\tinfo\tstarted\n" * 3
AROUND = {
    "zap": {"level": "info", "ts": 1767225600.1, "logger": "manager", "msg": "reconciled"},
    "logrus": {"level": "info", "msg": "reconciled", "time": "2026-01-01T00:00:00Z"},
    "klog": {"ts": 1767225600.1, "caller": "main.go:1", "msg": "reconciled", "v": 4},
    "a cloud": {"severity": "INFO", "timestamp": "2026-01-01T00:00:00Z", "message": "reconciled"},
    "logstash": {"@timestamp": "2026-01-01T00:00:00Z", "message": "reconciled"},
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_a_line_of_a_log_is_no_object_though_it_names_one(
    piped: Piped, around: dict[str, Any]
) -> None:
    lines = "\n".join(json.dumps({**around, **NEVER_WAS}) for _ in range(3))
    said = complaint(lambda: piped(lines))
    assert said.startswith("standard input: holds no Kubernetes object, it is a log; ")
    snapshot = piped(f"{NAMESPACES}\n{lines}")
    assert [it.name for it in snapshot.seen(NAMESPACE)] == ["shop"]


def test_a_bare_object_a_line_is_a_dump(piped: Piped) -> None:
    lines = "\n".join(
        json.dumps({**NEVER_WAS, "metadata": {"name": name, "annotations": {"level": "info"}}})
        for name in ("bank", "shop")
    )
    assert [it.name for it in piped(lines).seen(NAMESPACE)] == ["bank", "shop"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.log", TEXT), ("x.yaml", TIMED + TEXT), ("x.json", TIMED + json.dumps(NEVER_WAS))],
)
def test_a_log_is_told_by_its_name_or_by_its_lines(directory: Any, name: str, text: str) -> None:
    snapshot = directory({"a.json": NAMESPACES, name: text})
    assert [it.name for it in snapshot.seen(NAMESPACE)] == ["shop"]
    [remark] = snapshot.remarks
    assert str(remark) == f"{name}: holds no Kubernetes object, it is a log"
