"""The same cluster in every format gives the same findings, or says what the format leaves out."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import pytest

from auditor import sources
from auditor.cluster import Built
from auditor.engine import Result, audit
from auditor.kinds import KINDS
from auditor.outcome import Verdict
from auditor.packs import load
from auditor.snapshot import Snapshot
from auditor.testing import jumps
from tests.sources import written
from tests.sources.packing import tarred
from tests.sources.written import Cluster, Files

CLUSTER = Cluster("sdm-first")
RULES = load()
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SOME = ("bookshop", "istio-system", "sdm-istio-system")
TAKEN = datetime(2023, 5, 9, 6, 30, 15, tzinfo=UTC)

FORMATS: Mapping[str, tuple[str, Callable[[Cluster], Files]]] = {
    "a cluster-info dump": ("kubectl cluster-info dump", written.cluster_info_dump),
    "a bug-report of 1.11": ("istioctl bug-report", partial(written.bug_report, era=11)),
    "a bug-report of 1.20": ("istioctl bug-report", partial(written.bug_report, era=20)),
    "a bug-report of 1.30": ("istioctl bug-report", partial(written.bug_report, era=30)),
    "a bundle of 2022": ("troubleshoot support bundle", partial(written.support_bundle, year=2022)),
    "a bundle of 2024": ("troubleshoot support bundle", partial(written.support_bundle, year=2024)),
    "a bundle of 2026": ("troubleshoot support bundle", partial(written.support_bundle, year=2026)),
    "an inspection of some": ("oc adm inspect", partial(written.inspection, namespaces=SOME)),
    "a backup": ("Velero backup", written.velero),
    "a backup of some": ("Velero backup", partial(written.velero, namespaces=SOME)),
    "a sosreport": ("sosreport", written.sosreport),
    "crash-diagnostics": ("crash-diagnostics", written.crash_diagnostics),
    "sonobuoy": ("Sonobuoy", written.sonobuoy),
}
DECIDED = {
    "a cluster-info dump": set(),
    "a bug-report of 1.11": {"crd-single-owner", "crd-transfer-complete"},
    "a bug-report of 1.20": {"crd-single-owner", "revision-exists", "trust-mutual"},
    "a bug-report of 1.30": {"crd-single-owner", "revision-exists", "trust-mutual"},
    "a bundle of 2022": {"crd-single-owner", "namespace-revision-label"},
    "a bundle of 2026": {"crd-single-owner", "revision-exists", "trust-mutual"},
    "a backup": {"crd-single-owner", "revisions-distinct", "trust-mutual"},
    "a sosreport": set(),
    "sonobuoy": {"crd-single-owner", "revisions-distinct", "trust-mutual"},
}
"""Some of the rules that a format has all the evidence for."""
every_format = pytest.mark.parametrize("form", FORMATS)


@cache
def read(form: str) -> Snapshot:
    packed = gzip.compress(tarred(FORMATS[form][1](CLUSTER)))
    return sources.read(["-"], stdin=io.BytesIO(packed))


@cache
def original() -> list[Result]:
    whole = sources.read([str(written.CLUSTERS / "sdm-first")])
    return list(audit(RULES, whole, Built(NOW)))


@every_format
def test_it_is_recognised_and_named(form: str) -> None:
    assert read(form).layouts == (FORMATS[form][0],)


@every_format
def test_it_gives_the_same_findings_or_says_that_it_cannot(form: str) -> None:
    results = audit(RULES, read(form), Built(NOW))
    for before, after in zip(original(), results, strict=True):
        assert jumps(before, after) == []
        for outcome in after.outcomes.values():
            assert outcome.verdict is not Verdict.UNKNOWN or outcome.gaps


@pytest.mark.parametrize(("form", "decided"), DECIDED.items())
def test_what_a_format_has_the_evidence_for_is_decided(form: str, decided: set[str]) -> None:
    verdicts = {it.rule.id: it.verdict for it in audit(RULES, read(form), Built(NOW))}
    known = {rule for rule, verdict in verdicts.items() if verdict is Verdict.PASS}
    assert known >= decided
    assert decided or not known


@every_format
def test_what_is_listed_is_what_the_cluster_has(form: str) -> None:
    snapshot = read(form)
    for kind in KINDS.values():
        seen = snapshot.seen(kind)
        for namespace in CLUSTER.namespaces if kind.namespaced else ("",):
            here = CLUSTER.of(str(kind), namespace=namespace or None)
            found = {it.name for it in seen.so_far if it.namespace == namespace}
            names = {it["metadata"]["name"] for it in here}
            assert found == names if not hidden(seen, namespace) else found <= names


def hidden(seen: Any, namespace: str) -> bool:
    return any(gap.hides(namespace) for gap in seen.gaps)


@every_format
def test_whatever_is_not_listed_has_a_reason(form: str) -> None:
    snapshot = read(form)
    for kind in KINDS.values():
        for gap in snapshot.seen(kind).gaps:
            assert gap.why
            assert gap.why != "not collected"


def test_a_directory_is_read_like_an_archive(directory: Any) -> None:
    for form in ("a bundle of 2026", "a bug-report of 1.30"):
        snapshot = directory(FORMATS[form][1](CLUSTER))
        assert set(snapshot.layouts) >= set(read(form).layouts)
    assert not hidden(snapshot.seen(KINDS["", "Pod"]), "bookshop")


def test_the_time_of_a_dump_is_told(directory: Any) -> None:
    for files in (written.bug_report(CLUSTER, 20), written.support_bundle(CLUSTER, 2024)):
        assert directory(files).time == TAKEN


def test_the_cluster_is_told() -> None:
    [system] = [it for it in CLUSTER.of("namespaces") if it["metadata"]["name"] == "kube-system"]
    for form in ("a bug-report of 1.20", "a bundle of 2022", "a backup", "sonobuoy"):
        assert read(form).cluster == system["metadata"]["uid"]
    assert read("a sosreport").cluster == ""
