"""What an audit comes to: the document that scripts read, and the exit code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor import __version__
from auditor.engine import Result
from auditor.inventory import Inventory, MeshSummary
from auditor.kinds import Kind
from auditor.objects import Field, Ref, dotted
from auditor.outcome import Outcome, Severity, Verdict
from auditor.remedy import Command, Remedy, Step
from auditor.seen import Gap
from auditor.snapshot import Snapshot
from auditor.withheld import Withheld

SCHEMA = "mesh-auditor/report/v1"
MESH, MESHES = "Mesh", "Meshes"
"""The kinds of a `Ref` that names a mesh, or two meshes: in order, or side by side."""


@dataclass(frozen=True)
class Terms:
    """When an audit counts as failed. `fail_on` None: findings never fail it."""

    fail_on: Severity | None = Severity.ERROR
    allow_unknown: bool = False

    def counts(self, severity: Severity) -> bool:
        """Whether what has this severity is at or above the threshold."""
        return self.fail_on is not None and severity >= self.fail_on


@dataclass(frozen=True)
class Report:
    """The results of an audit with all that a reader needs to judge them."""

    snapshot: Snapshot
    kinds: tuple[Kind, ...]
    """The kinds that the selected rules and the inventory read."""
    inventory: Inventory
    results: tuple[Result, ...]
    facts_date: str
    terms: Terms = field(default_factory=Terms)

    def outcomes(self) -> Iterable[tuple[Result, Ref | None, Outcome]]:
        """Every outcome of every rule."""
        for result in self.results:
            for about, outcome in result.outcomes.items():
                yield result, about, outcome

    @property
    def exit_code(self) -> int:
        """0, 1 or 3, as the contract says."""
        counted = [
            outcome.verdict
            for result, _, outcome in self.outcomes()
            if self.terms.counts(result.severity(outcome))
        ]
        if Verdict.FAIL in counted:
            return 1
        if Verdict.ERROR in counted or not self.evaluated:
            return 3
        return 3 if Verdict.UNKNOWN in counted and not self.terms.allow_unknown else 0

    @property
    def evaluated(self) -> bool:
        """Whether anything at all was judged."""
        verdicts = (outcome.verdict for _, _, outcome in self.outcomes())
        return any(verdict is not Verdict.NOT_APPLICABLE for verdict in verdicts)


def document(report: Report) -> dict[str, Any]:
    """The report as the contract's JSON document, version 1."""
    snapshot = report.snapshot
    verdicts = [result.verdict for result in report.results]
    return {
        "schema": SCHEMA,
        "tool": {"name": "mesh-auditor", "version": __version__},
        "facts": {"date": report.facts_date},
        "source": {
            "description": snapshot.description,
            "layouts": list(snapshot.layouts),
            "time": snapshot.time.isoformat() if snapshot.time else None,
            "remarks": [{"where": it.where, "what": it.what} for it in snapshot.remarks],
            **({"cluster": snapshot.cluster} if snapshot.cluster else {}),
        },
        "coverage": {str(kind): _coverage(snapshot, kind) for kind in report.kinds},
        "withheld": list(_withheld(snapshot, report.kinds)),
        "meshes": [_mesh(mesh) for mesh in report.inventory.meshes],
        "unseen_meshes": {
            "gaps": [_gap(gap) for gap in report.inventory.gaps],
            "notes": list(report.inventory.notes),
        },
        "results": [_result(result) for result in report.results],
        "summary": {str(verdict): verdicts.count(verdict) for verdict in Verdict},
        "exit_code": report.exit_code,
    }


def _coverage(snapshot: Snapshot, kind: Kind) -> dict[str, Any]:
    seen = snapshot.seen(kind)
    said: dict[str, Any] = {"listed": not seen.gaps, "objects": len(seen.so_far)}
    if seen.gaps:
        said["gaps"] = [_gap(gap) for gap in seen.gaps]
    elif kind in snapshot.assumed:
        said["assumed"] = True
    return said


def _gap(gap: Gap) -> dict[str, Any]:
    said: dict[str, Any] = {"what": gap.what, "why": gap.why, "get": gap.get}
    if gap.namespace:
        said["namespace"] = gap.namespace
    if gap.but:
        said["but"] = list(gap.but)
    return said


