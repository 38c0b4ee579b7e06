"""The document that scripts read, as the contract has it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from auditor import __version__
from auditor.engine import Result
from auditor.inventory import CrdSummary, MeshSummary, TrustSummary
from auditor.kinds import Kind
from auditor.objects import Field, Ref, dotted
from auditor.outcome import Verdict
from auditor.remedy import Command, Remedy, Step
from auditor.report import MESH, MESHES, Moment, Report, ToldBy
from auditor.seen import Gap
from auditor.snapshot import Snapshot
from auditor.withheld import Withheld

SCHEMA = "mesh-auditor/report/v1"


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
        "moment": told_moment(report.moment),
        "coverage": {str(kind): _coverage(snapshot, kind) for kind in report.kinds},
        "withheld": list(_withheld(snapshot, report.kinds)),
        "meshes": [_mesh(mesh) for mesh in report.inventory.meshes],
        "unseen_meshes": {
            "gaps": [_gap(gap) for gap in report.inventory.gaps],
            "notes": list(report.inventory.notes),
        },
        "trust": [_trust(way) for way in report.inventory.trust],
        "crds": [_crd(crd) for crd in report.inventory.crds],
        "results": [_result(result) for result in report.results],
        "summary": {str(verdict): verdicts.count(verdict) for verdict in Verdict},
        "exit_code": report.exit_code,
    }


def told_moment(moment: Moment) -> dict[str, str]:
    """When validity is judged; not what the clock says, so that the same input gives the same
    bytes.
    """
    told = {"told_by": str(moment.told_by)}
    return told if moment.told_by is ToldBy.CLOCK else {**told, "at": moment.at.isoformat()}


def _coverage(snapshot: Snapshot, kind: Kind) -> dict[str, Any]:
    gaps, looked_for = snapshot.unanswered(kind), snapshot.looked_for(kind)
    said: dict[str, Any] = {"listed": not gaps, "objects": len(snapshot.seen(kind).so_far)}
    if gaps:
        said["gaps"] = [_gap(gap) for gap in gaps]
    elif kind in snapshot.assumed:
        said["assumed"] = True
    if looked_for:
        said["looked_for"] = [
            {"names": list(it.names), "namespaces": list(it.namespaces)} for it in looked_for
        ]
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


def _trust(way: TrustSummary) -> dict[str, Any]:
    return {
        "meshes": [way.accepting, way.issuing],
        "accepts": way.accepts,
        "why": way.why,
        "roots": list(way.roots),
        "missing": [_gap(gap) for gap in way.gaps],
    }


def _crd(crd: CrdSummary) -> dict[str, Any]:
    missing = [_gap(gap) for gap in crd.owners.gaps]
    return {"name": crd.name, "owners": list(crd.owners.values), "missing": missing}


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