def _withheld(snapshot: Snapshot, kinds: Iterable[Kind]) -> Iterable[dict[str, Any]]:
    """What the dump itself hides; what the auditor refuses to hold is no news."""
    for kind in kinds:
        for thing in snapshot.seen(kind).so_far:
            for path, why in _hidden_places(thing.raw, ()):
                yield {"object": about(thing.ref), "path": dotted(path), "why": why}


def _hidden_places(
    value: object, path: tuple[str | int, ...]
) -> Iterable[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, Withheld):
        if not value.there:
            yield path, value.why
        return
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, item in items:
        yield from _hidden_places(item, (*path, step))


def _mesh(mesh: MeshSummary) -> dict[str, Any]:
    told = {
        "installer": mesh.installer,
        "revisions": mesh.revisions,
        "tags": mesh.tags,
        "versions": mesh.versions,
        "trust_domain": mesh.trust_domain,
        "roots": mesh.roots,
    }
    unsure = [gap for name in told for gap in told[name].gaps]
    return {
        "id": mesh.id,
        "installer": next(iter(mesh.installer.values), "unknown"),
        "namespace": mesh.namespace,
        "running": mesh.running,
        "revisions": list(mesh.revisions.values),
        "tags": list(mesh.tags.values),
        "versions": list(mesh.versions.values),
        "trust_domain": next(iter(mesh.trust_domain.values), None),
        "roots": list(mesh.roots.values),
        "namespaces": [{"name": it.namespace, "why": it.why} for it in mesh.members],
        "notes": list(mesh.notes),
        "missing": [_gap(gap) for gap in dict.fromkeys((*unsure, *mesh.members_gaps))],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "rule": result.rule.id,
        "family": result.rule.family,
        "severity": str(result.rule.severity),
        "verdict": str(result.verdict),
        "outcomes": [
            {
                "verdict": str(outcome.verdict),
                "severity": str(result.severity(outcome)),
                "message": outcome.message,
                "about": about(ref),
                "evidence": [evidence(field) for field in outcome.evidence],
                "missing": [_gap(gap) for gap in outcome.gaps],
                "remedies": [remedy(each) for each in outcome.remedies],
                "fingerprint": fingerprint(result.rule.id, ref),
            }
            for ref, outcome in result.outcomes.items()
        ],
    }


def about(ref: Ref | None) -> dict[str, Any] | None:
    """Whom an outcome speaks of: an object, a mesh, two meshes in order, or the whole."""
    if ref is None:
        return None
    if ref.kind == MESH and not ref.group:
        return {"mesh": ref.name}
    if ref.kind == MESHES and not ref.group:
        return {"meshes": re.split(" -> | and ", ref.name)}
    named = {"apiVersion": ref.api_version, "kind": ref.kind, "name": ref.name}
    return {**named, "namespace": ref.namespace} if ref.namespace else named


def evidence(field: Field) -> dict[str, Any]:
    """A field with its value, and where it was read. A withheld value is said to be so."""
    gap = field.gap
    said = {
        "object": about(field.ref),
        "path": dotted(field.path),
        "value": f"withheld: {gap.why}" if gap else field.value,
    }
    if field.origin:
        said["file"] = field.origin.file
        if line := field.origin.line(field.path):
            said["line"] = line
    return said


def remedy(remedy: Remedy) -> dict[str, Any]:
    """One way to end a finding, step by step."""
    return {"title": remedy.title, "steps": [_step(step) for step in remedy.steps]}


def _step(step: Step) -> dict[str, Any]:
    said = {"text": step.text, "by": "person" if isinstance(step, Command) else "data"}
    return {**said, "command": step.command} if step.command else said


def fingerprint(rule: str, ref: Ref | None) -> str:
    """What names a finding from one audit to the next: its rule and whom it is about."""
    said = about(ref) or {}
    said.pop("apiVersion", None)
    whom = json.dumps(said, sort_keys=True)
    return hashlib.sha256(f"{rule}\n{whom}".encode()).hexdigest()[:16]
